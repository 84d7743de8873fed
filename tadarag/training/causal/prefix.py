"""One prompt read once, and what follows it read many times: the shared prefix cache of the full stage 2 (tadarag.md section 6.2).

Gradients flow through the cache, so that one backward pass reaches the prompt from all that followed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache


@dataclass(frozen=True, slots=True)
class Padded:
    """Token ids int64[rows, length] and which of them are no padding, int64[rows, length]."""

    ids: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class Predictions:
    """What is predicted for each token that was read: logits float[rows, length, vocabulary], from last hidden states float[rows, length, h].

    Column i holds the prediction of token i, made from all tokens before it.
    """

    logits: Tensor
    states: Tensor


@dataclass(frozen=True, slots=True)
class Prefix:
    """Prompts that were read: keys and values of each layer [rows, heads, length, d], their mask, and the last column's logits and state.

    No call changes it.
    """

    layers: tuple[tuple[Tensor, Tensor], ...]
    mask: Tensor
    logits: Tensor
    state: Tensor

    def repeated(self, n: int) -> Prefix:
        """Every row n times, the copies of one row beside each other."""
        layers = tuple((keys.repeat_interleave(n, 0), values.repeat_interleave(n, 0)) for keys, values in self.layers)
        return Prefix(layers, *(one.repeat_interleave(n, 0) for one in (self.mask, self.logits, self.state)))

    def detached(self) -> Prefix:
        """The same without a way back for gradients."""
        layers = tuple((keys.detach(), values.detach()) for keys, values in self.layers)
        return Prefix(layers, self.mask, self.logits.detach(), self.state.detach())

    def cache(self) -> Any:
        """A fresh cache of transformers, which a model may write on."""
        cache = DynamicCache()
        for layer, (keys, values) in enumerate(self.layers):
            cache.update(keys, values, layer)
        return cache


def pad_left(rows: Sequence[Sequence[int]], pad: int, device: Any = "cpu") -> Padded:
    """Rows with padding before them, so that all end in the last column. Every row needs a token."""
    return _padded(rows, pad, device, is_left=True)


def pad_right(rows: Sequence[Sequence[int]], pad: int, device: Any = "cpu") -> Padded:
    """Rows with padding behind them."""
    return _padded(rows, pad, device, is_left=False)


def read_prefix(model: Any, prompts: Padded) -> Prefix:
    """Read prompts, padded on the left."""
    cache = DynamicCache()
    read = model(
        input_ids=prompts.ids,
        attention_mask=prompts.mask,
        **positions_for(model, (prompts.mask.cumsum(-1) - 1).clip(min=0)),
        past_key_values=cache,
        use_cache=True,
        output_hidden_states=True,
    )
    layers = tuple((layer.keys, layer.values) for layer in cache.layers)
    return Prefix(layers, prompts.mask, read.logits[:, -1], read.hidden_states[-1][:, -1])


def read_on(model: Any, prefix: Prefix, following: Padded) -> Predictions:
    """Read what follows the prompts, row by row, padded on the right; the first column is predicted by the prompt itself."""
    read = model(
        input_ids=following.ids,
        attention_mask=torch.cat([prefix.mask, following.mask], dim=1),
        **positions_for(model, prefix.mask.sum(-1, keepdim=True) + torch.arange(following.ids.shape[1], device=following.ids.device)),
        past_key_values=prefix.cache(),
        use_cache=True,
        output_hidden_states=True,
    )
    logits = torch.cat([prefix.logits[:, None], read.logits[:, :-1]], dim=1)
    return Predictions(logits, torch.cat([prefix.state[:, None], read.hidden_states[-1][:, :-1]], dim=1))


def positions_for(model: Any, positions: Tensor) -> dict[str, Tensor]:
    """Positions int64[rows, length], for models that take them; others count them in the attention mask (Bloom)."""
    plain = model.get_base_model() if hasattr(model, "get_base_model") else model
    return {"position_ids": positions} if "position_ids" in signature(plain.forward).parameters else {}


def _padded(rows: Sequence[Sequence[int]], pad: int, device: Any, *, is_left: bool) -> Padded:
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), pad, dtype=torch.int64)
    mask = torch.zeros((len(rows), width), dtype=torch.int64)
    for index, row in enumerate(rows):
        place = slice(width - len(row), width) if is_left else slice(0, len(row))
        ids[index, place] = torch.tensor(row, dtype=torch.int64)
        mask[index, place] = 1
    return Padded(ids.to(device), mask.to(device))
