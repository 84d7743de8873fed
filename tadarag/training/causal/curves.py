"""Curves of a run as pictures: one SVG for each figure that a log holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tadarag.training.spikes.plot import loss_plot


def write_curves(rows: Sequence[Mapping[str, Any]], names: Sequence[str], folder: Path, *, prefix: str) -> list[Path]:
    """Plot figures of a log over its steps; a dot in a name leads into an object ("reward.mean"). Rows without a figure are passed over.

    rows: with a `step` each, or counted from 1. Returns the files, PREFIX-NAME.svg; a figure that no row has makes none.
    """
    files = []
    for name in names:
        points = [
            (float(row.get("step", place)), value) for place, row in enumerate(rows, start=1) if (value := _figure(row, name)) is not None
        ]
        if points:
            files.append(folder / f"{prefix}-{name.replace('.', '-').replace('/', '-').replace('_', '-')}.svg")
            files[-1].write_text(loss_plot(points, title=name), "utf-8")
    return files


def _figure(row: Mapping[str, Any], name: str) -> float | None:
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return float(value) if isinstance(value, int | float) and value == value else None
