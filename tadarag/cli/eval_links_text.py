"""What each kind of link and each layer is worth, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tadarag.cli.eval_text import percent
from tadarag.cli.output import counted, table

_COLUMNS = ("recall@5", "all_gold@5")


def link_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """For each system a table of the variants: recall, and how much the whole is above it, in percent with intervals."""
    yield f"{report['links_of']}: {counted(report['n_queries'], 'question')}, {report['n_passages']} passages"
    for system, variants in report["systems"].items():
        rows: list[tuple[str, ...]] = [(system, *_COLUMNS, *(f"all minus it, {column}" for column in _COLUMNS))]
        for name, values in variants.items():
            gaps = report["minus"][system].get(name)
            differences = (percent(gaps, column, signed=True) for column in _COLUMNS) if gaps else ("",) * len(_COLUMNS)
            rows.append((name, *(percent(values, column) for column in _COLUMNS), *differences))
        yield ""
        yield from table(rows)
