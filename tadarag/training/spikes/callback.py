"""The spike monitor in a trainer of transformers or trl. Needs the extra `train`; nothing imports this module without it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from tadarag.training.spikes.events import FILE_NAME, write_spikes
from tadarag.training.spikes.monitor import Guard, SpikeMonitor


class SpikeCallback(TrainerCallback):  # type: ignore[misc]
    """Watches a trainer's optimizer: one step of it is one step of the monitor.

    Hand it a monitor, or settings from which one is made when training begins, as trainers make their optimizer late. Trainers do not hand
    on the batch, so the curvature is not taken here, only losses, coupling and decay; the guard "scale" needs it and is refused. Losses are
    those that the trainer logs. With the guard "stop" training ends at a spike, and the trainer's last checkpoint is the one to go on from.
    The log is written to spikes.jsonl in the trainer's output folder.
    """

    def __init__(self, monitor: SpikeMonitor | None = None, *, window: int = 64, guard: Guard = "off") -> None:
        if guard == "scale":
            raise ValueError("the guard 'scale' needs the curvature, which a trainer's callback cannot take; choose off, beta2 or stop")
        self.monitor = monitor
        self._window, self._guard = window, guard
        self._parameters: Mapping[str, Any] = {}
        self._loss = float("nan")

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, optimizer: Any = None, **kwargs: Any) -> None:
        """Find the parameters, and make the monitor if none was given."""
        self._parameters = dict(model.named_parameters())
        if self.monitor is None:
            self.monitor = SpikeMonitor(optimizer, window=self._window, guard=self._guard)

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Look at gradients and second moments; clipping has been done."""
        if self.monitor is not None:
            self.monitor.before_step(self._loss, self._parameters)

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """The step is done."""
        if self.monitor is not None:
            self.monitor.after_step()

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """Take the loss that the trainer logs, and stop at a spike if the guard says so."""
        self._loss = float((logs or {}).get("loss", self._loss))
        if self.monitor is not None and self.monitor.must_stop:
            control.should_training_stop = True

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Write the log."""
        if self.monitor is not None and state.is_world_process_zero:
            write_spikes(self.monitor.log, Path(args.output_dir) / FILE_NAME)
