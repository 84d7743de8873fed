"""What comes before stage 1 for a model from scratch: learning to read, on texts that state their facts twice.

A real model brings this with it. Graphs alone teach it badly: their names stand in the list of entities and again in the facts, so that a small model
copies from there and never learns to find in the text who was born where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from tadarag.errors import TrainingError
from tadarag.training.causal.prefix import pad_right
from tadarag.training.causal.rates import rate_share


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """steps of batch_size fresh texts each. A text is never seen again.

    graph_share: of the texts whose facts are to be stated again as a graph; the others' in sentences.
    """

    steps: int
    batch_size: int = 24
    learning_rate: float = 4e-3
    weight_decay: float = 0.01
    graph_share: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1 or not self.learning_rate > 0:
            raise TrainingError("steps, batch_size and learning_rate must be above zero", "correct the recipe's parameters")
        if not 0 <= self.graph_share <= 1:
            raise TrainingError(f"{self.graph_share} is no share of texts", "give graph_share a number from 0 to 1")


def learn_to_read(
    model: Any,
    tokenizer: Any,
    texts: Sequence[tuple[str, str]],
    settings: ReadingSettings,
    *,
    report: Callable[[str], None] = lambda message: None,
) -> list[dict[str, float]]:
    """Train in place on the second half of every text; returns rate and loss of each step, in nats a token.

    texts: steps times batch_size of them, used in their order. Raises TrainingError when there are fewer.
    """
    if len(texts) < settings.steps * settings.batch_size:
        raise TrainingError(f"{len(texts)} texts are too few for {settings.steps} steps of {settings.batch_size}", "make more of them")
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.95), weight_decay=settings.weight_decay, fused=True
    )
    rows = []
    for step in range(settings.steps):
        rate = settings.learning_rate * rate_share(step, settings.steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = _loss(model, tokenizer, texts[step * settings.batch_size : (step + 1) * settings.batch_size])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rows.append({"step": step + 1, "rate": rate, "loss": float(loss.detach())})
        if (step + 1) % 100 == 0:
            report(f"reading, step {step + 1} of {settings.steps}: loss {rows[-1]['loss']:.3f}")
    return rows


def _loss(model: Any, tokenizer: Any, texts: Sequence[tuple[str, str]]) -> torch.Tensor:
    firsts, seconds = (tokenizer([text[half] for text in texts])["input_ids"] for half in (0, 1))
    batch = pad_right([[*first, *second] for first, second in zip(firsts, seconds, strict=True)], tokenizer.pad_token_id, model.device)
    places = torch.arange(batch.ids.shape[1], device=model.device)
    is_learned = batch.mask.bool() & (places[None] >= torch.tensor([len(first) for first in firsts], device=model.device)[:, None])
    logits = model(input_ids=batch.ids, attention_mask=batch.mask).logits[:, :-1]
    given = torch.log_softmax(logits, -1).gather(-1, batch.ids[:, 1:, None])[..., 0]
    return -(given * is_learned[:, 1:]).sum() / is_learned[:, 1:].sum()
