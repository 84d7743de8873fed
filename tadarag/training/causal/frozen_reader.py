"""The frozen reader: the model as it was before reinforcement, which says what a graph is worth and must not change."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import torch
from torch import Tensor

from tadarag.errors import TrainingError
from tadarag.training.causal.answer_places import Followed, at_answers, follow, token_log_probabilities
from tadarag.training.causal.encoding import EncodedItem
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.prefix import Predictions, pad_left, read_on, read_prefix
from tadarag.training.causal.sampling import DrawnGraph
from tadarag.training.reinforcement.graph_gain import answer_nll


@dataclass(frozen=True, slots=True)
class FrozenReader:
    """A copy of a model that takes no gradient, and the hash of its parameters when it was frozen."""

    model: Any
    sha256: str

    def check(self) -> None:
        """Raises TrainingError when a parameter is no longer what it was."""
        if parameters_hash(self.model) != self.sha256:
            raise TrainingError("the frozen reader has changed during training", "this run's rewards mean nothing: report it as a defect")


def freeze(model: Any) -> FrozenReader:
    """A frozen copy of a model."""
    copy = deepcopy(model).eval().requires_grad_(False)
    return FrozenReader(copy, parameters_hash(copy))


def parameters_hash(model: Any) -> str:
    """SHA-256 over names, types and bytes of all parameters and buffers, in the order of their names."""
    digest = sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def reader_losses(
    model: Any, batch: Sequence[EncodedItem], graphs: Sequence[DrawnGraph], markers: Markers, *, n_graphs: int
) -> tuple[Tensor, Tensor]:
    """F1 and F2: the loss of each answer alone, float[items], and behind each graph, float[items, p], in nats a token.

    graphs: those of the first item, then of the next.
    """
    with torch.no_grad():
        prompts = pad_left([one.prompt for one in batch], model.config.pad_token_id, model.device)
        prefix = read_prefix(model, prompts)
        alone = follow(None, [one.answer for one in batch], markers, model.config.pad_token_id, model.device)
        behind = follow(graphs, _repeated(batch, n_graphs), markers, model.config.pad_token_id, model.device)
        base = mean_answer_loss(alone, at_answers(alone, read_on(model, prefix, alone.tokens)))
        graph = mean_answer_loss(behind, at_answers(behind, read_on(model, prefix.repeated(n_graphs), behind.tokens)))
    return base, graph.reshape(len(batch), n_graphs)


def mean_answer_loss(followed: Followed, predictions: Predictions) -> Tensor:
    """The mean loss of each row's answer tokens from predictions at these (`at_answers`): float[rows]."""
    given = token_log_probabilities(torch.log_softmax(predictions.logits.float(), -1), followed.answers.ids)
    found: Tensor = answer_nll(given, followed.answers.mask)
    return found


def _repeated(batch: Sequence[EncodedItem], n: int) -> list[tuple[int, ...]]:
    return [one.answer for one in batch for _ in range(n)]
