"""Which of several memories of one document is kept: reciprocal rank fusion over clarity and completeness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from mom.values import Memory, MemoryScores

ScoreForm = Literal["published", "repaired"]
K = 60
MIN_SUPPORT = 0.8


def select(scores: Sequence[MemoryScores], rejected: Sequence[bool] = (), *, form: ScoreForm = "repaired", k: int = K) -> int | None:
    """The index of the best memory, or None when there is none or all are rejected: the caller then falls back to a builder without a model.

    Largest sum of 1 / (k + rank) over clarity and completeness; ties by larger repaired clarity * completeness, then by smaller index.
    rejected: one flag a memory, none rejected if empty; a rejected memory takes no rank. A score without value ranks last.
    Source: mom.md M3 and R7, after Cormack, Clarke and Buettcher, SIGIR 2009.
    """
    if rejected and len(rejected) != len(scores):
        raise ValueError(f"{len(scores)} memories, but {len(rejected)} flags that say which are rejected")
    standing = [index for index in range(len(scores)) if not (rejected and rejected[index])]
    if not standing:
        return None
    pairs = [_pair(scores[index], form) for index in standing]
    sums = fuse_ranks([clarity for clarity, _ in pairs], [completeness for _, completeness in pairs], k=k)
    best = max(range(len(standing)), key=lambda place: (sums[place], _product(scores[standing[place]]), -place))
    return standing[best]


def fuse_ranks(clarity: Sequence[float | None], completeness: Sequence[float | None], *, k: int = K) -> list[Fraction]:
    """For each memory the sum of 1 / (k + rank) over both scores, exact, so that equal sums are equal."""
    pairs = zip(competition_ranks(clarity), competition_ranks(completeness), strict=True)
    return [Fraction(1, k + one) + Fraction(1, k + other) for one, other in pairs]


def competition_ranks(values: Sequence[float | None]) -> list[int]:
    """Ranks from 1, largest value first; ties share the smallest rank, and a missing value comes after all others."""
    filled = [-math.inf if value is None else value for value in values]
    return [1 + sum(other > value for other in filled) for value in filled]


def reasons_to_reject(
    text: str, memory: Memory, *, lengths: Sequence[float] = (), maximum: float | None = None, minimum_support: float = MIN_SUPPORT
) -> tuple[str, ...]:
    """Why a memory may not take part in a selection, empty when it may: what mom.md 3 calls hard gates.

    The chunks must tile the text, each with a core statement; the outline may name no chunk that is not there; no chunk may pass the
    maximum; the mean support of scored items must reach the minimum.
    lengths: of the chunks, in the unit of `maximum`; not looked at when either is missing.
    """
    reasons: list[str] = []
    edges = [0, *(item.span.end for item in memory.items)]
    if [item.span.start for item in memory.items] != edges[:-1] or edges[-1] != len(text):
        reasons.append("the chunks do not tile the text")
    bare = sum(not item.core and not item.statement and bool(item.sentences) for item in memory.items)
    if bare:
        reasons.append(f"{bare} of {len(memory.items)} chunks have no core statement")
    if any(not 0 <= entry.item < len(memory.items) for entry in memory.outline):
        reasons.append("the outline names chunks that do not exist")
    if maximum is not None and any(length > maximum for length in lengths):
        reasons.append(f"a chunk is longer than {maximum:g}")
    supports = [item.scores.support for item in memory.items if item.scores is not None]
    if supports and (mean := math.fsum(supports) / len(supports)) < minimum_support:
        reasons.append(f"only {mean:.2f} of what the cores state is in their chunks, {minimum_support:g} is needed")
    return tuple(reasons)


def _pair(scores: MemoryScores, form: ScoreForm) -> tuple[float | None, float | None]:
    if form == "published":
        return scores.published_clarity, scores.published_completeness
    return scores.repaired_clarity, scores.repaired_completeness


def _product(scores: MemoryScores) -> float:
    return (scores.repaired_clarity or 0.0) * (scores.repaired_completeness or 0.0)
