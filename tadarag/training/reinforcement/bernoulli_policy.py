"""Policy A: a Bernoulli distribution over the graphs that candidate nodes and edges can form (tadarag.md section 5, F8 and F9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.graph.policy_network import sigmoid
from tadarag.training.reinforcement.named_streams import named_stream

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class GraphLogits:
    """Logits of the candidates. nodes: float64[n]; edges: float64[m]; ends: int64[m, 2], two different nodes of each edge.

    A node is on with sigma(logit); an edge is drawn only when both of its ends are on. Raises ValueError for shapes that do not fit.
    """

    nodes: Array
    edges: Array
    ends: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.nodes.ndim != 1 or self.edges.ndim != 1 or self.ends.shape != (len(self.edges), 2):
            raise ValueError(f"logits {self.nodes.shape} and {self.edges.shape} do not fit ends {self.ends.shape}")
        if len(self.ends) and not (self.ends.min() >= 0 and self.ends.max() < len(self.nodes)):
            raise ValueError(f"an edge ends outside the {len(self.nodes)} nodes")
        if (self.ends[:, 0] == self.ends[:, 1]).any():
            raise ValueError("an edge joins a node with itself")


@dataclass(frozen=True, slots=True)
class DrawnGraphs:
    """p graphs. nodes: bool[p, n]; edges: bool[p, m], on only where both ends are."""

    nodes: Flags
    edges: Flags


def sample_graphs(logits: GraphLogits, *, n_graphs: int, seed: int, name: str) -> DrawnGraphs:
    """Draw graphs, each from its own stream of (seed, name, number), so that the first graphs stay when more are asked for."""
    n_nodes, n_edges = len(logits.nodes), len(logits.edges)
    uniform = np.array([named_stream(seed, name, number).random(n_nodes + n_edges) for number in range(n_graphs)])
    uniform = uniform.reshape(n_graphs, n_nodes + n_edges)
    nodes = uniform[:, :n_nodes] < sigmoid(logits.nodes)
    edges = (uniform[:, n_nodes:] < sigmoid(logits.edges)) & _can_be_on(logits, nodes)
    return DrawnGraphs(nodes, edges)


def log_probability(logits: GraphLogits, graphs: DrawnGraphs) -> Array:
    """F8, log pi of each graph: float64[p], natural log. Edges with an end off add 0. Raises ValueError for an edge on without its ends."""
    can_be_on = _can_be_on(logits, graphs.nodes)
    if (graphs.edges & ~can_be_on).any():
        raise ValueError("a graph holds an edge whose end is off")
    of_nodes = -np.logaddexp(0.0, np.where(graphs.nodes, -logits.nodes, logits.nodes))
    of_edges = -np.logaddexp(0.0, np.where(graphs.edges, -logits.edges, logits.edges)) * can_be_on
    total: Array = of_nodes.sum(axis=1) + of_edges.sum(axis=1)
    return total


def log_probability_slope(logits: GraphLogits, graphs: DrawnGraphs) -> tuple[Array, Array]:
    """d log pi / d logits of each graph: float64[p, n] for nodes and float64[p, m] for edges, z - sigma where active, else 0."""
    return graphs.nodes - sigmoid(logits.nodes), (graphs.edges - sigmoid(logits.edges)) * _can_be_on(logits, graphs.nodes)


def entropy(logits: GraphLogits) -> float:
    """F9 in nats, exact since nodes are independent: sum of h(sigma_u) + sum over edges of sigma_a sigma_b h(sigma_e)."""
    both_on = sigmoid(logits.nodes)[logits.ends].prod(axis=1)
    return float(_binary_entropy(logits.nodes).sum() + (both_on * _binary_entropy(logits.edges)).sum())


def entropy_slope(logits: GraphLogits) -> tuple[Array, Array]:
    """d H / d logits: float64[n] for nodes, with the part that comes through their edges, and float64[m] for edges."""
    on = sigmoid(logits.nodes)
    ends_on = on[logits.ends]
    through_edges = ends_on.prod(axis=1) * _binary_entropy(logits.edges)
    nodes = -logits.nodes * on * (1 - on)  # h'(sigma(x)) sigma'(x), as log((1 - sigma) / sigma) = -x
    for end in (0, 1):
        np.add.at(nodes, logits.ends[:, end], through_edges * (1 - ends_on[:, end]))
    edge_on = sigmoid(logits.edges)
    return nodes, -logits.edges * edge_on * (1 - edge_on) * ends_on.prod(axis=1)


def edge_marginals(logits: GraphLogits) -> Array:
    """The chance that each edge is in a drawn graph: float64[m], sigma of its ends and of itself multiplied."""
    marginals: Array = sigmoid(logits.nodes)[logits.ends].prod(axis=1) * sigmoid(logits.edges)
    return marginals


def greedy_graph(logits: GraphLogits, *, most_nodes: int, most_edges: int, threshold: float = 0.0) -> DrawnGraphs:
    """One graph (p = 1): candidates whose logit is above the threshold, trimmed to the budget by logit, ties by place.

    threshold: a logit; 0 means sigma > 0.5. Nodes are trimmed first; an edge that has lost an end is off.
    """
    nodes = _best_above(logits.nodes, threshold, most_nodes)
    can_be_on = _can_be_on(logits, nodes[None])[0]
    edges = _best_above(np.where(can_be_on, logits.edges, -np.inf), threshold, most_edges)
    return DrawnGraphs(nodes[None], edges[None])


def _best_above(logits: Array, threshold: float, most: int) -> Flags:
    chosen = np.argsort(-logits, kind="stable")[: max(0, most)]
    flags = np.zeros(len(logits), dtype=bool)
    flags[chosen] = logits[chosen] > threshold
    return flags


def _can_be_on(logits: GraphLogits, nodes: Flags) -> Flags:
    both: Flags = nodes[:, logits.ends[:, 0]] & nodes[:, logits.ends[:, 1]]
    return both


def _binary_entropy(logits: Array) -> Array:
    """h(sigma(x)) = log(1 + e^x) - x sigma(x), in nats."""
    return np.logaddexp(0.0, logits) - logits * sigmoid(logits)
