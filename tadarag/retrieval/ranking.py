"""Order and scale of score lists: the best of them with ties by key, and min-max rescaling over the corpus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def best(scores: Scores, n: int, *, keys: NDArray[np.uint64], allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Indexes of the `n` best allowed scores, best first, ties by key; fewer when fewer are allowed.

    scores: float64[N]. keys: uint64[N], unique. Ties at the cut are decided by key too, so that the result does not depend on numbering.
    """
    candidates = np.flatnonzero(allowed)
    if n <= 0 or not len(candidates):
        return np.zeros(0, np.int64)
    values = scores[candidates]
    if len(candidates) > n:
        cut = np.partition(values, len(values) - n)[len(values) - n]
        candidates = candidates[values >= cut]
        values = scores[candidates]
    order = np.lexsort((keys[candidates], -values))
    return candidates[order[:n]]


def rescale_top(scores: Scores, *, top: int, allowed: NDArray[np.bool_]) -> Scores:
    """mm100 of the retrieval design: the `top`-th best allowed value becomes 0 (below: 0) and the best 1; not allowed: 0.

    With fewer than `top` values the lowest takes the place of the `top`-th; a list of equal values becomes all 0.
    """
    values = scores[allowed]
    scaled = np.zeros_like(scores)
    if not len(values):
        return scaled
    low = np.partition(values, len(values) - top)[len(values) - top] if len(values) > top else values.min()
    high = values.max()
    if high > low:
        above = np.flatnonzero(scores > low)  # few: the rest is 0 already
        above = above[allowed[above]]
        scaled[above] = (scores[above] - low) / (high - low)
    return scaled


def rescale(values: Scores, *, among: NDArray[np.bool_] | None = None) -> Scores:
    """Min-max to [0, 1]; equal values become 0. among: bool[n], those whose lowest and highest count, all if not given; what lies beyond is cut off."""
    measured = values if among is None else values[among]
    if not len(measured):
        return np.zeros_like(values)
    low, high = measured.min(), measured.max()
    return np.clip((values - low) / (high - low), 0.0, 1.0) if high > low else np.zeros_like(values)


def share_of_best(scores: Scores) -> Scores:
    """Scores divided by the largest one; all 0 stays all 0."""
    high = scores.max(initial=0.0)
    return scores / high if high > 0 else scores


def best_of_group(scores: Scores, starts: NDArray[np.int64], *, empty: float) -> Scores:
    """The largest score of each group; group g is scores[starts[g]:starts[g+1]], an empty one gets `empty`."""
    filled = np.flatnonzero(np.diff(starts))
    result = np.full(len(starts) - 1, empty)
    if len(filled):
        result[filled] = np.maximum.reduceat(scores, starts[filled])
    return result
