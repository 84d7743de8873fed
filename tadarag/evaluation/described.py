"""What reports of several systems share: measures with their intervals, and one system's differences from the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from tadarag.errors import UsageError
from tadarag.evaluation.bootstrap import Interval, interval, paired_interval

Record = TypeVar("Record")


def with_intervals(measures: Mapping[str, Callable[[Record], float]], records: Sequence[Record]) -> dict[str, Any]:
    """Each measure's mean over the records, and under NAME_interval its bootstrap interval."""
    described: dict[str, Any] = {}
    for name, compute in measures.items():
        described |= _named(name, interval([compute(record) for record in records]))
    return described


def minus(
    ours: str, measures: Mapping[str, Callable[[Record], float]], systems: Mapping[str, Sequence[Record]]
) -> dict[str, dict[str, Any]]:
    """For each other system the mean of ours minus theirs over the same records, with its paired interval; nothing if ours did not run."""
    found: dict[str, dict[str, Any]] = {}
    for system, theirs in systems.items():
        if ours in systems and system != ours:
            found[system] = {}
            for name, compute in measures.items():
                found[system] |= _named(name, paired_interval([*map(compute, systems[ours])], [*map(compute, theirs)]))
    return found


def chosen_systems(asked: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The systems to run, all when none is named. Raises UsageError for an unknown name and a repeated one."""
    for name in asked:
        if name not in known:
            raise UsageError(f"there is no system {name!r}", f"choose from: {', '.join(known)}")
    if len(set(asked)) < len(asked):
        raise UsageError("the list of systems names one twice", f"choose from: {', '.join(known)}")
    return tuple(asked or known)


def _named(name: str, found: Interval) -> dict[str, Any]:
    return {name: round(found.mean, 6), f"{name}_interval": [round(found.low, 6), round(found.high, 6)]}
