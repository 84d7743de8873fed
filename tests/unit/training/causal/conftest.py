"""A tiny random model with the world's words, for tests that run where torch and transformers are installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Tiny:
    model: Any
    tokenizer: Any
    markers: Any
    items: list[Any]


@pytest.fixture
def tiny() -> Tiny:
    """A random model of two layers, and eight encoded items."""
    for name in ("torch", "transformers"):
        pytest.importorskip(name, reason="the extra `train` is not installed")
    from tadarag.training.causal.encoding import encode_items
    from tadarag.training.causal.markers import add_markers
    from tadarag.training.causal.tiny_model import tiny_model, word_tokenizer
    from tadarag.training.causal.world import WorldShape, make_items, world_pieces

    tokenizer = word_tokenizer(world_pieces("en"))
    model = tiny_model(tokenizer, width=32, seed=3).eval()
    markers = add_markers(model, tokenizer)
    items = encode_items(tokenizer, make_items(WorldShape(n_ties=2), n=8, seed=5, split="taught"))
    return Tiny(model, tokenizer, markers, items)
