"""A graph that a policy emitted, as the reward terms see it."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.graph.tuple_format import EntityTuple, RelationTuple, Tuples, write_tuples
from tadarag.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class EmittedNode:
    """A thing that the graph names. spans: where the source text mentions it, () for a name that stands nowhere in it.

    is_typed: the template has its type.
    """

    name: str
    type: str
    description: str = ""
    spans: tuple[Span, ...] = ()
    is_typed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmittedEdge:
    """A fact; head and tail are indexes of nodes. evidence: the words that are said to state it; span: where the source has them, if it does.

    confidence: in (0, 1]; a policy that states none is sure. is_typed: the relation may join things of these types.
    """

    head: int
    relation: str
    tail: int
    evidence: str = ""
    span: Span | None = None
    confidence: float = 1.0
    is_typed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmittedGraph:
    """Nodes and edges in the order in which they were emitted, repetitions included.

    n_broken: tuples of which nothing could be made. n_rejected: edges with an end that is no node, a relation that neither the template nor
    the evidence knows, or ends that no relation of the template joins. n_fallbacks: edges that are kept as `related_to` because their own
    relation does not join such ends. n_swapped: edges whose ends were exchanged. is_complete: the text had its end mark,
    and no marker token inside a tuple.
    """

    nodes: tuple[EmittedNode, ...] = ()
    edges: tuple[EmittedEdge, ...] = ()
    n_broken: int = 0
    n_rejected: int = 0
    n_fallbacks: int = 0
    n_swapped: int = 0
    is_complete: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it names nothing."""
        return not self.nodes


def write_graph(graph: EmittedGraph) -> str:
    """The graph in the wire format (tadarag.md section 4), which `read_graph` reads again."""
    return write_tuples(
        Tuples(
            entities=tuple(EntityTuple(node.name, node.type, node.description) for node in graph.nodes),
            relations=tuple(
                RelationTuple(graph.nodes[edge.head].name, edge.relation, graph.nodes[edge.tail].name, edge.evidence)
                for edge in graph.edges
            ),
            is_complete=True,
        )
    )
