"""A policy over the candidates of a question graph: logits of nodes and edges from their features, by two small networks in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.graph.policy_candidates import EDGE_FEATURES, NODE_FEATURES

Array = NDArray[np.float64]
PARTS = ("node", "edge")
_ARRAYS = ("mean", "scale", "inner", "inner_bias", "outer", "outer_bias")


def sigmoid(logits: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    return np.exp(-np.logaddexp(0.0, -logits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One part's network: x -> tanh((x - mean) / scale @ inner + inner_bias) @ outer + outer_bias.

    mean, scale: float64[k]; inner: float64[k, h]; inner_bias, outer: float64[h]; outer_bias: float64[1].
    """

    mean: Array
    scale: Array
    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array

    def hidden(self, features: Array) -> Array:
        """float64[n, k] -> float64[n, h]."""
        hidden: Array = np.tanh((features - self.mean) / self.scale @ self.inner + self.inner_bias)
        return hidden

    def logits(self, features: Array) -> Array:
        """float64[n, k] -> float64[n]."""
        logits: Array = self.hidden(features) @ self.outer + self.outer_bias
        return logits


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNetwork:
    """The two parts. Their logits are of a Bernoulli distribution: a node is on with sigma, an edge with sigma where both its ends are."""

    node: Layer
    edge: Layer

    def arrays(self) -> dict[str, Array]:
        """All arrays by part and name, as a file holds them and training changes them."""
        return {f"{part}.{name}": getattr(getattr(self, part), name) for part in PARTS for name in _ARRAYS}


def network_of(arrays: Mapping[str, Array]) -> PolicyNetwork:
    """The network whose `arrays` these are. Raises ValueError for arrays that do not fit the features or each other."""
    parts = {part: Layer(**{name: np.asarray(arrays[f"{part}.{name}"], np.float64) for name in _ARRAYS}) for part in PARTS}
    for part, names in (("node", NODE_FEATURES), ("edge", EDGE_FEATURES)):
        layer, width = parts[part], len(parts[part].inner_bias)
        shapes = (layer.mean.shape, layer.scale.shape, layer.inner.shape, layer.outer.shape, layer.outer_bias.shape)
        if shapes != ((len(names),), (len(names),), (len(names), width), (width,), (1,)):
            raise ValueError(f"the arrays of the {part} part, {shapes}, do not fit {len(names)} features and {width} hidden units")
    return PolicyNetwork(**parts)
