"""The corpus graph for graph programs: the view over present documents as a networkx graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tadarag.graph.document_entities import SAME_AS, Fact
from tadarag.graph.view import CorpusView

if TYPE_CHECKING:
    import networkx


def corpus_graph(view: CorpusView) -> networkx.MultiDiGraph:
    """The graph of a view: equal views give equal nodes, edges and attributes.

    Nodes: (source, entity index) with name, kind, spans and thing (the number of its thing in the view). Edges inside a document: its
    relations, keyed by predicate and place, with source, content, evidence span, probability, valid_from and valid_to. Edges between
    entities that were joined: key "alias:REASON", predicate "same_as", with `reason` ("full name", "title", "stated") and `support`, the
    (source, span) pairs of the sentences that state it. Those of one name form a star, so that a name in n documents costs n - 1 edges.
    """
    import networkx

    graph = networkx.MultiDiGraph()
    for node, entity in view.entities.items():
        graph.add_node(node, name=entity.name, kind=entity.kind, spans=entity.spans, thing=view.of[node])
    for number, fact in enumerate(view.facts):
        _add_fact(graph, fact, number)
    for number, fact in enumerate(view.second_names, start=len(view.facts)):
        _add_fact(graph, fact, number)
    for alias in view.aliases:
        support = tuple((quote.source, quote.span) for quote in alias.support)
        key = f"alias:{alias.reason}"
        graph.add_edge(alias.one, alias.other, key=key, predicate=SAME_AS, reason=alias.reason, support=support, probability=1.0)
    return graph


def _add_fact(graph: networkx.MultiDiGraph, fact: Fact, number: int) -> None:
    graph.add_edge(
        fact.head,
        fact.tail,
        key=f"{fact.predicate}:{number}",
        predicate=fact.predicate,
        source=fact.evidence.source,
        content=fact.content,
        evidence=fact.evidence.span,
        probability=fact.probability,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
    )
