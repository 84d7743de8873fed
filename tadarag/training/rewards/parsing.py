"""What a policy wrote becomes a graph with places in its source; what nothing can be made of is counted and never raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tadarag.extraction.extractor import Unit
from tadarag.extraction.llm_grounding import FALLBACK, occurrences, open_predicate
from tadarag.graph.resolve import folded_name
from tadarag.graph.tuple_format import END, EntityTuple, RelationTuple, read_tuples, until_mark
from tadarag.span import Span
from tadarag.templates.template import Template
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph, EmittedNode

START, STOP = "<|startextraction|>", "<|endextraction|>"
"""The marker tokens around a graph inside a generation (tadarag.md section 1)."""
_MARKER = re.compile(r"<\|\w+\|>")


@dataclass(frozen=True, slots=True)
class _Joined:
    """What became of a stated relation: its name and ends, and which mending it took."""

    head: int
    relation: str
    tail: int
    is_swapped: bool = False
    is_fallback: bool = False


def graph_text(completion: str) -> tuple[str, bool]:
    """The graph inside a completion, and whether the marker that closes it is there.

    Text before an opening marker and behind a closing one is no part of it.
    """
    before, opening, behind = until_mark(completion, START)
    body, closing, _ = until_mark(behind if opening else before, STOP)
    return body, bool(closing)


def has_stray_marker(completion: str) -> bool:
    """Whether a marker token stands inside the graph: anywhere between its opening and the last mark that ends it."""
    inside = completion.partition(START)[2] if START in completion else completion
    end = max(inside.rfind(STOP), inside.rfind(END))
    inside = (inside[:end] if end >= 0 else inside).rstrip()
    return bool(_MARKER.search(inside.removesuffix(STOP).rstrip().removesuffix(END)))


def read_graph(completion: str, source: str, template: Template) -> EmittedGraph:
    """Read a graph in the wire format and find its places in the source.

    A name has a place wherever the source has it, exactly or but for case and white space; evidence where the source has it first, if
    possible beside a mention of one of the edge's ends. A relation that does not join its ends in that order is tried once with them
    exchanged, then gives way to `related_to`; one that the template does not know must stand in the evidence word for word. A tuple that holds a
    marker token is broken, and the graph with it: where such a graph ends depends on who reads it, so it counts as one without an end.
    """
    body, is_closed = graph_text(completion)
    read = read_tuples(body, template)
    entities = [one for one in read.entities if not _holds_marker(one.name, one.type, one.description)]
    relations = [one for one in read.relations if not _holds_marker(one.head, one.relation, one.tail, one.evidence)]
    whole = Unit(text=source, sentences=(Span(0, len(source)),))
    nodes = tuple(_node(one, whole, template) for one in entities)
    indexes: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        indexes.setdefault(_folded(node.name), []).append(index)
    edges: list[EmittedEdge] = []
    counts: Counter[str] = Counter()
    for stated in relations:
        joined, span = _placed(stated, indexes, nodes, whole, template)
        if joined is None:
            counts["rejected"] += 1
            continue
        counts["swapped"] += joined.is_swapped
        counts["fallback"] += joined.is_fallback
        edges.append(EmittedEdge(head=joined.head, relation=joined.relation, tail=joined.tail, evidence=stated.evidence, span=span))
    n_marked = len(read.entities) + len(read.relations) - len(entities) - len(relations)
    return EmittedGraph(
        nodes=nodes,
        edges=tuple(edges),
        n_broken=read.n_broken + n_marked,
        n_rejected=counts["rejected"],
        n_fallbacks=counts["fallback"],
        n_swapped=counts["swapped"],
        is_complete=(read.is_complete or is_closed) and not n_marked,
    )


def _holds_marker(*values: str) -> bool:
    return any(_MARKER.search(value) for value in values)


def _folded(name: str) -> str:
    return folded_name(name) or name.strip()


def _node(stated: EntityTuple, whole: Unit, template: Template) -> EmittedNode:
    found, _ = occurrences(stated.name, whole)
    return EmittedNode(
        name=stated.name,
        type=stated.type,
        description=stated.description,
        spans=tuple(span for span, _ in found),
        is_typed=template.entity_type(stated.type) is not None,
    )


def _placed(
    stated: RelationTuple, indexes: Mapping[str, list[int]], nodes: Sequence[EmittedNode], whole: Unit, template: Template
) -> tuple[_Joined | None, Span | None]:
    """The edge of a stated relation, None for one that is rejected, and the place of its evidence."""
    pairs = [(head, tail) for head in indexes.get(_folded(stated.head), []) for tail in indexes.get(_folded(stated.tail), [])]
    joined = next(_ways(stated, [pair for pair in pairs if pair[0] != pair[1]], nodes, template), None)
    if joined is None:
        return None, None
    ends = (*nodes[joined.head].spans, *nodes[joined.tail].spans)
    places = [span for span, _ in occurrences(stated.evidence, whole)[0]]
    return joined, next((place for place in places if _holds_any(place, ends)), places[0] if places else None)


def _ways(stated: RelationTuple, pairs: Sequence[tuple[int, int]], nodes: Sequence[EmittedNode], template: Template) -> Iterator[_Joined]:
    """What may be made of a relation between things of these names, the nearest to what was said first."""
    known = template.relation_labelled(stated.relation)
    if known is None:
        predicate = open_predicate(stated.relation, stated.evidence)
        yield from (_Joined(head, predicate, tail) for head, tail in pairs if predicate)
        return
    for head, tail in pairs:
        if known.allows(nodes[head].type, nodes[tail].type):
            yield _Joined(head, known.name, tail)
    for head, tail in pairs:
        if known.allows(nodes[tail].type, nodes[head].type):
            yield _Joined(tail, known.name, head, is_swapped=True)
    fallback = template.relation(FALLBACK)
    for head, tail in pairs:
        if fallback is not None and fallback.allows(nodes[head].type, nodes[tail].type):
            yield _Joined(head, fallback.name, tail, is_fallback=True)


def _holds_any(place: Span, spans: Sequence[Span]) -> bool:
    return any(place.start <= span.start and span.end <= place.end for span in spans)
