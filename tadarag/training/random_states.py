"""The states of all generators that a step of training draws from, to be kept and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


def random_states(own: np.random.Generator) -> dict[str, Any]:
    """Of torch on the CPU, on every GPU, and of a numpy generator: tensors of bytes and plain values, as torch.save takes them."""
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "random": own.bit_generator.state,
    }


def set_random_states(states: Mapping[str, Any], own: np.random.Generator) -> None:
    """Put back what `random_states` gave."""
    torch.set_rng_state(states["torch"])
    if states["cuda"]:
        torch.cuda.set_rng_state_all(states["cuda"])
    own.bit_generator.state = states["random"]


@contextmanager
def as_it_was(states: Mapping[str, Any], own: np.random.Generator) -> Iterator[None]:
    """Chance as it was at those states; afterwards as it was before."""
    now = random_states(own)
    set_random_states(states, own)
    try:
        yield
    finally:
        set_random_states(now, own)
