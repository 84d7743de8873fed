"""Drawing graphs from the policy: p at once behind one prompt, with the markers masked that may not come up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tadarag.errors import TrainingError
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Prefix, positions_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How graphs are drawn. temperature: 0 takes the likeliest token each time. max_tokens: of a graph, its closing marker among them."""

    temperature: float = 0.6
    max_tokens: int = 200

    def __post_init__(self) -> None:
        if self.temperature < 0 or self.max_tokens < 1:
            raise TrainingError(
                f"graphs cannot be drawn at temperature {self.temperature} with {self.max_tokens} tokens",
                "give a temperature of 0 or more, and a token at least",
            )


@dataclass(frozen=True, slots=True)
class DrawnGraph:
    """The token ids behind the opening marker, the closing one among them where it came up in time."""

    ids: tuple[int, ...]
    is_closed: bool


def policy_log_probabilities(logits: Tensor, markers: Markers, temperature: float) -> Tensor:
    """log pi of every next token of a graph, float[..., V], just as graphs are drawn: divided by the temperature, the opening marker masked.

    Temperature 0 stands for 1: a policy that is certain has no slope.
    """
    masked = logits.clone()
    masked[..., markers.start] = -torch.inf
    return torch.log_softmax(masked / (temperature or 1.0), dim=-1)


def draw_graphs(
    model: Any, prefix: Prefix, markers: Markers, drawing: Drawing, *, eos: int, generator: torch.Generator
) -> list[DrawnGraph]:
    """One graph for every row of the prefix; repeat the prefix for several. Equal generators draw equal graphs.

    A row ends at the closing marker, at the end of the sequence (then the graph is not closed), or at the length.
    """
    cache = prefix.cache()
    n_rows = len(prefix.mask)
    device = prefix.mask.device
    token = torch.full((n_rows, 1), markers.start, device=device)
    position = prefix.mask.sum(-1, keepdim=True)
    mask = prefix.mask
    is_done = torch.zeros(n_rows, dtype=torch.bool, device=device)
    drawn: list[Tensor] = []
    with torch.no_grad():
        for step in range(drawing.max_tokens):
            mask = torch.cat([mask, torch.ones_like(position)], dim=1)
            read = model(
                input_ids=token, attention_mask=mask, **positions_for(model, position + step), past_key_values=cache, use_cache=True
            )
            token = _choose(policy_log_probabilities(read.logits[:, -1].float(), markers, drawing.temperature), drawing, generator)
            drawn.append(token[:, 0])
            is_done |= (token[:, 0] == markers.stop) | (token[:, 0] == eos)
            if bool(is_done.all()):
                break
    return [_cut(row, markers.stop, eos) for row in torch.stack(drawn, dim=1).tolist()]


def _choose(log_probabilities: Tensor, drawing: Drawing, generator: torch.Generator) -> Tensor:
    if drawing.temperature == 0:
        return log_probabilities.argmax(-1, keepdim=True)
    return torch.multinomial(log_probabilities.exp().cpu(), 1, generator=generator).to(log_probabilities.device)


def _cut(row: Sequence[int], stop: int, eos: int) -> DrawnGraph:
    for place, token in enumerate(row):
        if token == stop:
            return DrawnGraph(tuple(row[: place + 1]), is_closed=True)
        if token == eos:
            return DrawnGraph(tuple(row[: place + 1]), is_closed=False)
    return DrawnGraph(tuple(row), is_closed=False)
