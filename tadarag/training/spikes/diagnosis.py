"""Why a loss spiked, in the order in which causes are excluded: data, numbers, learning rate, decay of the second moment.

The order is that of the report of the monitor's specification; each cause is read from rows and events alone, so a log is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tadarag.training.spikes.coupling import DECAYING
from tadarag.training.spikes.events import SpikeEvent, SpikeLog, SpikeRow
from tadarag.training.spikes.limits import ALARM, WARNING, steps_to_tenfold

Cause = Literal["data", "numbers", "learning rate", "decay", "unexplained"]
_NEAR = 5
"""Steps within which spikes are one."""
_AT_REST = 0.5
"""|kappa| up to which the second moment is taken to be constant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A spike: its first and last step, the likely cause, and what speaks for it."""

    first: int
    last: int
    cause: Cause
    reason: str


def diagnose(log: SpikeLog) -> tuple[Diagnosis, ...]:
    """One diagnosis for each spike of a log; spike events at most 5 steps apart are one."""
    spikes: list[list[SpikeEvent]] = []
    for event in log.events:
        if event.kind == "spike":
            if spikes and event.step - spikes[-1][-1].step <= _NEAR:
                spikes[-1].append(event)
            else:
                spikes.append([event])
    return tuple(_of_spike(log, spike[0].step, spike[-1].step) for spike in spikes)


def _of_spike(log: SpikeLog, first: int, last: int) -> Diagnosis:
    beta2 = float(log.settings["beta2"])
    long_enough = 0.1 * steps_to_tenfold(beta2) if 0 < beta2 < 1 else float("inf")
    before = [row for row in log.rows if first - max(10 * long_enough, 4 * int(log.settings["every"])) <= row.step <= first]
    margins = [row.margin for row in before if row.margin is not None]
    cause, reason = _cause(log, before, margins, first, last)
    return Diagnosis(first=first, last=last, cause=cause, reason=reason)


def _cause(log: SpikeLog, before: Sequence[SpikeRow], margins: Sequence[float], first: int, last: int) -> tuple[Cause, str]:
    top = max(margins, default=0.0)
    not_finite = [row for row in log.rows if first <= row.step <= last and (row.loss is None or row.gradient is None)]
    if first == last and top <= WARNING and not not_finite:
        return "data", f"one batch alone stands out, and the margin before it was at most {top:.2f}"
    if not_finite:
        return "numbers", f"loss or gradient was not finite at step {not_finite[0].step}"
    vanished = next((row for row in before if row.gradient == 0.0), None)
    if vanished is not None:
        return "numbers", f"the gradient had vanished at step {vanished.step}"
    decays = [event for event in log.events if event.kind == "decay" and before and before[0].step <= event.step <= first]
    over = [row for row in before if row.margin is not None and row.margin > ALARM]
    if over and not decays and all(row.kappa is not None and abs(row.kappa) <= _AT_REST for row in over[:1]):
        return "learning rate", f"the margin was {over[0].margin:.2f} at step {over[0].step} while the second moment stood still"
    if decays:
        return "decay", f"the second moment of {decays[-1].tensor} had decayed by itself (kappa above {DECAYING}) by step {decays[-1].step}"
    return "unexplained", f"the margin before it was at most {top:.2f}, and no second moment had decayed for long"
