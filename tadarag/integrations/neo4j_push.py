"""The corpus graph of a base on a server: what differs is looked up there, and only that is written."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tadarag import BaseBusy, GraphServerError, KnowledgeBase
from tadarag.integrations.neo4j_rows import (
    DOCUMENT,
    NAMESPACE,
    THING,
    GraphRows,
    LinkRow,
    NodeRow,
    check_graph_name,
    graph_rows,
    key_prefix,
)
from tadarag.integrations.neo4j_server import Clash, GraphServer, Run, is_forbidden

BATCH_ROWS = 1000
"""Rows of one transaction."""
_TRIES = 4
_SECONDS_BETWEEN_TRIES = 0.2

_CONSTRAINT = f"CREATE CONSTRAINT tadarag_key IF NOT EXISTS FOR (n:{NAMESPACE}) REQUIRE n.key IS UNIQUE"
_INDEX = f"CREATE INDEX tadarag_graph IF NOT EXISTS FOR (n:{NAMESPACE}) ON (n.graph)"
_FIND_CONSTRAINT = "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties RETURN type, labelsOrTypes, properties"
_READ_NODES = f"MATCH (n:{NAMESPACE} {{graph: $graph}}) RETURN n.key, n.digest"
_READ_LINKS = f"MATCH (h:{NAMESPACE} {{graph: $graph}})-[r]->(t:{NAMESPACE} {{graph: $graph}}) WHERE r.key STARTS WITH $prefix RETURN r.key, h.key, t.key"
_DELETE_LINKS = (
    f"UNWIND $rows AS row MATCH (h:{NAMESPACE} {{key: row.head}})-[r]->(t:{NAMESPACE} {{key: row.tail}}) WHERE r.key = row.key "
    "DELETE r RETURN count(*)"
)
_DELETE_NODES = f"UNWIND $rows AS row MATCH (n:{NAMESPACE} {{key: row.key}}) DETACH DELETE n RETURN count(*)"
_CHANGE_NODES = f"UNWIND $rows AS row MATCH (n:{NAMESPACE} {{key: row.key}}) SET n = row.properties RETURN count(*)"
# CREATE and not MERGE: the plan knows what is missing, and a MERGE of two labels finds no index on some servers (33 nodes/s in place of 3,000).
_CREATE_NODES = f"UNWIND $rows AS row CREATE (n:{NAMESPACE}:{{label}}) SET n = row.properties RETURN count(*)"
_CREATE_LINKS = (
    f"UNWIND $rows AS row MATCH (h:{NAMESPACE} {{{{key: row.head}}}}) MATCH (t:{NAMESPACE} {{{{key: row.tail}}}}) "
    "CREATE (h)-[r:`{kind}`]->(t) SET r = row.properties RETURN count(*)"
)

Progress = Callable[[int, int], None]
"""Told how many rows have been written, of how many."""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A relationship of ours that a server has."""

    key: str
    head: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What makes a server's graph that of the base, each part in the order of its keys; applied from top to bottom."""

    links_to_delete: tuple[StoredLink, ...] = ()
    nodes_to_delete: tuple[str, ...] = ()
    nodes_to_change: tuple[NodeRow, ...] = ()
    nodes_to_create: tuple[NodeRow, ...] = ()
    links_to_create: tuple[LinkRow, ...] = ()
    n_unchanged: int = 0

    @property
    def n_rows(self) -> int:
        """How many rows are to be written; 0 when the server has the graph already."""
        parts = (self.links_to_delete, self.nodes_to_delete, self.nodes_to_change, self.nodes_to_create, self.links_to_create)
        return sum(map(len, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReport:
    """What a push found to do and did. n_written: rows written, after a clash with another push more than planned; n_statements: those that wrote."""

    graph: str
    plan: Plan
    n_written: int = 0
    n_statements: int = 0
    seconds: float = 0.0
    interrupted: bool = False


def push(
    base: KnowledgeBase,
    server: GraphServer,
    *,
    graph: str,
    anew: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> PushReport:
    """Make the graph of that name on the server equal to the corpus graph of the base; what is equal already is not written.

    anew: first remove what is there under the name, also what others have changed in it. dry_run: only plan. stop: asked between
    transactions. Whatever ends a push early, the next one finishes it. Raises BaseBusy when the base changes all the while.
    """
    return write_rows(_rows(base, graph), server, graph=graph, anew=anew, dry_run=dry_run, progress=progress, stop=stop)


def remove(server: GraphServer, *, graph: str, dry_run: bool = False, progress: Progress | None = None) -> PushReport:
    """Take the graph of that name off the server; other graphs and foreign data stay."""
    check_graph_name(graph)
    return write_rows(GraphRows(nodes={}, links={}), server, graph=graph, dry_run=dry_run, progress=progress)


def write_rows(
    rows: GraphRows,
    server: GraphServer,
    *,
    graph: str,
    anew: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> PushReport:
    """Make the graph of that name on the server consist of the rows; see `push`."""
    started = time.perf_counter()
    plan = first = plan_push(rows, server, graph=graph, anew=anew)
    if not plan.n_rows or dry_run:
        return PushReport(graph=graph, plan=plan, seconds=time.perf_counter() - started)
    _prepare(server)
    done: Counter[str] = Counter()
    interrupted = False
    for attempt in range(1, _TRIES + 1):
        try:
            interrupted = not _apply(plan, server, graph, done, total=first.n_rows, progress=progress, stop=stop or (lambda: False))
            break
        except Clash as clash:
            if attempt == _TRIES:
                raise GraphServerError(
                    f"another push of {graph!r} is writing to {server.address}: {clash}", "wait for it to end, then push again"
                ) from clash
            time.sleep(_SECONDS_BETWEEN_TRIES * attempt)
            plan = plan_push(rows, server, graph=graph)
    return PushReport(
        graph=graph,
        plan=first,
        n_written=done["rows"],
        n_statements=done["statements"],
        seconds=time.perf_counter() - started,
        interrupted=interrupted,
    )


def plan_push(rows: GraphRows, server: GraphServer, *, graph: str, anew: bool = False) -> Plan:
    """Compare the rows with what the server has under the graph's name. anew: count all of that as stale."""

    def look(run: Run) -> tuple[dict[str, str], list[StoredLink]]:
        nodes = {str(key): str(digest) for key, digest in run(_READ_NODES, graph=graph)}
        return nodes, [StoredLink(*map(str, row)) for row in run(_READ_LINKS, graph=graph, prefix=key_prefix(graph))]

    nodes, links = server.read(look)
    if anew:
        return replace(difference(rows, {}, ()), nodes_to_delete=tuple(sorted(nodes)))
    return difference(rows, nodes, links)


def difference(rows: GraphRows, nodes: Mapping[str, str], links: Sequence[StoredLink]) -> Plan:
    """The plan that turns nodes (key -> digest) and links of a server into the rows.

    A link that the server has twice is deleted and made again. Links go with their nodes, and are then not deleted by themselves.
    """
    gone = {key for key in nodes if key not in rows.nodes}
    times = Counter(link.key for link in links)
    kept = {key for key, n_times in times.items() if n_times == 1 and key in rows.links}
    stale = {link for link in links if link.key not in kept and link.head not in gone and link.tail not in gone}
    changed = [row for key, row in rows.nodes.items() if key in nodes and nodes[key] != row.digest]
    created = [row for key, row in rows.nodes.items() if key not in nodes]
    return Plan(
        links_to_delete=tuple(sorted(stale, key=lambda link: link.key)),
        nodes_to_delete=tuple(sorted(gone)),
        nodes_to_change=tuple(changed),
        nodes_to_create=tuple(created),
        links_to_create=tuple(row for key, row in rows.links.items() if key not in kept),
        n_unchanged=len(rows.nodes) - len(changed) - len(created) + len(kept),
    )


def _rows(base: KnowledgeBase, graph: str) -> GraphRows:
    """Documents and graph as they are at one time."""
    check_graph_name(graph)
    for _ in range(_TRIES):
        documents = base.list()
        view = base.graph()
        if base.list() == documents:
            return graph_rows(graph, documents, view)
    raise BaseBusy(f"the documents of {base.path} change faster than their graph can be read", "push again when the ingest has ended")


def _prepare(server: GraphServer) -> None:
    """The unique constraint, without which two pushes at once could write a node twice, and the index by which a graph is found."""
    for statement in (_CONSTRAINT, _INDEX):
        try:
            server.change_schema(statement)
        except GraphServerError as error:
            if not is_forbidden(error):
                raise
            if statement == _CONSTRAINT and not server.read(_has_constraint):
                raise GraphServerError(error.happened, f"let someone who may run this once, then push again: {statement}") from error


def _has_constraint(run: Run) -> bool:
    return any(
        "UNIQUE" in str(kind) and list(labels) == [NAMESPACE] and list(properties) == ["key"]
        for kind, labels, properties in run(_FIND_CONSTRAINT)
    )


def _apply(
    plan: Plan,
    server: GraphServer,
    graph: str,
    done: Counter[str],
    *,
    total: int,
    progress: Progress | None,
    stop: Callable[[], bool],
) -> bool:
    """Write a plan batch by batch; False when it was stopped before its end."""
    for statement, rows in _batches(plan, graph):
        if stop():
            return False
        n_written = server.write(statement, rows)
        done["rows"] += n_written
        done["statements"] += 1
        if n_written < len(rows) and "DELETE" not in statement:
            raise Clash(f"{len(rows) - n_written} rows found nothing to be written to")
        if progress:
            progress(min(done["rows"], total), total)
    return True


def _batches(plan: Plan, graph: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Statements with their rows, one transaction each, in an order in which what is left after any of them can be finished by another push."""
    yield from _cut(_DELETE_LINKS, [{"key": link.key, "head": link.head, "tail": link.tail} for link in plan.links_to_delete])
    yield from _cut(_DELETE_NODES, [{"key": key} for key in plan.nodes_to_delete])
    yield from _cut(_CHANGE_NODES, [_node_parameters(row, graph) for row in plan.nodes_to_change])
    for label in (DOCUMENT, THING):
        rows = [_node_parameters(row, graph) for row in plan.nodes_to_create if row.label == label]
        yield from _cut(_CREATE_NODES.format(label=label), rows)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for link in plan.links_to_create:
        parameters = {"head": link.head, "tail": link.tail, "properties": {**_lists(link.properties), "key": link.key}}
        by_kind.setdefault(link.kind, []).append(parameters)
    for kind, rows in sorted(by_kind.items()):
        yield from _cut(_CREATE_LINKS.format(kind=kind), rows)


def _cut(statement: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield from ((statement, rows[start : start + BATCH_ROWS]) for start in range(0, len(rows), BATCH_ROWS))


def _node_parameters(row: NodeRow, graph: str) -> dict[str, Any]:
    return {"key": row.key, "properties": {**_lists(row.properties), "key": row.key, "graph": graph, "digest": row.digest}}


def _lists(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in properties.items()}
