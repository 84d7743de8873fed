"""The spike monitor on a loop of torch: its log, and going back where the guard is to. Nothing imports this module without the extra `train`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn
from torch.optim import Optimizer

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.spikes.events import write_spikes
from tadarag.training.spikes.gradient_difference import Gradients
from tadarag.training.spikes.monitor import GUARDS, Guard, SpikeMonitor
from tadarag.training.spikes.snapshots import Snapshots

MOST_ROLLBACKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How a run is watched. guard, every, window: see `SpikeMonitor`.

    file: where the log is written, beside each checkpoint and when the run ends, well or not.
    """

    file: Path
    guard: Guard = "off"
    every: int = 25
    window: int = 64


def named_guard(name: object) -> Guard:
    """The guard that a recipe's `spike_guard` names; false is "off", as YAML reads a bare `off`. Raises TrainingError for any other."""
    for guard in GUARDS:
        if name == guard or (guard == "off" and name is False):
            return guard
    raise TrainingError(f"there is no spike_guard {name!r}", nearest(str(name), GUARDS))


class Watcher:
    """A monitor on a network and its optimizer.

    For each step: `before_step`, which says whether to `go_back` instead; `curvature` where `is_due` said so before; the optimizer's step;
    `after_step`. rate_share: what the rates are to be multiplied with.
    """

    def __init__(self, network: nn.Module, optimizer: Optimizer, watching: Watching) -> None:
        self._watching = watching
        self._monitor = SpikeMonitor(optimizer, every=watching.every, window=watching.window, guard=watching.guard)
        self._parameters = dict(network.named_parameters())
        self._snapshots = Snapshots(network, optimizer) if watching.guard == "stop" else None

    @property
    def is_due(self) -> bool:
        """Whether the curvature is to be taken at the next step."""
        return self._monitor.is_due

    @property
    def rate_share(self) -> float:
        """A half for each time that the run went back."""
        return float(0.5 ** len(self._monitor.rollbacks))

    def before_step(self, loss: float, source: str, *, is_finite: bool) -> bool:
        """Look at the step that is about to be taken, its gradients clipped; returns whether the guard wants to go back instead.

        is_finite: loss and gradients are.
        """
        if self._snapshots is not None:
            self._snapshots.take_if_due(self._monitor.counted())
        self._monitor.before_step(loss, self._parameters, source=source)
        return self._monitor.must_stop or (self._snapshots is not None and not is_finite)

    def curvature(self, gradients: Gradients, *, shrunk_by: float, again: bool) -> None:
        """See `SpikeMonitor.curvature`."""
        self._monitor.curvature(gradients, shrunk_by=shrunk_by, again=again)

    def after_step(self) -> None:
        """The optimizer has made its step."""
        self._monitor.after_step()

    def go_back(self, source: str) -> str:
        """Go back to the older snapshot: the batches since are skipped and the rates halved. Returns what happened, in a line.

        Raises TrainingError when that has been done three times already, and ValueError under another guard than "stop".
        """
        if self._snapshots is None:
            raise ValueError(f"the guard {self._watching.guard!r} keeps nothing to go back to")
        n_rollbacks, now = len(self._monitor.rollbacks), self._monitor.n_steps
        if n_rollbacks >= MOST_ROLLBACKS:
            raise TrainingError(
                f"the loss of {source} spiked at step {now}, after the run had gone back {n_rollbacks} times and halved its rates each time",
                f"lower learning_rate; {self._watching.file.name} beside the checkpoint says what led there",
            )
        self._monitor.after_step()
        self._monitor.rolled_back(self._snapshots.go_back())
        back_to = self._monitor.rollbacks[-1]["to"]
        return f"the loss of {source} spiked at step {now}: back to the weights of step {back_to}, at half the rate"

    def write(self) -> None:
        """Write the log."""
        write_spikes(self._monitor.log, self._watching.file)

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {
            "guard": self._watching.guard,
            "monitor": self._monitor.state_dict(),
            "snapshots": self._snapshots.state() if self._snapshots is not None else [],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on where a watcher with that guard was."""
        self._monitor.load_state_dict(state["monitor"])
        if self._snapshots is not None:
            self._snapshots.load(state["snapshots"])
