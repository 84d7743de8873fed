"""inv of F10: the share of nodes and edges that rest on nothing."""

from __future__ import annotations

from tadarag.span import Span
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph, EmittedNode
from tadarag.training.rewards.sample import Sample


def validity(sample: Sample) -> float:
    """The share, in [0, 1], of nodes and edges with no valid span or with a type clash; 1 for a graph without an end mark.

    Tuples that are broken or rejected count as such edges, and so does an edge that is `related_to` only because its own relation clashes.
    """
    graph, length = sample.graph, len(sample.item.source)
    total = len(graph.nodes) + len(graph.edges) + graph.n_rejected + graph.n_broken
    if not graph.is_complete:
        return 1.0
    n_bad = sum(not is_valid_node(node, length) for node in graph.nodes) + sum(
        not is_valid_edge(edge, graph, length) for edge in graph.edges
    )
    return min(1.0, (n_bad + graph.n_rejected + graph.n_broken + graph.n_fallbacks) / total) if total else 0.0


def is_valid_node(node: EmittedNode, length: int) -> bool:
    """Whether the template has its type and every one of its places, at least one, is a place of a source of that many code points."""
    return node.is_typed and bool(node.spans) and all(_is_inside(span, length) for span in node.spans)


def is_valid_edge(edge: EmittedEdge, graph: EmittedGraph, length: int) -> bool:
    """Whether it joins two valid nodes as the template allows and its evidence, a place of the source, mentions one of them.

    One is enough: texts call the other "she".
    """
    ends = (graph.nodes[edge.head], graph.nodes[edge.tail])
    if edge.span is None or not edge.is_typed or not _is_inside(edge.span, length):
        return False
    mentions = [span for end in ends for span in end.spans]
    is_about_them = any(edge.span.start <= span.start and span.end <= edge.span.end for span in mentions)
    return is_about_them and all(is_valid_node(end, length) for end in ends)


def valid_nodes(graph: EmittedGraph, length: int) -> list[int]:
    """The indexes of the valid nodes."""
    return [index for index, node in enumerate(graph.nodes) if is_valid_node(node, length)]


def valid_edges(graph: EmittedGraph, length: int) -> list[EmittedEdge]:
    """The valid edges."""
    return [edge for edge in graph.edges if is_valid_edge(edge, graph, length)]


def _is_inside(span: Span, length: int) -> bool:
    return 0 <= span.start < span.end <= length
