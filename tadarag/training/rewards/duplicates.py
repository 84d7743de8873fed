"""dup of F10: the share of the graph that is said twice."""

from __future__ import annotations

from tadarag.graph.resolve import folded_name
from tadarag.training.rewards.emitted import EmittedGraph, EmittedNode
from tadarag.training.rewards.sample import Sample


def duplicates(sample: Sample) -> float:
    """1 - distinct / total over nodes (folded name and type) and edges (ends and relation); 0 for an empty graph."""
    graph = sample.graph
    total = len(graph.nodes) + len(graph.edges)
    return 1 - (len({_key(node) for node in graph.nodes}) + len(_edge_keys(graph))) / total if total else 0.0


def _key(node: EmittedNode) -> tuple[str, str]:
    return folded_name(node.name) or node.name, node.type


def _edge_keys(graph: EmittedGraph) -> set[tuple[tuple[str, str], str, tuple[str, str]]]:
    return {(_key(graph.nodes[edge.head]), edge.relation, _key(graph.nodes[edge.tail])) for edge in graph.edges}
