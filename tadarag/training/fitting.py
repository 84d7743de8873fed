"""The training loop: one batch a step, and a checkpoint now and then from which a stopped run goes on exactly.

AdamW (Loshchilov and Hutter, ICLR 2019); the rate rises over the first steps, stays, and falls to nothing in a line over the last ones
(after Hu et al., MiniCPM, 2024: a run may so be given another length as long as the fall has not begun).
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from tadarag.errors import TrainingError
from tadarag.training.batches import Batched, BatchQueue
from tadarag.training.determinism import deterministic_sums
from tadarag.training.random_states import as_it_was, random_states, set_random_states
from tadarag.training.spikes.gradient_difference import Gradients
from tadarag.training.spikes.watching import Watcher, Watching

WARM_STEPS = 60
_LONGEST_GRADIENT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """How a run learns.

    steps: batches in all. learning_rate: of the layers; head_rate: of the heads. fall_share: of the steps, the last ones, in which the
    rates fall. batch_pieces: most pieces in a batch. temperature: sets are drawn by their pieces to this power, times their weight, which
    is 1 for a set not named. threads: of torch on a CPU; sums, and so the last bits of the weights, depend on them. bfloat16: products in
    that type, for GPUs and for CPUs that have it (AMX): there a step takes little more than half the time, elsewhere longer.
    """

    steps: int
    seed: int
    learning_rate: float = 1e-4
    head_rate: float = 5e-4
    fall_share: float = 0.4
    batch_pieces: int = 1536
    temperature: float = 0.6
    weights: Mapping[str, float] = field(default_factory=dict)
    weight_decay: float = 0.01
    threads: int = 2
    bfloat16: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Where a stopped run goes on: the file, and the seconds after which it is written anew."""

    file: Path
    every_seconds: float = 300.0


Set = TypeVar("Set", bound=Batched)
LossOfBatch = Callable[[Set, Sequence[int], np.random.Generator], Tensor]
"""A set, the indexes of the batch's examples, and what chance may draw from -> the batch's loss."""


class _Run:
    """All that one step changes: the network, its optimizer, the random states, the queue and the losses so far."""

    def __init__(self, network: nn.Module, corpora: Sequence[Batched], settings: FitSettings, watching: Watching | None) -> None:
        heads = [value for name, value in network.named_parameters() if not name.startswith("layers.")]
        groups = [{"params": network.layers.parameters(), "lr": settings.learning_rate}, {"params": heads, "lr": settings.head_rate}]
        self.network = network
        self.settings = settings
        self.optimizer = torch.optim.AdamW(groups, weight_decay=settings.weight_decay, fused=True)
        self.queue = BatchQueue(
            corpora,
            batch_pieces=settings.batch_pieces,
            temperature=settings.temperature,
            weights=settings.weights,
            seed=settings.seed,
        )
        self.random = np.random.default_rng(settings.seed + 1)
        self.losses: list[tuple[str, float]] = []
        self.watcher = None if watching is None else Watcher(network, self.optimizer, watching)
        self.about = {
            "settings": asdict(settings),
            "sets": [[corpus.name, len(corpus.starts) - 1, int(corpus.starts[-1])] for corpus in corpora],
            "watching": None if watching is None else [watching.guard, watching.every, watching.window],
        }

    def save(self, file: Path) -> None:
        state = {
            "about": self.about,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            **random_states(self.random),
            "queue": self.queue.position(),
            "losses": self.losses,
            "watcher": None if self.watcher is None else self.watcher.state(),
        }
        unfinished = file.with_suffix(".unfinished")
        torch.save(state, unfinished)
        os.replace(unfinished, file)
        if self.watcher is not None:
            self.watcher.write()

    def load(self, file: Path) -> None:
        state = torch.load(file, weights_only=True, map_location="cpu")
        if not _goes_on(state["about"], self.about, len(state["losses"])):
            raise TrainingError(
                f"{file} is the checkpoint of another run", "delete it to start anew, or run with the same settings and sets"
            )
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        set_random_states(state, self.random)
        self.queue.go_to(state["queue"])
        self.losses = state["losses"]
        if self.watcher is not None:
            self.watcher.load(state["watcher"])

    def set_rates(self) -> None:
        share = rate_share(len(self.losses), self.settings) * (1.0 if self.watcher is None else self.watcher.rate_share)
        rates = (self.settings.learning_rate, self.settings.head_rate)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share

    def loss(self, loss_of: LossOfBatch[Any], corpus: Batched, indexes: Sequence[int], *, bfloat16: bool) -> Tensor:
        with torch.autocast(next(self.network.parameters()).device.type, torch.bfloat16, enabled=bfloat16):
            return loss_of(corpus, indexes, self.random)


