"""The alarm that a policy games its reward: the total rises while what it stands for does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

WINDOW = 100
"""Steps."""
_N_STD = 2.0
_ENDS = 10  # of the window: its first and last so many steps are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class HackingAlarm:
    """The reward rose by `rise` (`n_std` of its step-to-step noise) up to `step` while the held-out outcome changed by `outcome_change`.

    last_good_step: from before it rose; the checkpoint to keep is the last one up to there.
    """

    step: int
    last_good_step: int
    rise: float
    n_std: float
    outcome_change: float


def hacking_alarm(totals: Sequence[float], held_out: Mapping[int, float]) -> HackingAlarm | None:
    """An alarm where over the last 100 steps the total rose by 2 std or more while the held-out outcome fell or stayed (training.md section 4).

    totals: mean total reward of every step so far. held_out: the outcome measured after a step (index into `totals`); the first and the last
    of the window are compared, and without two there is no alarm. The rise is that between the means of the window's first and last ten steps, and
    the std that of the steps around the straight line through them, so that a steady rise is not its own noise.
    """
    if len(totals) < WINDOW:
        return None
    first_step = len(totals) - WINDOW
    window = totals[first_step:]
    measured = [held_out[step] for step in sorted(held_out) if first_step <= step < len(totals)]
    rise = fsum(window[-_ENDS:]) / _ENDS - fsum(window[:_ENDS]) / _ENDS
    noise = _noise(window)
    if len(measured) < 2 or measured[-1] > measured[0] or rise <= 0 or rise < _N_STD * noise:
        return None
    return HackingAlarm(
        step=len(totals) - 1,
        last_good_step=first_step,
        rise=rise,
        n_std=rise / noise if noise else float("inf"),
        outcome_change=measured[-1] - measured[0],
    )


def _noise(values: Sequence[float]) -> float:
    """Standard deviation of the residuals of a straight line, fitted by least squares."""
    n = len(values)
    middle, mean = (n - 1) / 2, fsum(values) / n
    spread = fsum((step - middle) ** 2 for step in range(n))
    slope = fsum((step - middle) * (value - mean) for step, value in enumerate(values)) / spread
    return sqrt(fsum((value - mean - slope * (step - middle)) ** 2 for step, value in enumerate(values)) / (n - 2))
