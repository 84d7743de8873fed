"""What a suite gave: a value for each question, system and measure, so that two runs can be compared question by question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tadarag.errors import UsageError
from tadarag.evaluation.attempts import too_many_failed
from tadarag.evaluation.bootstrap import Interval, interval, paired_interval

OURS = "tadarag"
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a part, as reports show it."""

    id: str
    text: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemValues:
    """What one system got: by measure a value for each question of the part, None where the measure does not apply.

    costs: by name; None where it could not be measured. failed: by question id the reason. curve: for silence, what other thresholds give.
    """

    values: Mapping[str, Values]
    costs: Mapping[str, float | None] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    curve: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitePart:
    """One set in one form. chance: for rankings, what knowing nothing gives; control: recall@20 of each system against shuffled labels."""

    name: str
    digest: str
    n_passages: int
    questions: tuple[Asked, ...]
    systems: Mapping[str, SystemValues]
    notes: tuple[str, ...] = ()
    chance: float | None = None
    control: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRun:
    """A run of a suite. pools: names of parts whose questions are also judged together. about: command, commit, machine, date and options."""

    name: str
    suite: str
    task: str
    headline: tuple[str, ...]
    parts: tuple[SuitePart, ...]
    pools: Mapping[str, tuple[str, ...]]
    description: str = ""
    description_zh: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> SuitePart:
        """The part of that name. Raises UsageError when there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise UsageError(f"the run {self.name} has no part {name!r}", f"it has: {', '.join(part.name for part in self.parts)}")

    def systems(self) -> tuple[str, ...]:
        """The systems of all parts, in the order in which they first stand."""
        return tuple(dict.fromkeys(system for part in self.parts for system in part.systems))

    def invalid(self) -> tuple[str, ...]:
        """Why the run is invalid, () where it is valid: a system failed on more than 5 % of a part's questions."""
        found = []
        for part in self.parts:
            for name, system in part.systems.items():
                if why := too_many_failed(system.failed, len(part.questions)):
                    found.append(f"{part.name}, {name}: {why}")
        return tuple(found)


def summary(values: Sequence[float | None]) -> Interval | None:
    """Mean and interval over the questions that a measure applies to; None where it applies to none."""
    applying = [value for value in values if value is not None]
    return interval(applying) if applying else None


def difference(ours: Sequence[float | None], theirs: Sequence[float | None]) -> Interval | None:
    """Mean and interval of ours minus theirs over the questions that the measure applies to in both; None where there is none."""
    both = [(one, other) for one, other in zip(ours, theirs, strict=True) if one is not None and other is not None]
    return paired_interval([one for one, _ in both], [other for _, other in both]) if both else None


def pooled(run: SuiteRun, names: Sequence[str]) -> dict[str, dict[str, Values]]:
    """By system and measure the values of several parts one after the other, as far as every part has them."""
    parts = [run.part(name) for name in names]
    systems = [name for name in parts[0].systems if all(name in part.systems for part in parts)]
    return {
        system: {
            measure: tuple(value for part in parts for value in part.systems[system].values[measure])
            for measure in parts[0].systems[system].values
            if all(measure in part.systems[system].values for part in parts)
        }
        for system in systems
    }


def blocks(run: SuiteRun) -> dict[str, dict[str, Mapping[str, Values]]]:
    """Every part and then every pool ("pool NAME") by name: values by system and measure."""
    found: dict[str, dict[str, Mapping[str, Values]]] = {
        part.name: {name: system.values for name, system in part.systems.items()} for part in run.parts
    }
    for name, members in run.pools.items():
        found[f"pool {name}"] = dict(pooled(run, members))
    return found


def as_json(run: SuiteRun) -> dict[str, Any]:
    """The run with every value, and beside that the means with intervals and our differences, for whoever reads the file without this code."""
    return {
        "run": asdict(run),
        "invalid": list(run.invalid()),
        "summary": {
            block: {
                system: _rounded({measure: summary(values) for measure, values in measures.items()}) for system, measures in systems.items()
            }
            for block, systems in blocks(run).items()
        },
        "tadarag_minus": {
            block: {
                system: _rounded(_differences(systems[OURS], measures))
                for system, measures in systems.items()
                if OURS in systems and system != OURS
            }
            for block, systems in blocks(run).items()
        },
    }


def run_from_json(content: Any, *, name: str) -> SuiteRun:
    """The run that `as_json` wrote. Raises UsageError for anything else."""
    try:
        stated = content["run"]
        parts = tuple(_part(part) for part in stated["parts"])
        pools = {pool: tuple(members) for pool, members in stated["pools"].items()}
        return SuiteRun(**{**stated, "parts": parts, "pools": pools, "headline": tuple(stated["headline"])})
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{name} is not a run of a suite: {type(error).__name__} {error}", "name a run that tadarag eval run made"
        ) from error


def _part(stated: Mapping[str, Any]) -> SuitePart:
    systems = {}
    for name, system in stated["systems"].items():
        values = {measure: tuple(of_measure) for measure, of_measure in system["values"].items()}
        if any(len(of_measure) != len(stated["questions"]) for of_measure in values.values()):
            raise TypeError(f"{stated['name']}: a measure has not one value a question")
        systems[name] = SystemValues(**{**system, "values": values, "curve": tuple(map(tuple, system["curve"]))})
    questions = tuple(Asked(**question) for question in stated["questions"])
    return SuitePart(**{**stated, "systems": systems, "questions": questions, "notes": tuple(stated["notes"])})


def _differences(ours: Mapping[str, Values], theirs: Mapping[str, Values]) -> dict[str, Interval | None]:
    return {measure: difference(ours[measure], values) for measure, values in theirs.items() if measure in ours}


def _rounded(found: Mapping[str, Interval | None]) -> dict[str, dict[str, float]]:
    return {
        measure: {"value": round(one.mean, 6), "low": round(one.low, 6), "high": round(one.high, 6), "n": one.n}
        for measure, one in found.items()
        if one is not None
    }


def values_of(records: Sequence[Any], measures: Mapping[str, Callable[[Any], float | None]]) -> dict[str, Values]:
    """By measure the value of every record, without measures that apply to none of them."""
    found = {
        name: tuple(None if (value := compute(record)) is None else round(value, 6) for record in records)
        for name, compute in measures.items()
    }
    return {name: values for name, values in found.items() if any(value is not None for value in values)}
