"""Percentile bootstrap over questions: how far a mean, or a difference of two means, would move with another sample of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_DRAWS = 2_000
SEED = 13
CONFIDENCE = 0.95
_ROWS_AT_ONCE = 250  # draws drawn together: 250 x 10,000 questions of int64 is 20 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean over n questions and the percentile interval around it."""

    mean: float
    low: float
    high: float
    n: int


def interval(values: Sequence[float], *, n_draws: int = N_DRAWS, seed: int = SEED, confidence: float = CONFIDENCE) -> Interval:
    """Mean of per-question values with its bootstrap percentile interval.

    Raises ValueError when there is no value or one is not finite: a score that cannot be computed is never 0.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    sample = np.asarray(values, dtype=np.float64)
    if not len(sample) or not np.isfinite(sample).all():
        raise ValueError(f"a mean needs finite values; got {len(sample)} values, {int((~np.isfinite(sample)).sum())} not finite")
    means = _resampled_means(sample, n_draws, seed)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return Interval(mean=float(sample.mean()), low=float(low), high=float(high), n=len(sample))


def paired_interval(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Mean and interval of the per-question difference ours minus theirs; entry i of both belongs to the same question."""
    if len(ours) != len(theirs):
        raise ValueError(f"a paired comparison needs the same questions: {len(ours)} against {len(theirs)}")
    difference = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    return interval(difference.tolist())


def _resampled_means(sample: NDArray[np.float64], n_draws: int, seed: int) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    means = np.empty(n_draws, dtype=np.float64)
    for start in range(0, n_draws, _ROWS_AT_ONCE):
        rows = min(_ROWS_AT_ONCE, n_draws - start)
        means[start : start + rows] = sample[generator.integers(0, len(sample), size=(rows, len(sample)))].mean(axis=1)
    return means
