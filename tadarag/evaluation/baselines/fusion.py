"""How the baselines merge score lists: reciprocal ranks, or a weighted sum of rescaled scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RRF_K = 60
LEXICAL_WEIGHT = 0.35
RESCALE_TOP = 100


def ranked(scores: NDArray[np.float32], *, matches: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Positions by falling score, ties by position (which is a shuffled one); only those that match, when that is given."""
    order = np.argsort(-scores, kind="stable").astype(np.int64)
    return order if matches is None else order[matches[order]]


def reciprocal_rank_fusion(rankings: Sequence[NDArray[np.int64]], n_passages: int) -> NDArray[np.float32]:
    """float32[n]: sum over rankings of 1 / (k + rank), k = 60, ranks from 1. Source: Cormack, Clarke and Buettcher, SIGIR 2009."""
    fused = np.zeros(n_passages, dtype=np.float64)
    for ranking in rankings:
        fused[ranking] += 1 / (RRF_K + np.arange(1, len(ranking) + 1))
    return fused.astype(np.float32)


def rescaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores moved so that the 100th best (or the lowest of fewer) is 0 and the best 1; lower ones are 0, all-equal lists are 0."""
    low = np.partition(scores, -RESCALE_TOP)[-RESCALE_TOP] if len(scores) >= RESCALE_TOP else scores.min()
    spread = scores.max() - low
    if spread <= 0:
        return np.zeros_like(scores)
    return np.asarray(np.clip((scores - low) / spread, 0, None), dtype=np.float32)
