"""The spike monitor: looks at an optimizer before each step, tells what leads to loss spikes, and may guard against them.

Passive (guard "off") it changes no bit of any update. After arXiv 2506.04805 (mechanism); K6 and the guards are ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from tadarag.training.spikes.coupling import DECAYING, coupling_ratio, decay_exponent
from tadarag.training.spikes.curvature import RELATIVE_SHIFT
from tadarag.training.spikes.events import Kind, SpikeEvent, SpikeLog, SpikeRow, TensorSummary, finite
from tadarag.training.spikes.limits import ALARM, WARNING, stability_limit, steps_to_tenfold
from tadarag.training.spikes.moments import Moments, forget_faster, rates_of, read_moments, scale_rates, set_rates
from tadarag.training.spikes.outliers import SPIKE, is_spike, loss_score

Guard = Literal["off", "scale", "beta2", "stop"]
GUARDS: tuple[Guard, ...] = ("off", "scale", "beta2", "stop")
Gradients = Callable[[], Mapping[str, Any]]
"""Gradients by name at the parameters as they are when it is called, of the batch at hand; it leaves no trace of itself."""

_FAST_BETA2 = 0.9
_BALANCED = (0.5, 2.0)
_VANISHED = 1e-150
"""Length of parameters from which a thousandth of it would be lost in underflow."""
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
        self._moments: list[Moments] = []
        self._row = SpikeRow(step=0, source="", loss=None, gradient=None, kappa=None, decaying=0.0, curvature=None, limit=None, margin=None)
        self._rates: list[Any] | None = None
        self.must_stop = False

    @property
    def events(self) -> tuple[SpikeEvent, ...]:
        """All events so far, in order."""
        return tuple(self._events)

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
        }
        tensors = (
            TensorSummary(name=name, n_decaying=one["all"], longest=one["longest"], kappa=one["kappa"]) for name, one in self._decay.items()
        )
        return SpikeLog(settings=about, rows=tuple(self._rows), events=self.events, tensors=tuple(tensors))

    def before_step(self, loss: float, parameters: Mapping[str, Any], *, source: str = "") -> None:
        """Look at loss, gradients and second moments (K1, K2, K8) of the step that is about to be taken.

        parameters: name -> parameter; a NumpyAdam names its own. Losses are compared with earlier ones of the same source.
        """
        self._n_steps += 1
        self.must_stop = False
        self._look_at_loss(loss, source)
        self._moments = read_moments(self._optimizer, parameters)
        squares = [_dot(one.gradient, one.gradient) for one in self._moments]
        seconds = [math.nan if one.second is None else float(one.second.sum()) for one in self._moments]
        kappas = [self._look_at_tensor(*sums) for sums in zip(self._moments, squares, seconds, strict=True)]
        self._decaying = self._share_decaying(kappas)
        if self._moments:
            self._betas = (self._moments[0].beta1, self._moments[0].beta2)
        whole = None
        if self._moments and not any(math.isnan(second) for second in seconds):
            whole = finite(decay_exponent(coupling_ratio(math.fsum(squares), math.fsum(seconds)), self._betas[1]))
        told = bool(self._events) and self._events[-1].step == self._n_steps
        row = SpikeRow(
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
        if told or (self._n_steps - 1) % self._every == 0:
            self._rows.append(row)
        self._row = row

    def curvature(self, gradients: Gradients, *, shrunk_by: float | None = None) -> float | None:
        """Take the curvature along the step (K6) by one finite difference, and hold the step back if the guard says so.

        shrunk_by: what clipping multiplied the gradients of this step by; None: `gradients` is asked for those here too (they were computed
        less exactly, for instance). Parameters are moved by 1e-3 of their length and put back as they were. None where every gradient is 0.
        With groups of several rates, the direction is the step's and the curvature is relative to the largest rate.
        """
        parts = [(one, one.preconditioner()) for one in self._moments if one.rate > 0]
        top = max((one.rate for one, _ in parts), default=0.0)
        steps = [one.gradient / scale * (one.rate / top) for one, scale in parts]
        length = max((float(abs(step).max()) for step in steps if math.prod(step.shape)), default=0.0)
        if not length or not math.isfinite(length):
            return None
        steps = [step / length for step in steps]
        changes = self._changes([one for one, _ in parts], steps, gradients, shrunk_by)
        weights = [_dot(step, step * scale) * (top / one.rate) for (one, scale), step in zip(parts, steps, strict=True)]
        found = math.fsum(_dot(step, change) for step, change in zip(steps, changes, strict=True)) / math.fsum(weights)
        limit = stability_limit(top, self._betas[0])
        heaviest = max(zip(weights, (one.name for one, _ in parts), strict=True))[1]
        self._look_at_margin(found / limit, heaviest)
        row = {**asdict(self._row), "curvature": finite(found), "limit": finite(limit), "margin": finite(found / limit)}
        if self._rows and self._rows[-1].step == self._n_steps:
            self._rows.pop()
        self._rows.append(SpikeRow(**row))
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

    def rolled_back(self) -> None:
        """The loop went back to an earlier state: what was counted of the steps since is forgotten, events and rows are kept."""
        self._losses, self._decay, self._relaxed = {}, {}, set()
        self._margin = self._decaying = 0.0
        self.must_stop = False

    def state_dict(self) -> dict[str, Any]:
        """Everything that a monitor of a resumed run needs, of plain values that JSON has."""
        return {
            "n_steps": self._n_steps,
            "losses": {name: list(losses) for name, losses in self._losses.items()},
            "decay": {name: dict(one) for name, one in self._decay.items()},
            "relaxed": sorted(self._relaxed),
            "margin": self._margin,
            "decaying": self._decaying,
            "betas": list(self._betas),
            "events": [asdict(event) for event in self._events],
            "rows": [asdict(row) for row in self._rows],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where a monitor with that state was."""
        self._n_steps = state["n_steps"]
        self._losses = {name: list(losses) for name, losses in state["losses"].items()}
        self._decay = {name: dict(one) for name, one in state["decay"].items()}
        self._relaxed = set(state["relaxed"])
        self._margin, self._decaying = state["margin"], state["decaying"]
        self._betas = (state["betas"][0], state["betas"][1])
        self._events = [SpikeEvent(**event) for event in state["events"]]
        self._rows = [SpikeRow(**row) for row in state["rows"]]

    def _look_at_loss(self, loss: float, source: str) -> None:
        losses = self._losses.setdefault(source, [])
        if 2 * len(losses) >= self._window and is_spike(losses, loss):
            self._tell("", "spike", loss_score(losses, loss), SPIKE)
            self.must_stop = self._guard == "stop"
        if math.isfinite(loss):
            losses.append(loss)
            del losses[: -self._window]

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
        sizes = [_dot(one.gradient, one.gradient / one.preconditioner()) for one in self._moments]
        whole = math.fsum(sizes)
        return math.fsum(size for size, is_decaying in zip(sizes, decaying, strict=True) if is_decaying) / whole if whole else 0.0

    def _look_at_margin(self, margin: float, tensor: str) -> None:
        """Told once when a limit is passed, and again after the margin was below it."""
        for kind, limit in _LIMITS:
            if margin > limit >= self._margin:
                self._tell(tensor, kind, margin, limit)
        self._margin = margin

    def _changes(self, moments: list[Moments], steps: list[Any], gradients: Gradients, shrunk_by: float | None) -> list[Any]:
        """H s for the steps s of all tensors, by a finite difference of the gradients."""
        before = None if shrunk_by else gradients()
        here = [one.gradient / shrunk_by if before is None else before[one.name] for one in moments]
        size = _length([one.value for one in moments])
        shift = RELATIVE_SHIFT * (size if size > _VANISHED else 1.0) / _length(steps)
        kept = [1 * one.value for one in moments]  # a copy that keeps the sign of -0.0
        try:
            for one, step in zip(moments, steps, strict=True):
                one.value[...] = one.value + shift * step
            moved = gradients()
        finally:
            for one, value in zip(moments, kept, strict=True):
                one.value[...] = value
        return [(moved[one.name] - gradient) / shift for one, gradient in zip(moments, here, strict=True)]

    def _tell(self, tensor: str, kind: Kind, value: float, limit: float) -> None:
        self._events.append(SpikeEvent(step=self._n_steps, tensor=tensor, kind=kind, value=value, limit=limit))


_LIMITS: tuple[tuple[Kind, float], ...] = (("warning", WARNING), ("alarm", ALARM))


def _dot(left: Any, right: Any) -> float:
    return float(left.reshape(-1) @ right.reshape(-1))


def _length(arrays: list[Any]) -> float:
    """The length of all arrays as one vector; scaled, so that squares of tiny numbers do not underflow."""
    largest = max((float(abs(array).max()) for array in arrays if math.prod(array.shape)), default=0.0)
    return largest * math.sqrt(math.fsum(_dot(array / largest, array / largest) for array in arrays)) if largest else 0.0
