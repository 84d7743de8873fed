"""The training loop: one batch a step, and a checkpoint now and then from which a stopped run goes on exactly.

AdamW (Loshchilov and Hutter, ICLR 2019); the rate rises over the first steps, stays, and falls to nothing in a line over the last ones
(after Hu et al., MiniCPM, 2024: a run may so be given another length as long as the fall has not begun).
"""

from __future__ import annotations

import json
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

WARM_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """How a run learns.

    steps: batches in all. learning_rate: of the layers; head_rate: of the heads. fall_share: of the steps, the last ones, in which the
    rates fall. batch_pieces: most pieces in a batch. temperature: sets are drawn by their pieces to this power, times their weight, which
    is 1 for a set not named. threads: of torch on a CPU; sums, and so the last bits of the weights, depend on them. bfloat16: products in
    that type, for GPUs.
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

    def __init__(self, network: nn.Module, corpora: Sequence[Batched], settings: FitSettings) -> None:
        heads = [value for name, value in network.named_parameters() if not name.startswith("layers.")]
        groups = [{"params": network.layers.parameters(), "lr": settings.learning_rate}, {"params": heads, "lr": settings.head_rate}]
        self.network = network
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

    def save(self, file: Path, about: dict[str, Any]) -> None:
        state = {
            "about": about,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            "random": self.random.bit_generator.state,
            "queue": self.queue.position(),
            "losses": self.losses,
        }
        unfinished = file.with_suffix(".unfinished")
        torch.save(state, unfinished)
        os.replace(unfinished, file)

    def load(self, file: Path, about: dict[str, Any]) -> None:
        state = torch.load(file, weights_only=True, map_location="cpu")
        if not _goes_on(state["about"], about, len(state["losses"])):
            raise TrainingError(
                f"{file} is the checkpoint of another run", "delete it to start anew, or run with the same settings and sets"
            )
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["torch"])
        if state["cuda"]:
            torch.cuda.set_rng_state_all(state["cuda"])
        self.random.bit_generator.state = state["random"]
        self.queue.go_to(state["queue"])
        self.losses = state["losses"]


def fit_network(
    network: nn.Module,
    corpora: Sequence[Set],
    settings: FitSettings,
    loss_of: LossOfBatch[Set],
    *,
    checkpoint: Checkpoint | None = None,
    report: Callable[[str], None] = lambda message: None,
) -> list[tuple[str, float]]:
    """Train a network in place: its `layers`, which are pretrained, at one rate, and all else at another; returns the set and the loss of each step.

    Equal arguments give equal weights on one kind of machine, whether or not the run was stopped in between. Raises TrainingError when the
    checkpoint is of another run.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    run = _Run(network, corpora, settings)
    about = {"settings": asdict(settings), "sets": [[corpus.name, len(corpus.starts) - 1, int(corpus.starts[-1])] for corpus in corpora]}
    if checkpoint is not None and checkpoint.file.exists():
        run.load(checkpoint.file, about)
        report(f"going on from step {len(run.losses)}")
    rates = (settings.learning_rate, settings.head_rate)
    saved = time.monotonic()
    while len(run.losses) < settings.steps:
        for group, rate in zip(run.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * rate_share(len(run.losses), settings)
        run.losses.append(_step(run, settings, loss_of))
        if len(run.losses) % 50 == 0:
            report(f"step {len(run.losses)} of {settings.steps}, loss {np.mean([loss for _, loss in run.losses[-50:]]):.3f}")
        due = time.monotonic() - saved >= (checkpoint.every_seconds if checkpoint is not None else 0)
        if checkpoint is not None and (due or len(run.losses) == settings.steps):
            run.save(checkpoint.file, about)
            saved = time.monotonic()
            report(f"checkpoint at step {len(run.losses)} of {settings.steps}")
    return run.losses


def _goes_on(old: dict[str, Any], new: dict[str, Any], done: int) -> bool:
    """Whether a run may go on after the steps that are done: it is the same, or differs in its length alone and no rate was another."""
    n_old, n_new = old["settings"]["steps"], new["settings"]["steps"]
    same = {**old, "settings": {**old["settings"], "steps": n_new}} == new
    return same and (n_old == n_new or done <= (1 - new["settings"]["fall_share"]) * min(n_old, n_new))


def rate_share(step: int, settings: FitSettings) -> float:
    """The share of the full rate at a step, counted from 0."""
    fall_steps = settings.fall_share * settings.steps
    return min(1.0, (step + 1) / WARM_STEPS, (settings.steps - step) / max(1.0, fall_steps))


def _step(run: _Run, settings: FitSettings, loss_of: LossOfBatch[Any]) -> tuple[str, float]:
    corpus, indexes = run.queue.next()
    run.network.train()
    with torch.autocast(next(run.network.parameters()).device.type, torch.bfloat16, enabled=settings.bfloat16):
        loss = loss_of(corpus, indexes, run.random)
    run.optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 1.0)
    run.optimizer.step()
    return corpus.name, float(loss.detach())


def write_log(losses: Sequence[tuple[str, float]], file: Path) -> None:
    """One JSON line a step: its number from 1, the set, and the loss."""
    rows = ({"step": step, "set": name, "loss": round(loss, 6)} for step, (name, loss) in enumerate(losses, start=1))
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
