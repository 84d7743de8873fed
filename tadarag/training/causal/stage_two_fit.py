"""The loop of the full stage 2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from tadarag.errors import TrainingError
from tadarag.training.causal.encoding import EncodedItem
from tadarag.training.causal.frozen_reader import freeze, parameters_hash
from tadarag.training.causal.gate import Gate
from tadarag.training.causal.markers import Markers, scale_marker_gradients
from tadarag.training.causal.rates import rate_share
from tadarag.training.causal.run_report import run_report, step_row
from tadarag.training.causal.stage_two import Policy, stage_two_step
from tadarag.training.causal.stage_two_settings import StageTwoSettings
from tadarag.training.reinforcement.named_streams import named_seed, named_stream
from tadarag.training.rewards.gates import Scoring
from tadarag.training.spikes.events import SpikeLog
from tadarag.training.spikes.monitor import SpikeMonitor

_TEXTS_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTwoRun:
    """A finished run: the log's rows, the report over them, and what the spike monitor saw."""

    rows: list[dict[str, Any]]
    report: dict[str, Any]
    spikes: SpikeLog


def make_policy(model: Any, tokenizer: Any, markers: Markers, settings: StageTwoSettings, *, seed: int) -> Policy:
    """A policy from a model that knows graphs (stage 1), with a fresh gate and the reader that the settings name.

    The model is put into evaluation mode: dropout would make the run without a graph and those with one incomparable.
    """
    model.eval()
    width = model.get_input_embeddings().weight.shape[1]
    gate = Gate(width, seed=seed, gate=settings.gate, mix=settings.mix, fixed=settings.fixed_gate).to(model.device)
    return Policy(
        model=model, tokenizer=tokenizer, markers=markers, gate=gate, reader=freeze(model) if settings.reader == "frozen" else None
    )


def fit_stage_two(
    policy: Policy,
    items: Sequence[EncodedItem],
    settings: StageTwoSettings,
    scoring: Scoring,
    *,
    seed: int,
    report: Callable[[str], None] = lambda message: None,
) -> StageTwoRun:
    """Train policy and gate in place. Equal seeds give equal weights on one machine.

    Raises TrainingError when a loss or gradient is no number, before the step is taken, and when the frozen reader has changed.
    """
    groups = [
        {"params": [one for one in policy.model.parameters() if one.requires_grad], "lr": settings.learning_rate},
        {"params": list(policy.gate.parameters()), "lr": settings.gate_rate},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, settings.beta2), weight_decay=settings.weight_decay)
    full_rates = [group["lr"] for group in optimizer.param_groups]
    named = {**dict(policy.model.named_parameters()), **{f"gate.{name}": one for name, one in policy.gate.named_parameters()}}
    named = {name: one for name, one in named.items() if one.requires_grad}
    monitor = SpikeMonitor(optimizer)
    order = named_stream(seed, "order", "stage two")
    handle = scale_marker_gradients(policy.model, policy.markers, settings.marker_gradients) if settings.marker_gradients != 1 else None
    rows: list[dict[str, Any]] = []
    for step in range(settings.steps):
        share = rate_share(step, settings.steps)
        for group, rate in zip(optimizer.param_groups, full_rates, strict=True):
            group["lr"] = rate * share
        batch = [items[place] for place in order.integers(len(items), size=settings.batch_size)]
        generator = torch.Generator().manual_seed(named_seed(seed, "sample", step) % 2**63)
        outcome = stage_two_step(policy, batch, settings, scoring, generator=generator)
        optimizer.zero_grad()
        outcome.loss.backward()
        gradient = float(torch.nn.utils.clip_grad_norm_(list(named.values()), settings.clip))
        if not torch.isfinite(outcome.loss.detach()) or gradient != gradient or gradient == float("inf"):
            raise TrainingError(
                f"the loss or gradient of step {step + 1} is no number", "lower the learning rate; the model is that of the step before"
            )
        monitor.before_step(float(outcome.loss.detach()), named)
        optimizer.step()
        monitor.after_step()
        rows.append(step_row(step + 1, full_rates[0] * share, gradient, outcome, with_texts=step % _TEXTS_EVERY == 0))
        if (step + 1) % 10 == 0:
            last = rows[-1]
            report(f"step {step + 1} of {settings.steps}: reward {last['reward']['mean']:.3f}, {last['graph_tokens']:.0f} tokens a graph")
    if handle is not None:
        handle.remove()
    if policy.reader is not None:
        policy.reader.check()
    sha256 = policy.reader.sha256 if policy.reader is not None else parameters_hash(policy.model)
    return StageTwoRun(rows=rows, report=run_report(rows, reader_sha256=sha256), spikes=monitor.log)
