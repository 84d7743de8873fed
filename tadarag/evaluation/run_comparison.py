"""Two finished runs compared question by question."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.errors import UsageError
from tadarag.evaluation.bootstrap import Interval
from tadarag.evaluation.suite_results import SuitePart, SuiteRun, Values, difference, summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A measure of two systems over the questions that both runs hold. gap: one minus other, with its paired interval."""

    part: str
    measure: str
    one: Interval
    other: Interval
    gap: Interval

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the gap leaves out 0."""
        return self.gap.low > 0 or self.gap.high < 0


def compare_runs(one: SuiteRun, other: SuiteRun, *, system: str = "", against: str = "") -> tuple[Difference, ...]:
    """Every measure of every part that both runs have, over the questions that both asked.

    system, against: the systems of the one and the other run; by default the first that both have. Parts over other data are not compared.
    Raises UsageError when nothing can be compared.
    """
    mine = system or _first_shared(one, other)
    theirs = against or mine
    found: list[Difference] = []
    others = {part.name: part for part in other.parts}
    for part in one.parts:
        rival = others.get(part.name)
        if rival is not None and rival.digest == part.digest and mine in part.systems and theirs in rival.systems:
            found += _differences(part, rival, mine, theirs)
    if not found:
        raise UsageError(
            f"{one.name} ({mine}) and {other.name} ({theirs}) have no question of the same data in common",
            f"systems of {one.name}: {', '.join(one.systems())}; of {other.name}: {', '.join(other.systems())}",
        )
    return tuple(found)


def _first_shared(one: SuiteRun, other: SuiteRun) -> str:
    shared = [name for name in one.systems() if name in other.systems()]
    if not shared:
        raise UsageError(f"{one.name} and {other.name} ran no system in common", "name them with --system and --against")
    return shared[0]


def _differences(part: SuitePart, rival: SuitePart, mine: str, theirs: str) -> list[Difference]:
    places = {question.id: place for place, question in enumerate(rival.questions)}
    shared = [(place, places[question.id]) for place, question in enumerate(part.questions) if question.id in places]
    found = []
    for measure, values in part.systems[mine].values.items():
        rivals: Values = rival.systems[theirs].values.get(measure, ())
        if not rivals:
            continue
        ours = [values[place] for place, _ in shared]
        others = [rivals[place] for _, place in shared]
        gap, one, other = difference(ours, others), summary(ours), summary(others)
        if gap is not None and one is not None and other is not None:
            found.append(Difference(part=part.name, measure=measure, one=one, other=other, gap=gap))
    return found
