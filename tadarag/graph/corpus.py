"""The corpus graph: a view over present documents in which names meet only where the texts say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tadarag.graph.resolve import UNKNOWN_KIND, folded_name
from tadarag.values import Record, SourceName, Span

if TYPE_CHECKING:
    import networkx

Node = tuple[SourceName, int]
"""A document-local entity: its source, and its index in that document's extraction."""

_VALUE_KINDS = frozenset({"time", "number", "money", "percent", "quantity"})
_ATTRIBUTES = frozenset({"born_on", "died_on", "born_in"})
"""Relations of which a thing has one value: two that differ tell two things apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityGroup:
    """Document-local entities that the documents state to be one thing; `nodes` sorted, `name` the most frequent (ties: the first)."""

    name: str
    kind: str
    nodes: tuple[Node, ...]


def corpus_graph(records: Iterable[Record]) -> networkx.MultiDiGraph:
    """The graph of the records, whatever their order: equal records give equal nodes, edges and attributes.

    Nodes: (source, entity index) with name, folded, kind, spans, title (whether the document's title names it). Edges inside a document: its
    relations, keyed by predicate and place, with source, content, evidence span and probability. Edges between documents: key "same_as", with
    `reason` ("full name" or "title") and `support`, the (source, span) pairs that state it. Those of one name form a star around its smallest
    node, so that a name in n documents costs n - 1 edges. A short name is never an alias by itself; only a document's title may make it one.
    """
    import networkx

    graph = networkx.MultiDiGraph()
    for record in sorted(records, key=lambda record: record.source):
        _add_document(graph, record)
    by_name: dict[tuple[str, str], list[Node]] = {}
    for node, attributes in graph.nodes(data=True):
        by_name.setdefault((attributes["folded"], attributes["kind"]), []).append(node)
    for (folded, kind), nodes in sorted(by_name.items()):
        titled = [node for node in nodes if graph.nodes[node]["title"]]
        if len(nodes) < 2 or kind in _VALUE_KINDS:
            continue
        if is_full_name(folded):
            _add_star(graph, min(nodes), nodes, "full name")
        elif len(titled) == 1 and kind != UNKNOWN_KIND:
            _add_star(graph, titled[0], nodes, "title")
    return graph


def is_full_name(folded: str) -> bool:
    """Whether a folded name says enough to stand for one thing: two words or more, or three CJK characters or more."""
    return " " in folded or (not folded.isascii() and len(folded) >= 3 and "\u3040" <= folded[0] <= "\uffff")


def entities(graph: networkx.MultiDiGraph) -> tuple[EntityGroup, ...]:
    """The things of the corpus: document-local entities joined by alias edges where these are unambiguous, sorted by name and kind.

    Homonyms stay apart: nodes whose stated attributes (birth, death) differ are not joined, and where a name has such a conflict, a node
    without the attribute stays alone, for nothing tells to whom it belongs. A stated second name ("also known as") joins two names only if
    one of them has no other alias, so that aliases cannot chain.
    """
    classes = _classes(graph)
    parent = {node: min(members) for members in classes for node in members}
    joined: dict[Node, Node] = {}  # class -> the smaller class that it was joined with
    for one, other in _stated_aliases(graph, parent):
        first, second = sorted((_root(joined, one), _root(joined, other)))
        if first != second:
            joined[second] = first
    members_of: dict[Node, list[Node]] = {}
    for node, root in sorted(parent.items()):
        members_of.setdefault(_root(joined, root), []).append(node)
    groups = [_group(graph, members) for members in members_of.values()]
    return tuple(sorted(groups, key=lambda group: (group.name, group.kind, group.nodes)))


def _root(joined: dict[Node, Node], node: Node) -> Node:
    while node in joined:
        node = joined[node]
    return node


def _add_document(graph: networkx.MultiDiGraph, record: Record) -> None:
    extraction = record.extraction
    title = folded_name(record.document.title.partition(" (")[0])
    for index, entity in enumerate(extraction.entities):
        mentions = [extraction.mentions[number] for number in entity.mentions]
        values = {mention.normal for mention in mentions if mention.normal}
        folded = min(values) if values else folded_name(entity.name) or entity.name
        names = {folded_name(mention.text) for mention in mentions}
        graph.add_node(
            (record.source, index),
            name=entity.name,
            folded=folded,
            kind=entity.kind,
            spans=tuple(sorted(mention.span for mention in mentions)),
            title=bool(title) and title in names,
        )
    for number, relation in enumerate(extraction.relations):
        graph.add_edge(
            (record.source, relation.head),
            (record.source, relation.tail),
            key=f"{relation.predicate}:{number}",
            predicate=relation.predicate,
            source=record.source,
            content=record.content,
            evidence=relation.evidence,
            probability=relation.probability,
        )


def _add_star(graph: networkx.MultiDiGraph, centre: Node, nodes: Iterable[Node], reason: str) -> None:
    for node in nodes:
        if node[0] != centre[0]:
            support = tuple(sorted(_support(graph, centre) + _support(graph, node)))
            graph.add_edge(centre, node, key="same_as", predicate="same_as", reason=reason, support=support, probability=1.0)


def _support(graph: networkx.MultiDiGraph, node: Node) -> tuple[tuple[SourceName, Span], ...]:
    return ((node[0], graph.nodes[node]["spans"][0]),)


def _classes(graph: networkx.MultiDiGraph) -> list[list[Node]]:
    """Nodes joined by the star of their name, each star parted by its nodes' stated attributes."""
    stars: dict[Node, list[Node]] = {}
    for head, tail, attributes in graph.edges(data=True):
        if "reason" in attributes:
            stars.setdefault(head, [head]).append(tail)
    alone = set(graph.nodes) - {node for members in stars.values() for node in members}
    classes = [[node] for node in alone]
    for members in stars.values():
        stated = {node: _attributes(graph, node) for node in members}
        if not _conflict(stated.values()):
            classes.append(members)
            continue
        parted: dict[object, list[Node]] = {}
        for node in members:
            parted.setdefault(stated[node] or node, []).append(node)
        classes.extend(parted.values())
    return classes


def _attributes(graph: networkx.MultiDiGraph, node: Node) -> frozenset[tuple[str, str]]:
    return frozenset(
        (attributes["predicate"], graph.nodes[tail]["folded"])
        for _, tail, attributes in graph.out_edges(node, data=True)
        if attributes["predicate"] in _ATTRIBUTES
    )


def _conflict(stated: Iterable[frozenset[tuple[str, str]]]) -> bool:
    """Whether one attribute has two values; a year and a day of that year agree."""
    values: dict[str, set[str]] = {}
    for attributes in stated:
        for predicate, value in attributes:
            values.setdefault(predicate, set()).add(value)
    return any(not max(known, key=lambda value: (len(value), value)).startswith(value) for known in values.values() for value in known)


def _stated_aliases(graph: networkx.MultiDiGraph, parent: dict[Node, Node]) -> list[tuple[Node, Node]]:
    """Pairs of classes that a document states to be one ("X, also known as Y"), of which one has no other partner."""
    pairs: set[tuple[Node, Node]] = set()
    for head, tail, attributes in graph.edges(data=True):
        if attributes["predicate"] != "same_as" or "reason" in attributes or parent[head] == parent[tail]:
            continue
        kinds = {graph.nodes[head]["kind"], graph.nodes[tail]["kind"]}
        if len(kinds) == 1 or UNKNOWN_KIND in kinds:
            first, second = sorted((parent[head], parent[tail]))
            pairs.add((first, second))
    partners = Counter(node for pair in pairs for node in pair)
    return sorted(pair for pair in pairs if min(partners[pair[0]], partners[pair[1]]) == 1 and _known_kinds_agree(graph, pair, pairs))


def _known_kinds_agree(graph: networkx.MultiDiGraph, pair: tuple[Node, Node], pairs: set[tuple[Node, Node]]) -> bool:
    """Whether a name of unknown kind has partners of one known kind only: it must not bridge a person and a place."""
    for node in pair:
        if graph.nodes[node]["kind"] == UNKNOWN_KIND:
            kinds = {graph.nodes[other]["kind"] for two in pairs if node in two for other in two} - {UNKNOWN_KIND}
            if len(kinds) > 1:
                return False
    return True


def _group(graph: networkx.MultiDiGraph, nodes: list[Node]) -> EntityGroup:
    names = Counter(graph.nodes[node]["name"] for node in nodes)
    name = min(names, key=lambda one: (-names[one], one))
    kinds = {graph.nodes[node]["kind"] for node in nodes} - {UNKNOWN_KIND}
    return EntityGroup(name=name, kind=min(kinds, default=UNKNOWN_KIND), nodes=tuple(nodes))
