"""A property graph as a server has it, read for documents: nodes, relationships, and which properties tell nodes apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tadarag.integrations.neo4j_rows import NAMESPACE
from tadarag.integrations.neo4j_server import GraphServer, Run

_FIND_KEYS = "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties, entityType RETURN type, labelsOrTypes, properties, entityType"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a database is read: nodes with one of the labels, relationships of one of the types; () for all. Nodes of ours are never read."""

    labels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class ServerNode:
    """A node: its labels, sorted, and its properties as the driver gives them."""

    labels: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServerLink:
    """A relationship from one node to another, by the ids that they have in this reading."""

    kind: str
    head: str
    tail: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyGraph:
    """What was read. chosen: ids of the nodes that were asked for; nodes: these and their neighbours, by ids that hold for this reading only.

    unique: (label, properties) pairs that a constraint keeps unique, sorted.
    """

    nodes: Mapping[str, ServerNode]
    chosen: frozenset[str]
    links: tuple[ServerLink, ...]
    unique: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


def read_graph(server: GraphServer, choice: Choice, *, with_constraints: bool = True) -> PropertyGraph:
    """Read nodes, relationships and neighbours in one transaction. with_constraints: also ask which properties are unique."""

    def read(run: Run) -> PropertyGraph:
        unique = _unique_properties(run(_FIND_KEYS)) if with_constraints else ()
        nodes: dict[str, ServerNode] = {}
        for identity, labels, properties in run(_nodes_statement(choice)):
            nodes[str(identity)] = ServerNode(tuple(sorted(labels)), properties)
        chosen = frozenset(nodes)
        links: dict[str, ServerLink] = {}
        for statement in _links_statements(choice):
            for identity, kind, properties, *ends in run(statement):
                head, tail = (_end(nodes, *ends[start : start + 3]) for start in (0, 3))
                links[str(identity)] = ServerLink(str(kind), head, tail, properties)
        return PropertyGraph(nodes=nodes, chosen=chosen, links=tuple(links.values()), unique=unique)

    return server.read(read)


def _end(nodes: dict[str, ServerNode], identity: Any, labels: Sequence[str], properties: Mapping[str, Any]) -> str:
    nodes.setdefault(str(identity), ServerNode(tuple(sorted(labels)), properties))
    return str(identity)


def _unique_properties(rows: Iterator[Sequence[Any]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of nodes: uniqueness and node keys, not those that only ask for a property's presence or type."""
    return tuple(
        sorted(
            (str(labels[0]), tuple(map(str, properties)))
            for kind, labels, properties, what in rows
            if str(what) == "NODE" and str(kind) in ("UNIQUENESS", "NODE_KEY", "NODE_PROPERTY_UNIQUENESS") and list(labels) != [NAMESPACE]
        )
    )


def _nodes_statement(choice: Choice) -> str:
    return f"MATCH (n{_any_of(choice.labels)}) WHERE NOT n:{NAMESPACE} RETURN elementId(n), labels(n), properties(n)"


def _links_statements(choice: Choice) -> tuple[str, ...]:
    """Relationships that start at a chosen node, and those that end at one."""
    labels, types = _any_of(choice.labels), _any_of(choice.types)
    patterns = [f"(h{labels})-[r{types}]->(t)", f"(h)-[r{types}]->(t{labels})"]
    return tuple(
        f"MATCH {pattern} WHERE NOT h:{NAMESPACE} AND NOT t:{NAMESPACE} RETURN elementId(r), type(r), properties(r), "
        "elementId(h), labels(h), properties(h), elementId(t), labels(t), properties(t)"
        for pattern in (patterns if choice.labels else patterns[:1])
    )


def _any_of(names: Sequence[str]) -> str:
    """A label or type expression; names are quoted, so that none can be read as Cypher."""
    quoted = ("`" + name.replace("`", "``") + "`" for name in names)
    return ":" + "|".join(quoted) if names else ""
