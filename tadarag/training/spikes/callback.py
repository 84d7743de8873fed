"""The spike monitor in a trainer of transformers or trl. Needs the extra `train`; nothing imports this module without it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback
from transformers.trainer_callback import ExportableState

from tadarag.errors import TrainingError
from tadarag.training.spikes.events import FILE_NAME, write_spikes
from tadarag.training.spikes.monitor import Guard, SpikeMonitor


class SpikeCallback(TrainerCallback, ExportableState):  # type: ignore[misc]
    """Watches a trainer's optimizer: one step of it is one step of the monitor.

    Hand it a monitor, or settings from which one is made when training begins, as trainers make their optimizer late. Trainers do not hand
    on the batch, so the curvature is not taken here, only losses, coupling and decay; the guards "scale" and "beta2" need it and are refused.
    Losses are those that the trainer logs, each told of the step at which it is logged: log every step. With the guard "stop" training ends at
    a spike, and the trainer's last checkpoint is the one to go on from. A gradient that is not finite ends it with a TrainingError, but
    under fp16, whose scaler skips such steps. The log is written to spikes.jsonl in the trainer's output folder; what is counted is in its
    checkpoints.
    """

    def __init__(self, monitor: SpikeMonitor | None = None, *, window: int = 64, guard: Guard = "off") -> None:
        if guard in ("scale", "beta2"):
            raise ValueError(f"the guard {guard!r} needs the curvature, which a trainer's callback cannot take; choose off or stop")
        self.monitor = monitor
        self._window, self._guard = window, guard
        self._parameters: Mapping[str, Any] = {}

    def state(self) -> dict[str, Any]:
        """For the trainer's checkpoint."""
        counted = {} if self.monitor is None else self.monitor.state_dict()
        return {"args": {"window": self._window, "guard": self._guard}, "attributes": {"counted": counted}}

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, optimizer: Any = None, **kwargs: Any) -> None:
        """Find the parameters, make the monitor if none was given, and go on as the checkpoint says if there is one."""
        self._parameters = dict(model.named_parameters())
        if self.monitor is None:
            self.monitor = SpikeMonitor(optimizer, window=self._window, guard=self._guard)
        kept = state.stateful_callbacks.get(type(self).__name__)
        if state.global_step and isinstance(kept, dict) and kept["attributes"]["counted"]:
            self.monitor.load_state_dict(kept["attributes"]["counted"])

    def on_pre_optimizer_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Look at gradients and second moments; clipping has been done. Raises TrainingError where a gradient is not finite."""
        if self.monitor is None:
            return
        self.monitor.before_step(None, self._parameters)
        if self.monitor.row.gradient is None and not args.fp16:
            self._write(args, state)
            raise TrainingError(
                f"the gradient is not finite at step {state.global_step + 1}; checkpoints of earlier steps are kept in {args.output_dir}",
                "lower learning_rate",
            )

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """The step is done."""
        if self.monitor is not None:
            self.monitor.after_step()

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """Take the loss that the trainer logs, and stop at a spike if the guard says so."""
        if self.monitor is not None and logs and "loss" in logs:
            self.monitor.look_at_loss(float(logs["loss"]))
            control.should_training_stop |= self.monitor.must_stop

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Write the log."""
        self._write(args, state)

    def _write(self, args: Any, state: Any) -> None:
        if self.monitor is not None and state.is_world_process_zero:
            write_spikes(self.monitor.log, Path(args.output_dir) / FILE_NAME)
