"""A graph of at most so many tokens out of a policy's candidates: what is likeliest to be in it comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.graph.policy_candidates import Cited

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Tokens of what a graph shows: node names int64[n], relations int64[m], cited sentences int64[s], headings int64[s], which are shown once
    for all sentences of a hit.
    """

    nodes: NDArray[np.int64]
    edges: NDArray[np.int64]
    sentences: NDArray[np.int64]
    headings: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Nodes bool[n], edges bool[m], the indexes of the sentences that they cite, in order, and the tokens of it all.

    weighed: nodes bool[n] and edges bool[m] for which there was room when it was their turn: whether the others may be taken made no difference.
    """

    nodes: Flags
    edges: Flags
    cited: tuple[int, ...]
    tokens: int
    weighed: tuple[Flags, Flags]


def unit_chances(nodes: Array, edges: Array, ends: NDArray[np.int64]) -> tuple[Array, Array]:
    """The chance of each edge to be in a drawn graph, float64[m], and of each node to be in it without an edge, float64[n].

    nodes, edges: probabilities of being on. The chances that a node's edges are off are taken as independent.
    """
    of_edges: Array = nodes[ends].prod(axis=1) * edges
    alone = np.zeros_like(nodes)
    for side in (0, 1):
        np.add.at(alone, ends[:, side], np.log1p(-np.minimum(nodes[ends[:, 1 - side]] * edges, 1 - 1e-12)))
    return of_edges, nodes * np.exp(alone)


def choose_graph(
    chances: tuple[Array, Array],
    ends: NDArray[np.int64],
    cites: tuple[NDArray[np.int64], NDArray[np.int64]],
    sentences: Sequence[Cited],
    costs: Costs,
    *,
    budget: int,
    allowed: tuple[Flags, Flags] | None = None,
    least: float = 0.0,
) -> Chosen:
    """Take edges with their ends, and single nodes, by chance, as far as `budget` tokens go; what does not fit is passed over.

    chances: as `unit_chances` gives them, of edges and of nodes. cites: of nodes and of edges, indexes of sentences. allowed: nodes and edges
    that may be taken, all of them if None. least: the chance below which nothing is taken. Ties go to edges, then by place.
    """
    of_edges, of_nodes = np.round(chances[0], 9), np.round(chances[1], 9)
    n_edges = len(of_edges)
    order = np.argsort(-np.concatenate([of_edges, of_nodes]), kind="stable")
    nodes, edges = np.zeros(len(of_nodes), bool), np.zeros(n_edges, bool)
    cited: set[int] = set()
    shown: set[int] = set()
    tokens = 0
    joined = np.zeros(len(of_nodes), bool)
    weighed = (np.zeros(len(of_nodes), bool), np.zeros(n_edges, bool))
    for unit in order.tolist():
        is_edge = unit < n_edges
        own = ends[unit].tolist() if is_edge else [unit - n_edges]
        if (of_edges[unit] if is_edge else of_nodes[unit - n_edges]) < least:
            break
        if not is_edge and joined[own[0]]:
            continue
        sentence = int(cites[1][unit] if is_edge else cites[0][own[0]])
        cost = sum(int(costs.nodes[node]) for node in own if not nodes[node]) + (int(costs.edges[unit]) if is_edge else 0)
        if sentence not in cited:
            cost += int(costs.sentences[sentence])
            cost += int(costs.headings[sentence]) if sentences[sentence].hit not in shown else 0
        if tokens + cost > budget:
            continue
        weighed[0][own] = True
        if is_edge:
            weighed[1][unit] = True
        if allowed is not None and not (all(allowed[0][node] for node in own) and (not is_edge or allowed[1][unit])):
            continue
        tokens += cost
        nodes[own] = True
        if is_edge:
            edges[unit] = True
            joined[own] = True
        cited.add(sentence)
        shown.add(sentences[sentence].hit)
    return Chosen(nodes=nodes, edges=edges, cited=tuple(sorted(cited)), tokens=tokens, weighed=weighed)
