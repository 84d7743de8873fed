"""The marker tokens around a graph: two special tokens of a tokenizer, with rows in the model's embedding (tadarag.md section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from tadarag.errors import TrainingError
from tadarag.training.rewards.parsing import START, STOP


@dataclass(frozen=True, slots=True)
class Markers:
    """Ids of the token that opens a graph and of the one that closes it."""

    start: int
    stop: int


def add_markers(model: Any, tokenizer: Any) -> Markers:
    """Give tokenizer and model both markers; asked twice, nothing changes. New rows start at the mean of the others, so no token is favoured.

    model: any causal language model of transformers. Saved together they reload with the same ids. Raises TrainingError when the tokenizer
    has no end-of-sequence or padding token, or breaks a marker into several tokens.
    """
    if tokenizer.eos_token_id is None or tokenizer.pad_token_id is None:
        raise TrainingError("this tokenizer has no end-of-sequence or no padding token", "set both, for instance pad_token = eos_token")
    n_before = model.get_input_embeddings().weight.shape[0]
    tokenizer.add_special_tokens({"additional_special_tokens": [START, STOP]})
    if len(tokenizer) > n_before:
        model.resize_token_embeddings(len(tokenizer), mean_resizing=False)
        with torch.no_grad():
            for layer in (model.get_input_embeddings(), model.get_output_embeddings()):
                layer.weight[n_before:] = layer.weight[:n_before].mean(0)
    return find_markers(tokenizer)


def find_markers(tokenizer: Any) -> Markers:
    """The markers of a tokenizer that has them. Raises TrainingError when one is not a single token."""
    found = [tokenizer.encode(text, add_special_tokens=False) for text in (START, STOP)]
    if any(len(ids) != 1 for ids in found) or tokenizer.unk_token_id in (found[0][0], found[1][0]):
        raise TrainingError(f"{START} and {STOP} are not single tokens of this tokenizer", "add them with add_markers first")
    return Markers(*(ids[0] for ids in found))


def scale_marker_gradients(model: Any, markers: Markers, factor: float) -> Any:
    """Multiply gradients of the markers' embedding rows, as the published warm-up does (1e5); returns a handle whose `remove()` ends it.

    With Adam a constant factor changes no step by itself; it counts through the clipping of the whole gradient's length.
    """
    rows = torch.tensor([markers.start, markers.stop])

    def scaled(gradient: torch.Tensor) -> torch.Tensor:
        grown = gradient.clone()
        grown[rows.to(gradient.device)] *= factor
        return grown

    return model.get_input_embeddings().weight.register_hook(scaled)
