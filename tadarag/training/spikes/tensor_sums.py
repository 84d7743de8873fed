"""Sums over tensors, numpy's or torch's; those of a GPU come over in one transfer, so that looking at a step does not hold it up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np


def dot(left: Any, right: Any) -> float:
    """The sum of products of two tensors of one shape."""
    return float(left.reshape(-1) @ right.reshape(-1))


def sums_of_squares(tensors: Sequence[Any]) -> list[float]:
    """The sum of squares of each tensor."""
    flat = [tensor.reshape(-1) for tensor in tensors]
    return _numbers([one @ one for one in flat])


def sums(tensors: Sequence[Any]) -> list[float]:
    """The sum of each tensor."""
    return _numbers([tensor.sum() for tensor in tensors])


def length(tensors: Sequence[Any]) -> float:
    """The length of all tensors as one vector; scaled, so that squares of tiny numbers do not underflow."""
    largest = largest_entry(tensors)
    return largest * math.sqrt(math.fsum(sums_of_squares([tensor / largest for tensor in tensors]))) if largest else 0.0


def largest_entry(tensors: Sequence[Any]) -> float:
    """The largest magnitude of any entry, 0 where there is none; not a number where an entry is not."""
    found = _numbers([abs(tensor).max() for tensor in tensors if math.prod(tensor.shape)])
    return math.nan if any(math.isnan(one) for one in found) else max(found, default=0.0)


def _numbers(scalars: Sequence[Any]) -> list[float]:
    if not scalars or isinstance(scalars[0], np.generic):
        return [float(one) for one in scalars]
    import torch

    found: list[float] = torch.stack(list(scalars)).tolist()
    return found
