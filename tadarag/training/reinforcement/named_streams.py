"""Random streams by name: one seed feeds all of them, and none depends on what another has drawn (training.md section 2)."""

from __future__ import annotations

from hashlib import sha256

import numpy as np


def named_seed(seed: int, *names: str | int) -> int:
    """A seed of 64 bits that is a pure function of the seed and the names, in their order."""
    text = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def named_stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator of that seed; asked twice it begins twice at the same draw."""
    return np.random.Generator(np.random.PCG64(named_seed(seed, *names)))
