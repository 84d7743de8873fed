"""What a finder reports before it becomes a mention: a range of the text, its kind and its normalised value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Found(NamedTuple):
    """A range [start, end) of the document's text; `normal` is "" where the text is its own value or stays ambiguous."""

    start: int
    end: int
    kind: str
    normal: str = ""


def without_overlaps(groups: Iterable[Iterable[Found]]) -> list[Found]:
    """The finds of all groups that do not touch one of an earlier group, in order of place; inside a group the longer of two wins."""
    kept: list[Found] = []
    for group in groups:
        for found in sorted(group, key=lambda one: (one.start - one.end, one.start)):
            if not any(found.start < other.end and other.start < found.end for other in kept):
                kept.append(found)
    return sorted(kept)
