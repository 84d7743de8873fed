"""What performing a request gives: a report, its figures by name, its costs, and the hashes of its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tadarag.evaluation.bootstrap import Interval
from tadarag.evaluation.suite_results import OURS, SuiteRun, as_json, blocks, difference, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value of a run as a fraction (or a difference of fractions), with its bootstrap interval."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a request gave: its report as JSON, its figures by name ("2wiki/tadarag/recall@5"), its costs, and the hash of each data set.

    invalid: why the figures must not be used, () where they may. run: what a suite gave, question by question.
    """

    report: Mapping[str, Any]
    figures: Mapping[str, Figure]
    data: Mapping[str, str]
    costs: Mapping[str, float] = field(default_factory=dict)
    invalid: tuple[str, ...] = ()
    run: SuiteRun | None = None


def figures_of(prefix: str, values: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures of a described system: every value that has an interval beside it."""
    return {
        f"{prefix}/{name}": Figure(value=values[name], interval=(values[f"{name}_interval"][0], values[f"{name}_interval"][1]))
        for name in values
        if f"{name}_interval" in values
    }


def is_cost(name: str, values: Mapping[str, Any]) -> bool:
    """Whether a described value is a cost: a number without an interval."""
    return isinstance(values[name], float) and f"{name}_interval" not in values


def outcome_of_run(run: SuiteRun) -> Outcome:
    """The means of every part and pool, ours minus every other system's on the measures that the suite puts first, and the costs."""
    costs = {
        f"{part.name}/{name}/{cost}": value
        for part in run.parts
        for name, system in part.systems.items()
        for cost, value in system.costs.items()
        if value is not None
    }
    return Outcome(
        report=as_json(run),
        figures=dict(_run_figures(run)),
        data={part.name: part.digest for part in run.parts},
        costs=costs,
        invalid=run.invalid(),
        run=run,
    )


def _run_figures(run: SuiteRun) -> Iterator[tuple[str, Figure]]:
    for block, systems in blocks(run).items():
        for system, measures in systems.items():
            for measure, values in measures.items():
                if (one := summary(values)) is not None:
                    yield f"{block}/{system}/{measure}", _figure(one)
            if system == OURS or OURS not in systems:
                continue
            for measure in run.headline:
                gap = difference(systems[OURS].get(measure, ()), measures.get(measure, ())) if measure in measures else None
                if gap is not None:
                    yield f"{block}/{OURS} minus {system}/{measure}", _figure(gap)


def _figure(one: Interval) -> Figure:
    return Figure(value=round(one.mean, 6), interval=(round(one.low, 6), round(one.high, 6)))
