"""Losses that stand out from those before them (K8), by median and median absolute deviation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

SPIKE = 8.0
_NORMAL = 1.4826
"""The standard deviation of a normal distribution in units of its MAD."""
_LEAST_SPREAD, _LEAST_RISE = 1e-3, 0.05


def loss_score(losses: Sequence[float], loss: float) -> float:
    """K8: (L - median) / (1.4826 MAD) over earlier losses; the MAD is at least .001 |median|.

    A loss that is not finite is infinitely far out. Where all losses are 0, any other is too. Raises ValueError without earlier losses.
    """
    if not losses:
        raise ValueError("there are no losses to compare with")
    median, spread = _centre(losses)
    if not math.isfinite(loss):
        return math.inf
    if not spread:
        return math.copysign(math.inf, loss - median) if loss != median else 0.0
    return (loss - median) / (_NORMAL * spread)


def is_spike(losses: Sequence[float], loss: float) -> bool:
    """Whether a loss is more than 8 deviations above the median of earlier ones, and more than 5 % of its size above it."""
    median, _ = _centre(losses)
    return loss_score(losses, loss) > SPIKE and not loss <= median + _LEAST_RISE * abs(median)


def _centre(losses: Sequence[float]) -> tuple[float, float]:
    values = np.asarray(losses, dtype=np.float64)
    median = float(np.median(values))
    return median, max(float(np.median(np.abs(values - median))), _LEAST_SPREAD * abs(median))
