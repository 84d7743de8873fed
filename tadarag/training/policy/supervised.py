"""The cold start of policy A: cross-entropy on the gold evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tadarag.graph.policy_network import Array, PolicyNetwork, network_of, sigmoid
from tadarag.training.policy.gradients import LEARNED, clipped, gradients_of, logits_of, new_network
from tadarag.training.policy.items import PolicyItem
from tadarag.training.reinforcement.named_streams import named_stream
from tadarag.training.spikes.numpy_adam import NumpyAdam


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedSettings:
    """n_hidden: units of each part. n_epochs: times that all items are seen; rate: Adam's, falling in a line to nothing; batch: items a step.

    decay: weight decay of the matrices, times the rate.
    """

    n_hidden: int = 24
    n_epochs: int = 12
    rate: float = 0.01
    batch: int = 32
    decay: float = 0.01


def fit_supervised(
    items: Sequence[PolicyItem], settings: SupervisedSettings, *, seed: int, report: Callable[[str], None] = lambda message: None
) -> tuple[PolicyNetwork, list[float]]:
    """The network whose probabilities tell what cites gold evidence, and the mean loss of each epoch, in nats a candidate.

    A node is right when it cites a gold sentence, an edge when it does; what an item has of right and of wrong candidates weighs the same.
    """
    network = new_network(items, n_hidden=settings.n_hidden, seed=seed)
    arrays = network.arrays()
    adam = NumpyAdam({name: value for name, value in arrays.items() if name.partition(".")[2] in LEARNED}, rate=settings.rate)
    n_steps = settings.n_epochs * len(_batches(items, settings.batch, seed, 0))
    losses = []
    for epoch in range(settings.n_epochs):
        of_epoch = []
        for batch in _batches(items, settings.batch, seed, epoch):
            adam.rate = settings.rate * (1 - adam.n_steps / n_steps)
            network = network_of(arrays)
            slopes = []
            for item in batch:
                loss, of_nodes, of_edges = _item_loss(network, item)
                of_epoch.append(loss)
                slopes.append((item, of_nodes / len(batch), of_edges / len(batch)))
            adam.gradients = clipped(gradients_of(network, slopes))
            adam.step()
            for name, value in adam.parameters.items():
                if name.endswith("inner"):
                    value *= 1 - adam.rate * settings.decay
        losses.append(float(np.mean(of_epoch)))
        report(f"epoch {epoch + 1} of {settings.n_epochs}, loss {losses[-1]:.4f}")
    return network_of(arrays), losses


def labels_of(item: PolicyItem) -> tuple[Array, Array]:
    """float64[n] and float64[m]: 1 for a node or an edge that cites gold evidence."""
    return item.gold[item.node_cites].astype(np.float64), item.gold[item.edge_cites].astype(np.float64)


def _item_loss(network: PolicyNetwork, item: PolicyItem) -> tuple[float, Array, Array]:
    logits = logits_of(network, item)
    total, slopes = 0.0, []
    for own, wanted in zip((logits.nodes, logits.edges), labels_of(item), strict=True):
        weights = _balanced(wanted)
        total += float((weights * (np.logaddexp(0.0, own) - wanted * own)).sum())
        slopes.append(weights * (sigmoid(own) - wanted))
    return total / 2, slopes[0] / 2, slopes[1] / 2


def _balanced(wanted: Array) -> Array:
    right = wanted.sum()
    if right in (0.0, float(len(wanted))):
        return np.full(len(wanted), 1 / max(1, len(wanted)))
    weights: Array = np.where(wanted == 1.0, 0.5 / right, 0.5 / (len(wanted) - right))
    return weights


def _batches(items: Sequence[PolicyItem], size: int, seed: int, epoch: int) -> list[list[PolicyItem]]:
    return list(batches(items, size=size, seed=seed, epoch=epoch))


def batches(items: Sequence[PolicyItem], *, size: int, seed: int, epoch: int) -> Iterator[list[PolicyItem]]:
    """All items in an order that seed and epoch alone decide."""
    order = named_stream(seed, "order", epoch).permutation(len(items))
    for start in range(0, len(items), size):
        yield [items[index] for index in order[start : start + size]]
