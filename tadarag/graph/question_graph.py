"""The question graph: what the selected passages say about the question's names, small enough to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tadarag.analysis import terms
from tadarag.graph.resolve import UNKNOWN_KIND, folded_name
from tadarag.values import Entity, Extraction, Passage, SourceName, Span

if TYPE_CHECKING:
    import networkx

Key = tuple[str, str]
"""A node of the question graph: folded name (or normalised value) and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    head: Key
    tail: Key
    predicate: str
    source: SourceName
    content: str
    span: Span
    probability: float
    rank: int


def join_facts(
    question: str, passages: Sequence[Passage], extractions: Sequence[Extraction], *, max_nodes: int = 20, max_edges: int = 24
) -> networkx.MultiDiGraph:
    """Join what the selected passages state into one graph, and prune it to the budget by overlap with the question.

    passages: best first. extractions: for each passage the extraction of its document, entities resolved. Only mentions inside a passage count.
    Nodes: (folded name, kind) with name, kind, score and `spans`, the (source, span) pairs of its mentions. Edges: relations, and "together"
    for two entities that one sentence mentions (written from the smaller key to the larger, it has no direction); each with predicate, source,
    content, span of the sentence and probability. Edges are kept by the share of the question's terms that their sentence and names hold,
    relations before co-occurrence, earlier passages first. Raises ValueError when the two sequences differ in length.
    """
    import networkx

    nodes: dict[Key, list[tuple[SourceName, Span]]] = {}
    names: dict[Key, str] = {}
    edges: list[_Edge] = []
    asked = frozenset(terms(question))
    scores: dict[tuple[SourceName, Span], float] = {}
    for rank, (passage, extraction) in enumerate(zip(passages, extractions, strict=True)):
        keys = {index: _key(extraction, entity) for index, entity in enumerate(extraction.entities)}
        for index, entity in enumerate(extraction.entities):
            inside = [
                extraction.mentions[number].span for number in entity.mentions if _holds(passage.span, extraction.mentions[number].span)
            ]
            if inside:
                nodes.setdefault(keys[index], []).extend((passage.source, span) for span in inside)
                names.setdefault(keys[index], entity.name)
        edges.extend(_edges(passage, extraction, keys, rank))
        for number, sentence in enumerate(passage.sentences):
            scores[passage.source, sentence] = _overlap(asked, passage.sentence_text(number))
    graph = networkx.MultiDiGraph()
    relevance = {key: _overlap(asked, name) for key, name in names.items()}
    ranked = sorted(
        edges, key=lambda edge: (*_edge_order(edge, scores, relevance), edge.head, edge.tail, edge.predicate, edge.source, edge.span)
    )
    kept_nodes, kept_edges = _pruned(ranked, relevance, max_nodes=max_nodes, max_edges=max_edges)
    for key in sorted(kept_nodes):
        graph.add_node(key, name=names[key], kind=key[1], score=round(relevance[key], 6), spans=tuple(sorted(set(nodes[key]))))
    for edge in kept_edges:
        graph.add_edge(
            edge.head,
            edge.tail,
            predicate=edge.predicate,
            source=edge.source,
            content=edge.content,
            span=edge.span,
            probability=edge.probability,
        )
    return graph


def _key(extraction: Extraction, entity: Entity) -> Key:
    values = sorted(extraction.mentions[number].normal for number in entity.mentions if extraction.mentions[number].normal)
    return (values[0] if values else folded_name(entity.name) or entity.name), entity.kind


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _edges(passage: Passage, extraction: Extraction, keys: dict[int, Key], rank: int) -> list[_Edge]:
    """The relations whose evidence stands in the passage, and for each sentence the neighbours among the entities it mentions."""
    found = [
        _Edge(
            head=keys[relation.head],
            tail=keys[relation.tail],
            predicate=relation.predicate,
            source=passage.source,
            content=passage.content,
            span=relation.evidence,
            probability=relation.probability,
            rank=rank,
        )
        for relation in extraction.relations
        if _holds(passage.span, relation.evidence)
    ]
    places = sorted(
        (extraction.mentions[number].span, keys[index]) for index, entity in enumerate(extraction.entities) for number in entity.mentions
    )
    for sentence in passage.sentences:
        inside = list(dict.fromkeys(key for span, key in places if _holds(sentence, span)))
        # Neighbours and the first name with all others: all pairs of a long sentence would drown the relations.
        pairs = {tuple(sorted(pair)) for pair in [*pairwise(inside), *((inside[0], key) for key in inside[1:])]}
        found.extend(
            _Edge(
                head=head,
                tail=tail,
                predicate="together",
                source=passage.source,
                content=passage.content,
                span=sentence,
                probability=1.0,
                rank=rank,
            )
            for head, tail in sorted(pairs)
        )
    return found


def _overlap(asked: frozenset[str], text: str) -> float:
    return len(asked.intersection(terms(text))) / len(asked) if asked else 0.0


def _edge_order(edge: _Edge, scores: dict[tuple[SourceName, Span], float], relevance: dict[Key, float]) -> tuple[float, bool, int]:
    sentence = scores.get((edge.source, edge.span), 0.0)
    unknown = 0.01 * ((edge.head[1] == UNKNOWN_KIND) + (edge.tail[1] == UNKNOWN_KIND))
    return -round(sentence + max(relevance[edge.head], relevance[edge.tail]) - unknown, 6), edge.predicate == "together", edge.rank


def _pruned(ranked: Sequence[_Edge], relevance: dict[Key, float], *, max_nodes: int, max_edges: int) -> tuple[set[Key], list[_Edge]]:
    nodes: set[Key] = set()
    edges: list[_Edge] = []
    for edge in ranked:
        if len(edges) == max_edges:
            break
        if len(nodes | {edge.head, edge.tail}) <= max_nodes:
            nodes |= {edge.head, edge.tail}
            edges.append(edge)
    for key in sorted(relevance, key=lambda one: (-relevance[one], one)):  # names of the question that no edge holds
        if len(nodes) < max_nodes and relevance[key] > 0:
            nodes.add(key)
    return nodes, edges