def fit_network(
    network: nn.Module,
    corpora: Sequence[Set],
    settings: FitSettings,
    loss_of: LossOfBatch[Set],
    *,
    checkpoint: Checkpoint | None = None,
    watching: Watching | None = None,
    report: Callable[[str], None] = lambda message: None,
) -> list[tuple[str, float]]:
    """Train a network in place: its `layers`, which are pretrained, at one rate, and all else at another; returns the set and the loss of each step.

    Equal arguments give equal weights on one kind of machine, whether or not the run was stopped in between; watching changes no bit of them
    unless a guard acts. loss_of may draw from the generator that it is given and from torch's, and changes nothing else: a watched run asks it
    twice now and then. Raises TrainingError when the checkpoint is of another run; when a loss or its gradient is not finite, the
    checkpoint being of a step before; and when the guard "stop" has gone back in vain.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    run = _Run(network, corpora, settings, watching)
    if checkpoint is not None and checkpoint.file.exists():
        run.load(checkpoint.file)
        report(f"going on from step {len(run.losses)}")
    try:
        with deterministic_sums(next(network.parameters()).device):
            _perform(run, loss_of, checkpoint, report)
    finally:
        if run.watcher is not None:
            run.watcher.write()
    return run.losses


def _perform(run: _Run, loss_of: LossOfBatch[Any], checkpoint: Checkpoint | None, report: Callable[[str], None]) -> None:
    """The steps that are left, with a checkpoint now and then and behind the last one."""
    saved, n_steps = time.monotonic(), run.settings.steps
    while len(run.losses) < n_steps:
        run.losses.append(_step(run, loss_of, checkpoint, report))
        if len(run.losses) % 50 == 0:
            report(f"step {len(run.losses)} of {n_steps}, loss {np.mean([loss for _, loss in run.losses[-50:]]):.3f}")
        due = time.monotonic() - saved >= (checkpoint.every_seconds if checkpoint is not None else 0)
        if checkpoint is not None and (due or len(run.losses) == n_steps):
            run.save(checkpoint.file)
            saved = time.monotonic()
            report(f"checkpoint at step {len(run.losses)} of {n_steps}")


def _goes_on(old: dict[str, Any], new: dict[str, Any], done: int) -> bool:
    """Whether a run may go on after the steps that are done: it is the same, or differs in its length alone and no rate was another."""
    n_old, n_new = old["settings"]["steps"], new["settings"]["steps"]
    same = {**old, "settings": {**old["settings"], "steps": n_new}} == new
    return same and (n_old == n_new or done <= (1 - new["settings"]["fall_share"]) * min(n_old, n_new))


def rate_share(step: int, settings: FitSettings) -> float:
    """The share of the full rate at a step, counted from 0."""
    fall_steps = settings.fall_share * settings.steps
    return min(1.0, (step + 1) / WARM_STEPS, (settings.steps - step) / max(1.0, fall_steps))


def _step(run: _Run, loss_of: LossOfBatch[Any], checkpoint: Checkpoint | None, report: Callable[[str], None]) -> tuple[str, float]:
    """One batch: its set and its loss."""
    corpus, indexes = run.queue.next()
    run.set_rates()
    run.network.train()
    watcher = run.watcher
    before = random_states(run.random) if watcher is not None and watcher.is_due else None
    loss = run.loss(loss_of, corpus, indexes, bfloat16=run.settings.bfloat16)
    run.optimizer.zero_grad()
    loss.backward()
    length = float(torch.nn.utils.clip_grad_norm_(run.network.parameters(), _LONGEST_GRADIENT))
    found = float(loss.detach())
    is_finite = math.isfinite(found) and math.isfinite(length)
    if watcher is not None and watcher.before_step(found, corpus.name, is_finite=is_finite):
        report(watcher.go_back(corpus.name))
        return corpus.name, found
    if not is_finite:
        raise _not_finite(len(run.losses) + 1, corpus.name, found, checkpoint)
    if watcher is not None and before is not None:
        shrunk_by = min(1.0, _LONGEST_GRADIENT / (length + 1e-6))  # as clip_grad_norm_ has it
        watcher.curvature(_gradients(run, loss_of, corpus, indexes, before), shrunk_by=shrunk_by, again=run.settings.bfloat16)
    run.optimizer.step()
    if watcher is not None:
        watcher.after_step()
    return corpus.name, found


def _gradients(run: _Run, loss_of: LossOfBatch[Any], corpus: Batched, indexes: Sequence[int], before: Mapping[str, Any]) -> Gradients:
    """Of the batch's loss by parameter name, in float32, with the chances that there were before; the parameters' own gradients stay."""
    parameters = {name: value for name, value in run.network.named_parameters() if value.requires_grad}

    def gradients() -> dict[str, Tensor]:
        with as_it_was(before, run.random):
            loss = run.loss(loss_of, corpus, indexes, bfloat16=False)
        found = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True, materialize_grads=True)
        return dict(zip(parameters, found, strict=True))

    return gradients


def _not_finite(step: int, name: str, loss: float, checkpoint: Checkpoint | None) -> TrainingError:
    what = f"the loss is {loss}" if not math.isfinite(loss) else "the gradient is not finite"
    kept = "" if checkpoint is None or not checkpoint.file.exists() else f"; the checkpoint of an earlier step is kept: {checkpoint.file}"
    return TrainingError(
        f"{what} at step {step}, in a batch of {name}{kept}",
        "lower learning_rate, which starts the run anew, or have it go back by itself: spike_guard: stop",
    )


def write_log(losses: Sequence[tuple[str, float]], file: Path) -> None:
    """One JSON line a step: its number from 1, the set, and the loss, null where it was not finite."""
    rows = (
        {"step": step, "set": name, "loss": round(loss, 6) if math.isfinite(loss) else None}
        for step, (name, loss) in enumerate(losses, start=1)
    )
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
