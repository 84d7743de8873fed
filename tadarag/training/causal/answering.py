"""How policy B answers: a greedy graph, then the mixed next-token prediction; without a graph where none was read (tadarag.md section 6.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tadarag.errors import TrainingError
from tadarag.training.causal.encoding import EncodedItem
from tadarag.training.causal.gate import Gate
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Padded, Prefix, pad_left, pad_right, read_on, read_prefix
from tadarag.training.causal.sampling import Drawing, DrawnGraph, draw_graphs
from tadarag.training.reinforcement.gated_mixture import mix_predictions

WAYS = ("alone", "graph", "mixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer without the token that ends it, and the graph before it (None for an answer without one)."""

    ids: tuple[int, ...]
    graph: DrawnGraph | None


def answer_items(
    model: Any,
    items: Sequence[EncodedItem],
    markers: Markers,
    *,
    way: str,
    max_graph: int,
    max_answer: int,
    gate: Gate | None = None,
    batch_size: int = 128,
) -> list[Answered]:
    """Answer greedily, `alone` without a graph, from the prediction behind the `graph`, or from both as the gate has them `mixed`.

    A graph that is not closed within max_graph tokens is not used: the answer is then that without a graph. Raises TrainingError for another way.
    """
    if way not in WAYS or (way == "mixed" and gate is None):
        raise TrainingError(f"there is no way {way!r} to answer here", f"choose one of: {', '.join(WAYS)}; mixed needs a gate")
    found: list[Answered] = []
    with torch.no_grad():
        for start in range(0, len(items), batch_size):
            batch = items[start : start + batch_size]
            prompts = pad_left([one.prompt for one in batch], model.config.pad_token_id, model.device)
            prefix = read_prefix(model, prompts)
            graphs = None
            if way != "alone":
                drawing = Drawing(temperature=0, max_tokens=max_graph)
                graphs = draw_graphs(model, prefix, markers, drawing, eos=model.config.eos_token_id, generator=torch.Generator())
            ids = answers_behind(model, prefix, graphs, markers, max_answer=max_answer, gate=gate if way == "mixed" else None)
            found += [Answered(ids=one, graph=graphs[place] if graphs else None) for place, one in enumerate(ids)]
    return found


def _likeliest(logits: Tensor) -> Tensor:
    return logits.argmax(-1)


def answers_behind(
    model: Any,
    prefix: Prefix,
    graphs: Sequence[DrawnGraph] | None,
    markers: Markers,
    *,
    max_answer: int,
    gate: Gate | None = None,
    choose: Callable[[Tensor], Tensor] = _likeliest,
) -> list[tuple[int, ...]]:
    """The answer to every row of the prefix behind its graph, without the token that ends it; graphs that are open, and None, are not used.

    choose: logits float[rows, V] to tokens int64[rows], greedy by default. Every step reads all that follows the prompt again: answers are short.
    """
    n_rows, eos, pad, device = len(prefix.mask), model.config.eos_token_id, model.config.pad_token_id, model.device
    answers: list[list[int]] = [[] for _ in range(n_rows)]
    is_used = torch.tensor([graph.is_closed for graph in graphs] if graphs else [False] * n_rows, device=device)
    heads = [[markers.start, *graph.ids] if graph.is_closed else [] for graph in graphs] if graphs else [[] for _ in answers]
    while len(answers[0]) < max_answer and not all(eos in answer for answer in answers):
        behind = _last(model, prefix, pad_right([[*head, *answer, pad] for head, answer in zip(heads, answers, strict=True)], pad, device))
        if gate is not None:
            alone = _last(model, prefix, pad_right([[*answer, pad] for answer in answers], pad, device))
            weight = gate(alone.states, behind.states)
            behind = Last(
                torch.where(is_used[:, None], mix_predictions(alone.logits, behind.logits, weight, mix=gate.mix), alone.logits),
                behind.states,
            )
        for answer, token in zip(answers, choose(behind.logits).tolist(), strict=True):
            answer.append(token)
    return [tuple(answer[: answer.index(eos)] if eos in answer else answer) for answer in answers]


@dataclass(frozen=True, slots=True)
class Last:
    """The prediction behind the last token: logits float[rows, V], states float[rows, h]."""

    logits: Tensor
    states: Tensor


def _last(model: Any, prefix: Prefix, following: Padded) -> Last:
    """The prediction of each row's last column, whose token (padding) is not read."""
    read = read_on(model, prefix, following)
    rows, places = torch.arange(len(following.ids)), following.mask.sum(-1) - 1
    return Last(read.logits[rows, places], read.states[rows, places])
