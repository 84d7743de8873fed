"""Figures: the numbers in the JSON artefacts of a run, each by the path of keys that leads to it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 5_000_000
"""A larger file holds weights or records, and no figures that a person compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDifference:
    """A number that is not the same in two runs; None where a run has none there. file: stage and path of the artefact."""

    file: str
    figure: str
    left: float | None
    right: float | None

    @property
    def change(self) -> float | None:
        """How much more the right one is, None where one is missing."""
        return None if self.left is None or self.right is None else self.right - self.left


def figures_of(file: Path) -> dict[str, float]:
    """Path -> number, of a .json file, or of a .jsonl file with the line's number before each path; keys and places in lists joined by dots.

    Truth values are no numbers. A file that is larger than `MOST_BYTES`, or is no JSON whatever its name says, has none.
    """
    if file.suffix not in (".json", ".jsonl") or file.stat().st_size > MOST_BYTES:
        return {}
    try:
        text = file.read_text(encoding="utf-8")
        parts = [json.loads(text)] if file.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:  # no UTF-8 or no JSON: an artefact may be anything
        return {}
    if file.suffix == ".json":
        return dict(_numbers(parts[0], ()))
    return {path: value for place, part in enumerate(parts, start=1) for path, value in _numbers(part, (str(place),))}


def figure_differences(file: str, left: Path, right: Path) -> tuple[FigureDifference, ...]:
    """The figures that two forms of an artefact do not share, in the order of the left one, then those of the right alone."""
    ours, theirs = figures_of(left), figures_of(right)
    return tuple(
        FigureDifference(file=file, figure=path, left=ours.get(path), right=theirs.get(path))
        for path in dict.fromkeys((*ours, *theirs))
        if not _same(ours.get(path), theirs.get(path))
    )


def largest_change(differences: Iterable[FigureDifference]) -> FigureDifference | None:
    """The one that changes most, None where no number stands on both sides."""
    changed = [one for one in differences if one.change is not None and not math.isnan(one.change)]
    return max(changed, key=lambda one: abs(one.change or 0.0), default=None)


def _same(left: float | None, right: float | None) -> bool:
    return left == right or (left is not None and right is not None and math.isnan(left) and math.isnan(right))


def _numbers(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _numbers(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _numbers(one, (*path, str(place)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield ".".join(path), value
