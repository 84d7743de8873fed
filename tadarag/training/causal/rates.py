"""How the learning rate goes over a run."""

from __future__ import annotations

from math import ceil, cos, pi


def rate_share(step: int, n_steps: int, *, warm_share: float = 0.03, floor: float = 0.1) -> float:
    """The share of the full rate at a step, counted from 0: a straight rise over the first steps, then a cosine down to the floor."""
    n_warm = max(1, ceil(warm_share * n_steps))
    if step < n_warm:
        return (step + 1) / n_warm
    done = (step - n_warm) / max(1, n_steps - n_warm)
    return floor + (1 - floor) * 0.5 * (1 + cos(pi * done))
