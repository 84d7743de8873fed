"""The tables of a report, as rows of text that Markdown and HTML write in their own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tadarag.evaluation.bootstrap import Interval
from tadarag.evaluation.measures import LOWER_IS_BETTER
from tadarag.evaluation.reports.words import say
from tadarag.evaluation.suite_results import OURS, SuitePart, SuiteRun, Values, difference, summary

COSTS = ("query_ms_p50", "query_ms_p95", "index_seconds", "context_tokens", "model_tokens", "peak_memory_mib", "load_average")
N_WORST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table; is_best: the best of its column."""

    text: str
    is_best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Column heads and rows; the first column names the row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def measure_table(systems: Mapping[str, Mapping[str, Values]], measures: Sequence[str], language: str) -> Table:
    """A row a system, a column a measure that some system has, in percent with intervals; the best of each column is marked."""
    present = [measure for measure in measures if any(measure in values for values in systems.values())]
    found = {system: {measure: summary(values.get(measure, ())) for measure in present} for system, values in systems.items()}
    best = {measure: _best([of_system[measure] for of_system in found.values()], measure) for measure in present}
    rows = tuple(
        (
            Cell(text=system),
            *(
                Cell(text=percent(one), is_best=len(systems) > 1 and one is not None and one.mean == best[measure])
                for measure, one in of_system.items()
            ),
        )
        for system, of_system in found.items()
    )
    return Table(heads=(say(language, "system"), *map(measure_words, present)), rows=rows)


def gap_table(systems: Mapping[str, Mapping[str, Values]], measures: Sequence[str], language: str) -> Table | None:
    """Ours minus each other system's, in percentage points with paired intervals; None where ours or another is missing."""
    if OURS not in systems or len(systems) < 2:
        return None
    present = [measure for measure in measures if measure in systems[OURS]]
    rows = []
    for system, values in systems.items():
        if system != OURS:
            gaps = [difference(systems[OURS][measure], values[measure]) if measure in values else None for measure in present]
            rows.append(
                (Cell(text=system), *(Cell(text=percent(gap, signed=True), is_best=gap is not None and gap.low > 0) for gap in gaps))
            )
    return Table(heads=(say(language, "gap"), *map(measure_words, present)), rows=tuple(rows))


def cost_table(part: SuitePart, language: str) -> Table | None:
    """What each system cost; None where nothing was measured."""
    present = [cost for cost in COSTS if any(system.costs.get(cost) is not None for system in part.systems.values())]
    if not present:
        return None
    rows = tuple(
        (Cell(text=name), *(Cell(text=_number(system.costs.get(cost))) for cost in present)) for name, system in part.systems.items()
    )
    return Table(heads=(say(language, "system"), *(say(language, f"cost_{cost}") for cost in present)), rows=rows)


def type_table(part: SuitePart, measure: str, language: str) -> Table | None:
    """A row a type of question, a column a system: means of one measure; None with fewer than two types."""
    types = sorted({question.type for question in part.questions} - {""})
    systems = [name for name, system in part.systems.items() if measure in system.values]
    if len(types) < 2 or not systems:
        return None
    rows = []
    for kind in types:
        places = [place for place, question in enumerate(part.questions) if question.type == kind]
        cells = [summary([part.systems[name].values[measure][place] for place in places]) for name in systems]
        rows.append((Cell(text=f"{kind} ({len(places)})"), *(Cell(text=percent(cell, bare=True)) for cell in cells)))
    return Table(heads=(say(language, "type"), *systems), rows=tuple(rows))


def worst_table(part: SuitePart, measure: str, language: str) -> Table | None:
    """The questions that ours did worst on, by falling loss against the best other system; None where nothing was lost."""
    ours = part.systems.get(OURS)
    if ours is None or measure not in ours.values or measure in LOWER_IS_BETTER:
        return None
    lost = []
    for place, question in enumerate(part.questions):
        value = ours.values[measure][place]
        if value is not None and value < 1:
            rivals = [system.values[measure][place] for name, system in part.systems.items() if name != OURS and measure in system.values]
            lost.append((value - max((rival for rival in rivals if rival is not None), default=0.0), value, question))
    lost.sort(key=lambda entry: (entry[0], entry[1], entry[2].id))
    rows = tuple(
        (Cell(text=question.text), Cell(text=question.id), Cell(text=f"{100 * value:.0f}")) for _, value, question in lost[:N_WORST]
    )
    return Table(heads=(say(language, "question"), "id", measure_words(measure)), rows=rows) if rows else None


def failure_table(run: SuiteRun, language: str) -> Table | None:
    """The questions that failed with the reasons, some of each system; None where none did."""
    rows = [
        (Cell(text=f"{part.name}, {name}"), Cell(text=question), Cell(text=reason))
        for part in run.parts
        for name, system in part.systems.items()
        for question, reason in list(system.failed.items())[:N_WORST]
    ]
    return Table(heads=(say(language, "system"), "id", say(language, "failed")), rows=tuple(rows)) if rows else None


def measure_words(name: str) -> str:
    """A measure's name as a column head."""
    return name.replace("_", " ")


def percent(found: Interval | None, *, signed: bool = False, bare: bool = False) -> str:
    """A share in percent with its interval unless `bare`; "" where there is none."""
    if found is None:
        return ""
    sign = "+" if signed else ""
    mean = f"{100 * found.mean:{sign}.1f}"
    return mean if bare else f"{mean} [{100 * found.low:{sign}.1f}, {100 * found.high:{sign}.1f}]"


def _best(found: Sequence[Interval | None], measure: str) -> float | None:
    means = [one.mean for one in found if one is not None]
    if not means:
        return None
    return min(means) if measure in LOWER_IS_BETTER else max(means)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
