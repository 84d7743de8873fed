"""Where answer tokens stand behind graphs of different lengths: token j of the answer is paired by j, never by its place in the sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Padded, Predictions, pad_right
from tadarag.training.causal.sampling import DrawnGraph


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows prompts: a graph and the answer, or the answer alone.

    n_before: int64[rows], tokens before the answer. answers: the answers' tokens, [rows, n] with padding on the right.
    """

    tokens: Padded
    n_before: Tensor
    answers: Padded


def follow(graphs: Sequence[DrawnGraph] | None, answers: Sequence[Sequence[int]], markers: Markers, pad: int, device: Any) -> Followed:
    """Marker, graph, marker, answer for each row; the answer alone where there are no graphs. A graph that was not closed is closed here."""
    before: list[list[int]] = [[] for _ in answers]
    if graphs is not None:
        before = [[markers.start, *graph.ids, *([] if graph.is_closed else [markers.stop])] for graph in graphs]
    rows = [[*head, *answer] for head, answer in zip(before, answers, strict=True)]
    return Followed(
        tokens=pad_right(rows, pad, device),
        n_before=torch.tensor([len(head) for head in before], device=device),
        answers=pad_right(answers, pad, device),
    )


def at_answers(followed: Followed, predictions: Predictions) -> Predictions:
    """The predictions of the answers' tokens alone: column j predicts answer token j, whatever stood before it."""
    n = followed.answers.ids.shape[1]
    places = followed.n_before[:, None] + torch.arange(n, device=followed.n_before.device)
    places = places.clip(max=predictions.logits.shape[1] - 1)  # behind the end of shorter answers, which the mask leaves out
    rows = torch.arange(len(places), device=places.device)[:, None]
    return Predictions(predictions.logits[rows, places], predictions.states[rows, places])


def token_log_probabilities(log_probabilities: Tensor, ids: Tensor) -> Tensor:
    """What each token itself was given: float[rows, n, V] and int64[rows, n] -> float[rows, n]."""
    return log_probabilities.gather(-1, ids[..., None])[..., 0]
