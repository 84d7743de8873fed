"""Reports on the layers as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tadarag.cli.eval_text import percent
from tadarag.cli.output import counted, table

_COLUMNS = ("recall@5", "recall@10", "mrr@10")


def layer_lines(report: Mapping[str, Any]) -> list[str]:
    """For each part and each pool a table of the systems and one of the differences, in percent with intervals."""
    lines: list[str] = []
    for name, part in {**report["sets"], **report["pools"]}.items():
        rows: list[tuple[str, ...]] = [(f"{name} ({counted(part['n_queries'], 'question')})", *_COLUMNS)]
        rows += [(system, *(percent(values, column) for column in _COLUMNS)) for system, values in part["systems"].items()]
        for ours in ("layers", "S"):
            for system, values in part.get(f"{ours}_minus", {}).items():
                rows.append((f"{ours} minus {system}", *(percent(values, column, signed=True) for column in _COLUMNS)))
        lines += [*table(rows), ""]
    return lines[:-1]
