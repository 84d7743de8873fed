"""Stage 1 for small models: next-token loss on the teacher's graph, on the answer behind it, and on the answer without one.

Larger models go through trl (`tadarag.training.causal.trl_training`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tadarag.errors import TrainingError
from tadarag.training.causal.answer_places import at_answers, follow, token_log_probabilities
from tadarag.training.causal.encoding import EncodedItem
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import pad_left, read_on, read_prefix
from tadarag.training.causal.rates import rate_share
from tadarag.training.reinforcement.graph_gain import answer_nll
from tadarag.training.reinforcement.named_streams import named_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedSettings:
    """steps of batch_size items each; the rate rises over the first 3 % and falls to a tenth along a cosine. clip: of the gradient's length."""

    steps: int
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 0.01
    clip: float = 1.0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1 or not self.learning_rate > 0:
            raise TrainingError("steps, batch_size and learning_rate must be above zero", "correct the recipe's parameters")


def fit_supervised(
    model: Any,
    items: Sequence[EncodedItem],
    markers: Markers,
    settings: SupervisedSettings,
    *,
    seed: int,
    report: Callable[[str], None] = lambda message: None,
) -> list[dict[str, float]]:
    """Train in place; returns for every step the rate, the loss and its parts, in nats a token. Equal seeds give equal weights.

    Raises TrainingError when the loss is no number.
    """
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.95), weight_decay=settings.weight_decay, fused=True
    )
    order = named_stream(seed, "order", "supervised")
    rows: list[dict[str, float]] = []
    for step in range(settings.steps):
        rate = settings.learning_rate * rate_share(step, settings.steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = [items[place] for place in order.integers(len(items), size=settings.batch_size)]
        parts = supervised_losses(model, batch, markers)
        loss = torch.stack(list(parts.values())).sum()
        if not bool(torch.isfinite(loss)):
            raise TrainingError(f"the loss of step {step + 1} is no number", "lower the learning rate")
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        rows.append(
            {"step": step + 1, "rate": rate, "loss": float(loss.detach()), **{name: float(value.detach()) for name, value in parts.items()}}
        )
        if (step + 1) % 50 == 0:
            report(f"step {step + 1} of {settings.steps}: " + ", ".join(f"{name} {rows[-1][name]:.3f}" for name, value in parts.items()))
    return rows


def supervised_losses(model: Any, batch: Sequence[EncodedItem], markers: Markers) -> dict[str, Tensor]:
    """Mean losses: of graph tokens (closing marker included), of the answer behind the graph, of the answer alone; their sum is the loss.

    The three weigh the same, however long the graphs are. The prompt is read once for both runs and is not learned.
    """
    pad = model.config.pad_token_id
    prefix = read_prefix(model, pad_left([one.prompt for one in batch], pad, model.device))
    answers = [one.answer for one in batch]
    found = {}
    with_graph = follow([one.graph for one in batch], answers, markers, pad, model.device)
    predictions = read_on(model, prefix, with_graph.tokens)
    given = token_log_probabilities(torch.log_softmax(predictions.logits, -1), with_graph.tokens.ids)
    places = torch.arange(given.shape[1], device=given.device)
    is_graph = (places[None] >= 1) & (places[None] < with_graph.n_before[:, None])  # the opening marker is given, not learned
    found["graph"] = -(given * is_graph).sum() / is_graph.sum()
    for name, followed in (("answer_with_graph", with_graph), ("answer_alone", follow(None, answers, markers, pad, model.device))):
        read = predictions if followed is with_graph else read_on(model, prefix, followed.tokens)
        logits = at_answers(followed, read).logits
        found[name] = answer_nll(token_log_probabilities(torch.log_softmax(logits, -1), followed.answers.ids), followed.answers.mask).mean()
    return found
