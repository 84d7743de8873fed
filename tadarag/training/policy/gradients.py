"""From slopes of the logits to gradients of the policy network's arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tadarag.graph.policy_network import PARTS, Array, Layer, PolicyNetwork, network_of
from tadarag.training.policy.items import PolicyItem
from tadarag.training.reinforcement.bernoulli_policy import GraphLogits
from tadarag.training.reinforcement.named_streams import named_stream

LEARNED = ("inner", "inner_bias", "outer", "outer_bias")


def new_network(items: Sequence[PolicyItem], *, n_hidden: int, seed: int) -> PolicyNetwork:
    """A network that reads features around their mean over the items, in units of their deviation; its logits are 0 at first."""
    arrays: dict[str, Array] = {}
    for part in PARTS:
        features = np.concatenate([getattr(item, f"{part}_features") for item in items])
        width = features.shape[1]
        arrays[f"{part}.mean"] = features.mean(axis=0)
        deviation = features.std(axis=0)
        arrays[f"{part}.scale"] = np.where(deviation > 0, deviation, 1.0)
        arrays[f"{part}.inner"] = named_stream(seed, "init", part).normal(0.0, width**-0.5, (width, n_hidden))
        arrays[f"{part}.inner_bias"] = np.zeros(n_hidden)
        arrays[f"{part}.outer"] = np.zeros(n_hidden)
        arrays[f"{part}.outer_bias"] = np.zeros(1)
    return network_of(arrays)


def logits_of(network: PolicyNetwork, item: PolicyItem) -> GraphLogits:
    """The logits of an item's candidates."""
    return GraphLogits(network.node.logits(item.node_features), network.edge.logits(item.edge_features), item.ends)


def gradients_of(network: PolicyNetwork, slopes: Iterable[tuple[PolicyItem, Array, Array]]) -> dict[str, Array]:
    """The sum over items of d loss / d arrays, for the arrays that are learned; slopes: an item with d loss / d logits of nodes and of edges."""
    total = {f"{part}.{name}": np.zeros_like(getattr(getattr(network, part), name)) for part in PARTS for name in LEARNED}
    for item, of_nodes, of_edges in slopes:
        for part, slope in (("node", of_nodes), ("edge", of_edges)):
            for name, value in _of_layer(getattr(network, part), getattr(item, f"{part}_features"), slope).items():
                total[f"{part}.{name}"] += value
    return total


def _of_layer(layer: Layer, features: Array, slope: Array) -> Mapping[str, Array]:
    scaled = (features - layer.mean) / layer.scale
    hidden = np.tanh(scaled @ layer.inner + layer.inner_bias)
    inward = slope[:, None] * layer.outer * (1 - hidden**2)
    return {
        "inner": scaled.T @ inward,
        "inner_bias": inward.sum(axis=0),
        "outer": hidden.T @ slope,
        "outer_bias": slope.sum(keepdims=True),
    }


def clipped(gradients: Mapping[str, Array], *, most: float = 1.0) -> dict[str, Array]:
    """The gradients with their length, over all arrays, at most `most`."""
    length = float(np.sqrt(sum(float((value**2).sum()) for value in gradients.values())))
    return {name: value * min(1.0, most / max(length, 1e-12)) for name, value in gradients.items()}
