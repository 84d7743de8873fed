"""Gradient-boosted trees as plain arrays, evaluated with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_LEAVES = 16
_EVERY_LEAF = (1 << MAX_LEAVES) - 1
_LOWEST_BIT = np.array([0, *((mask & -mask).bit_length() - 1 for mask in range(1, 1 << MAX_LEAVES))], np.int8)
_STEPS_OF_A_VALUE = 2**24


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """T trees of at most 16 leaves, numbered from left to right, and N inner nodes each.

    columns: int16[T, N], the feature that a node looks at. thresholds: float64[T, N]; a value above it goes to the right; inf for a node
    that a smaller tree lacks. masks: uint16[T, N], the leaves (bits) that are left when a value goes to the right. leaves: float64[T, L],
    multiples of 2^-24, so that their sums are exact in any order.
    Source of the evaluation by masks: QuickScorer, Lucchese et al., SIGIR 2015.
    """

    columns: NDArray[np.int16]
    thresholds: NDArray[np.float64]
    masks: NDArray[np.uint16]
    leaves: NDArray[np.float64]

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[n]: the sum of the leaves that each row of float64[n, k] falls into."""
        n, (n_trees, n_nodes) = len(features), self.columns.shape
        by_column = np.ascontiguousarray(features.T)
        goes_right = by_column[self.columns.ravel()] > self.thresholds.reshape(-1, 1)  # [T * N, n]
        left = np.where(goes_right, self.masks.reshape(-1, 1), np.uint16(_EVERY_LEAF)).reshape(n_trees, n_nodes, n)
        leaf = _LOWEST_BIT[np.bitwise_and.reduce(left, axis=1)]  # [T, n]
        total: NDArray[np.float64] = np.take_along_axis(self.leaves, leaf.astype(np.int64), axis=1).sum(axis=0)
        return total

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, as a file holds them."""
        return {"columns": self.columns, "thresholds": self.thresholds, "masks": self.masks, "leaves": self.leaves}


def trees_of(arrays: Mapping[str, NDArray[Any]]) -> Trees:
    """The trees whose `arrays` these are. Raises ValueError when shapes do not fit each other."""
    trees = Trees(**{name: arrays[name] for name in ("columns", "thresholds", "masks", "leaves")})
    shape = trees.columns.shape
    if len(shape) != 2 or trees.thresholds.shape != shape or trees.masks.shape != shape or len(trees.leaves) != shape[0]:
        raise ValueError(f"the arrays of the trees do not fit each other: {shape}, {trees.thresholds.shape}, {trees.masks.shape}")
    return trees


def exact(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values rounded to multiples of 2^-24: sums of a few thousand of them never round."""
    rounded: NDArray[np.float64] = np.rint(values * _STEPS_OF_A_VALUE) / _STEPS_OF_A_VALUE
    return rounded
