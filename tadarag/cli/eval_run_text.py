"""Runs of suites and their differences as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tadarag.cli.output import table

if TYPE_CHECKING:
    from tadarag.evaluation.reports.tables import Table
    from tadarag.evaluation.run_comparison import Difference
    from tadarag.evaluation.suite_results import SuiteRun


def run_lines(run: SuiteRun) -> list[str]:
    """A table of the first measures for each part and pool, ours against the others, notes, and whether the run is invalid."""
    from tadarag.evaluation.reports.tables import gap_table, measure_table
    from tadarag.evaluation.suite_results import blocks

    parts = {part.name: part for part in run.parts}
    lines: list[str] = []
    for name, systems in blocks(run).items():
        about = f"{name}: {len(parts[name].questions)} questions, {parts[name].n_passages} passages" if name in parts else name
        lines += [about, *_rows(measure_table(systems, run.headline, "en"))]
        if (gaps := gap_table(systems, run.headline, "en")) is not None:
            lines += _rows(gaps)
        lines += [*(parts[name].notes if name in parts else ()), ""]
    return [*lines, *(f"invalid: {reason}" for reason in run.invalid())]


def comparison_lines(found: Sequence[Difference]) -> list[str]:
    """A row a difference; a star where its interval leaves out 0."""
    rows = [("set", "measure", "A", "B", "A minus B", "questions")]
    rows += [
        (
            gap.part,
            gap.measure,
            f"{100 * gap.one.mean:.1f}",
            f"{100 * gap.other.mean:.1f}",
            f"{100 * gap.gap.mean:+.1f} [{100 * gap.gap.low:+.1f}, {100 * gap.gap.high:+.1f}]{' *' if gap.is_clear else ''}",
            str(gap.gap.n),
        )
        for gap in found
    ]
    return table(rows)


def _rows(shown: Table) -> Iterator[str]:
    yield from table([shown.heads, *(tuple(cell.text for cell in row) for row in shown.rows)])
