"""The spike monitor: looks at an optimizer before each step, tells what leads to loss spikes, and may guard against them.

Passive (guard "off") it changes no bit of any update. After arXiv 2506.04805 (mechanism); K6 and the guards are ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Literal

from tadarag.training.spikes.coupling import DECAYING, coupling_ratio, decay_exponent
from tadarag.training.spikes.events import Kind, SpikeEvent, SpikeLog, SpikeRow, TensorSummary, finite
from tadarag.training.spikes.gradient_difference import Gradients, gradient_changes
from tadarag.training.spikes.limits import ALARM, WARNING, stability_limit, steps_to_tenfold
from tadarag.training.spikes.moments import Moments, forget_faster, rates_of, read_moments, scale_rates, set_rates
from tadarag.training.spikes.outliers import SPIKE, is_spike, loss_score
from tadarag.training.spikes.tensor_sums import dot, largest_entry, sums, sums_of_squares

Guard = Literal["off", "scale", "beta2", "stop"]
GUARDS: tuple[Guard, ...] = ("off", "scale", "beta2", "stop")
_FAST_BETA2 = 0.9
_BALANCED = (0.5, 2.0)
_HALF = 0.5
_MUCH = 0.3
"""Share of |d|_D^2 in decaying tensors from which the curvature is taken at every step."""


class SpikeMonitor:
    """Watches Adam or AdamW of torch, or a NumpyAdam.

    At each step: `before_step`; where `is_due` said so before, `curvature`; the optimizer's step; `after_step`.
    every: steps between two looks at the curvature. window: losses of one source that a loss is compared with; half of them must be there.
    guard: "scale" makes the step smaller so that the margin is .5; "beta2" has tensors that decay near the limit forget with b2 = .9 until
    gradient and v are in balance; "stop" only says `must_stop` at a spike, and the loop goes back. Raises ValueError for another guard.
    """

    def __init__(self, optimizer: Any, *, every: int = 25, window: int = 64, guard: Guard = "off") -> None:
        if guard not in GUARDS or every < 1 or window < 2:
            raise ValueError(f"guard {guard!r} must be one of {', '.join(GUARDS)}; every {every} at least 1; window {window} at least 2")
        self._optimizer = optimizer
        self._every, self._window, self._guard = every, window, guard
        self._n_steps = 0
        self._losses: dict[str, list[float]] = {}
        self._decay: dict[str, dict[str, Any]] = {}
        self._relaxed: set[str] = set()
        self._margin = 0.0
        self._decaying = 0.0
        self._betas = (0.0, 0.0)
        self._events: list[SpikeEvent] = []
        self._rows: list[SpikeRow] = []
        self._rollbacks: list[dict[str, int]] = []
        self._moments: list[Moments] = []
        self._row = SpikeRow(step=0, source="", loss=None, gradient=None, kappa=None, decaying=0.0, curvature=None, limit=None, margin=None)
        self._rates: list[Any] | None = None
        self.must_stop = False

    @property
    def events(self) -> tuple[SpikeEvent, ...]:
        """All events so far, in order."""
        return tuple(self._events)

    @property
    def n_steps(self) -> int:
        """Steps looked at so far."""
        return self._n_steps

    @property
    def row(self) -> SpikeRow:
        """The figures of the step that was looked at last."""
        return self._row

    @property
    def is_due(self) -> bool:
        """Whether the curvature is to be taken at the next step: now and then, while much decays, and while a guard holds the step back."""
        held_back = self._guard == "scale" and self._margin > _HALF
        return self._n_steps % self._every == 0 or self._decaying >= _MUCH or held_back

    @property
    def log(self) -> SpikeLog:
        """Everything to write down at the end."""
        beta1, beta2 = self._betas
        about = {
            "every": self._every,
            "window": self._window,
            "guard": self._guard,
            "beta1": beta1,
            "beta2": beta2,
            "n_steps": self._n_steps,
            "rollbacks": self.rollbacks,
        }
        tensors = (
            TensorSummary(name=name, n_decaying=one["all"], longest=one["longest"], kappa=one["kappa"])
            for name, one in sorted(self._decay.items())
        )
        return SpikeLog(settings=about, rows=tuple(self._rows), events=self.events, tensors=tuple(tensors))

    @property
    def rollbacks(self) -> list[dict[str, int]]:
        """The steps at which the loop went back, and the steps `to` whose weights it went back, 0 for those before the first."""
        return [dict(one) for one in self._rollbacks]

    def before_step(self, loss: float | None, parameters: Mapping[str, Any], *, source: str = "") -> None:
        """Look at loss, gradients and second moments (K1, K2, K8) of the step that is about to be taken.

        loss: None where it is not known yet; `look_at_loss` may tell it later. parameters: name -> parameter; a NumpyAdam names its own.
        Losses are compared with earlier ones of the same source.
        """
        self._n_steps += 1
        self.must_stop = False
        if loss is not None:
            self.look_at_loss(loss, source=source)
        self._moments = read_moments(self._optimizer, parameters)
        squares = sums_of_squares([one.gradient for one in self._moments])
        seconds = self._sums_of_seconds()
        kappas = [self._look_at_tensor(*found) for found in zip(self._moments, squares, seconds, strict=True)]
        self._decaying = self._share_decaying(kappas)
        if self._moments:
            self._betas = (self._moments[0].beta1, self._moments[0].beta2)
        whole = None
        if self._moments and not any(math.isnan(second) for second in seconds):
            whole = finite(decay_exponent(coupling_ratio(math.fsum(squares), math.fsum(seconds)), self._betas[1]))
        self._row = SpikeRow(
            step=self._n_steps,
            source=source,
            loss=finite(loss),
            gradient=finite(math.sqrt(math.fsum(squares))) if all(math.isfinite(one) for one in squares) else None,
            kappa=whole,
            decaying=finite(self._decaying) or 0.0,
            curvature=None,
            limit=None,
            margin=None,
        )
        if self._has_told or (self._n_steps - 1) % self._every == 0:
            self._keep_row(self._row)

    def look_at_loss(self, loss: float, *, source: str = "") -> None:
        """Compare a loss with earlier ones of its source (K8); `before_step` does so where it is given the loss."""
        losses = self._losses.setdefault(source, [])
        if 2 * len(losses) >= self._window and is_spike(losses, loss):
            self._tell("", "spike", loss_score(losses, loss), SPIKE)
            self.must_stop = self._guard == "stop"
        if math.isfinite(loss):
            losses.append(loss)
            del losses[: -self._window]
        if self._row.step == self._n_steps:  # the loss of a step that has been looked at comes late
            self._row = replace(self._row, loss=finite(loss), source=source)
            if self._has_told or (self._n_steps - 1) % self._every == 0:
                self._keep_row(self._row)

    def curvature(self, gradients: Gradients, *, shrunk_by: float = 1.0, again: bool = False) -> float | None:
        """Take the curvature along the step (K6) by one finite difference, and hold the step back if the guard says so.

        shrunk_by: what clipping multiplied the gradients of this step by; the step is that much smaller than the curvature would have it, so
        K6 is multiplied too, and a step without momentum still raises the loss if and only if it is above the limit. again: `gradients` is
        asked for those here too (those of the step were computed less exactly, for instance). Parameters are moved by 1e-3 of their
        length and put back as they were. None where every gradient is 0 or one is not finite. With groups of several rates, the
        direction is the step's and the curvature is relative to the largest rate.
        """
        parts = [(one, one.preconditioner()) for one in self._moments if one.rate > 0]
        top = max((one.rate for one, _ in parts), default=0.0)
        steps = [one.gradient / scale * (one.rate / top) for one, scale in parts]
        largest = largest_entry(steps)
        if not largest or not math.isfinite(largest):
            return None
        steps = [step / largest for step in steps]
        here = None if again else [one.gradient / shrunk_by for one, _ in parts]
        changes = gradient_changes([one for one, _ in parts], steps, gradients, here)
        weights = [dot(step, step * scale) * (top / one.rate) for (one, scale), step in zip(parts, steps, strict=True)]
        found = shrunk_by * math.fsum(dot(step, change) for step, change in zip(steps, changes, strict=True)) / math.fsum(weights)
        limit = stability_limit(top, self._betas[0])
        heaviest = max(zip(weights, (one.name for one, _ in parts), strict=True))[1]
        self._look_at_margin(found / limit, heaviest)
        self._keep_row(replace(self._row, curvature=finite(found), limit=finite(limit), margin=finite(found / limit)))
        if self._guard == "scale" and self._margin > _HALF:
            self._rates = rates_of(self._optimizer)
            scale_rates(self._optimizer, min(1.0, _HALF / self._margin))
        return found

    def after_step(self) -> None:
        """Give the optimizer back the rates that a guard had lowered for one step."""
        if self._rates is not None:
            set_rates(self._optimizer, self._rates)
            self._rates = None
        self._moments = []

    def counted(self) -> dict[str, Any]:
        """What is counted of the steps so far: a loop that may go back keeps it beside the weights, for `rolled_back`."""
        return {
            "n_steps": self._n_steps,
            "losses": {name: list(losses) for name, losses in self._losses.items()},
            "decay": {name: dict(one) for name, one in self._decay.items()},
            "relaxed": sorted(self._relaxed),
            "margin": self._margin,
            "decaying": self._decaying,
        }

    def rolled_back(self, to: Mapping[str, Any]) -> None:
        """The loop went back to the weights at which that was counted: what was counted since is forgotten; events and rows are kept.

        Steps are counted on, as batches are: those since are lost.
        """
        self._rollbacks.append({"step": self._n_steps, "to": to["n_steps"]})
        self._count(to)
        self.must_stop = False

    def state_dict(self) -> dict[str, Any]:
        """Everything that a monitor of a resumed run needs, of plain values that JSON has."""
        return {
            **self.counted(),
            "betas": list(self._betas),
            "events": [asdict(event) for event in self._events],
            "rows": [asdict(row) for row in self._rows],
            "rollbacks": self.rollbacks,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where a monitor with that state was."""
        self._n_steps = state["n_steps"]
        self._count(state)
        self._betas = (state["betas"][0], state["betas"][1])
        self._events = [SpikeEvent(**event) for event in state["events"]]
        self._rows = [SpikeRow(**row) for row in state["rows"]]
        self._rollbacks = [dict(one) for one in state["rollbacks"]]

    def _count(self, counted: Mapping[str, Any]) -> None:
        self._losses = {name: list(losses) for name, losses in counted["losses"].items()}
        self._decay = {name: dict(one) for name, one in counted["decay"].items()}
        self._relaxed = set(counted["relaxed"])
        self._margin, self._decaying = counted["margin"], counted["decaying"]

    def _sums_of_seconds(self) -> list[float]:
        """Of each tensor the sum of its v, not a number before its first step."""
        found = iter(sums([one.second for one in self._moments if one.second is not None]))
        return [math.nan if one.second is None else next(found) for one in self._moments]

    def _look_at_tensor(self, one: Moments, squares: float, second: float) -> float:
        """K2 of a tensor; counts its steps of decay, and has it forget faster where the guard is to."""
        if math.isnan(second):
            return math.nan
        ratio = coupling_ratio(squares, second)
        kappa = decay_exponent(ratio, one.beta2)
        known = self._decay.setdefault(one.name, {"now": 0, "all": 0, "longest": 0, "kappa": None})
        known["kappa"] = finite(kappa)
        if kappa > DECAYING:
            known["now"] += 1
            known["all"] += 1
            known["longest"] = max(known["longest"], known["now"])
            enough = max(1, math.ceil(0.1 * steps_to_tenfold(one.beta2)))
            if known["now"] == enough:
                self._tell(one.name, "decay", kappa, DECAYING)
        else:
            known["now"] = 0
        if self._guard == "beta2":
            self._relax(one, ratio, kappa)
        return kappa

    def _relax(self, one: Moments, ratio: float, kappa: float) -> None:
        if _BALANCED[0] <= ratio <= _BALANCED[1]:
            self._relaxed.discard(one.name)
        elif kappa > DECAYING and self._margin > WARNING:
            self._relaxed.add(one.name)
        if one.name in self._relaxed:
            forget_faster(one, _FAST_BETA2)

    def _share_decaying(self, kappas: list[float]) -> float:
        """Share of |d|_D^2 = sum g^2 / D in tensors that decay."""
        decaying = [kappa > DECAYING for kappa in kappas]
        if not any(decaying) or all(decaying):
            return float(any(decaying))
        sizes = [dot(one.gradient, one.gradient / one.preconditioner()) for one in self._moments]
        whole = math.fsum(sizes)
        return math.fsum(size for size, is_decaying in zip(sizes, decaying, strict=True) if is_decaying) / whole if whole else 0.0

    def _look_at_margin(self, margin: float, tensor: str) -> None:
        """Told once when a limit is passed, and again after the margin was below it."""
        for kind, limit in _LIMITS:
            if margin > limit >= self._margin:
                self._tell(tensor, kind, margin, limit)
        self._margin = margin

    def _keep_row(self, row: SpikeRow) -> None:
        """In the place of an earlier row of the same step."""
        if self._rows and self._rows[-1].step == row.step:
            self._rows.pop()
        self._rows.append(row)

    @property
    def _has_told(self) -> bool:
        """Whether there is an event of this step."""
        return bool(self._events) and self._events[-1].step == self._n_steps

    def _tell(self, tensor: str, kind: Kind, value: float, limit: float) -> None:
        self._events.append(SpikeEvent(step=self._n_steps, tensor=tensor, kind=kind, value=value, limit=limit))


_LIMITS: tuple[tuple[Kind, float], ...] = (("warning", WARNING), ("alarm", ALARM))
