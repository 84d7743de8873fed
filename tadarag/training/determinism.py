"""Sums in one order: torch adds up the gradients of rows that are taken more than once in any order that its threads come in, unless told not to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def deterministic_sums(device: torch.device) -> Iterator[None]:
    """On a CPU the deterministic form of every operation that has one; a GPU stays as it is, where products have none without a setting of CUDA.

    Source: torch.use_deterministic_algorithms, which names `index_put_` with accumulation on a CPU among those that are not otherwise.
    """
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(before or device.type == "cpu")
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
