"""A property graph of a server as documents of a base: one for each node, kept as the server has it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from tadarag import Document, IngestProgress, IngestReport, KnowledgeBase, Refused, SourceName, UsageError
from tadarag.document_json import content_hash
from tadarag.integrations.neo4j_graph import EVERYTHING, Choice, PropertyGraph, ServerNode, read_graph
from tadarag.integrations.neo4j_server import GraphServer
from tadarag.integrations.neo4j_text import Neighbour, node_document, node_name, shown_value

GUARD_DOCUMENTS = 20
"""A pull that would remove more than half of more documents than this is refused unless it is confirmed."""

_NAME = re.compile(r"\w[\w.-]{0,63}")
_LONGEST_KEY = 120
_HASH_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PullReport:
    """What a pull found: documents by what happens to each. ingested: the report of taking them in, None for a dry run or no change."""

    root: str
    n_nodes: int
    added: tuple[SourceName, ...] = ()
    changed: tuple[SourceName, ...] = ()
    removed: tuple[SourceName, ...] = ()
    unchanged: int = 0
    ingested: IngestReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How nodes become names. graph: what the documents stand under; key: the property that tells nodes apart, "" for one that a
    constraint keeps unique; name: the property that holds their names, "" for a usual one."""

    graph: str
    key: str = ""
    name: str = ""


def pull(
    base: KnowledgeBase,
    server: GraphServer,
    *,
    naming: Naming,
    choice: Choice = EVERYTHING,
    yes: bool = False,
    dry_run: bool = False,
    progress: Callable[[IngestProgress], None] | None = None,
) -> PullReport:
    """Make the documents under a graph's name those of the nodes that the server has now; equal ones cost nothing.

    What `push` wrote is not read. Raises Refused, unless `yes`, when the server has no such nodes any more or over half of the documents
    would go.
    """
    root = root_of(naming.graph)
    wanted = dict(node_documents(read_graph(server, choice, with_constraints=not naming.key), naming))
    present = {info.source: info.content for info in base.list() if info.source.root == root}
    quarantined = {source for source, _, _ in base.status().quarantined if source.root == root}
    added = tuple(sorted(set(wanted) - set(present)))
    changed = tuple(sorted(source for source in set(wanted) & set(present) if content_hash(wanted[source]) != present[source]))
    removed = tuple(sorted((set(present) | quarantined) - set(wanted)))
    if removed and not yes and not dry_run:
        _refuse_accident(root, n_wanted=len(wanted), n_present=len(present), n_removed=len(removed))
    ingested = None
    if not dry_run and (added or changed):
        ingested = base.ingest_documents(((source, wanted[source]) for source in sorted((*added, *changed))), progress=progress)
    if not dry_run and removed:
        base.delete(*removed)
    return PullReport(
        root=root,
        n_nodes=len(wanted),
        added=added,
        changed=changed,
        removed=removed,
        unchanged=len(wanted) - len(added) - len(changed),
        ingested=ingested,
    )


def root_of(graph: str) -> str:
    """The root of a graph's documents, "neo4j://GRAPH"; no folder can have it. Raises UsageError for what cannot be a name."""
    if not _NAME.fullmatch(graph):
        raise UsageError(f"{graph!r} cannot name a graph", "use up to 64 letters, digits, dots, hyphens and underscores")
    return f"neo4j://{graph}"


def node_documents(graph: PropertyGraph, naming: Naming) -> Iterator[tuple[SourceName, Document]]:
    """One document for each chosen node, sorted by source "neo4j://GRAPH:LABEL/KEY"; equal graphs give equal documents.

    KEY is the value of the key property, or the node's name and a hash of its labels and properties where it has none or shares it.
    """
    names = {identity: _name(node, naming) for identity, node in graph.nodes.items()}
    outgoing: dict[str, list[Neighbour]] = defaultdict(list)
    incoming: dict[str, list[Neighbour]] = defaultdict(list)
    for link in graph.links:
        outgoing[link.head].append(Neighbour(link.kind, names[link.tail], link.properties))
        incoming[link.tail].append(Neighbour(link.kind, names[link.head], link.properties))
    places = {identity: _place(graph.nodes[identity], graph, naming) for identity in graph.chosen}
    bearers = Counter(places.values())
    found = []
    for identity in graph.chosen:
        node = graph.nodes[identity]
        path = places[identity] if bearers[places[identity]] == 1 and places[identity] else _place_by_hash(node, names[identity])
        fields = {"graph": naming.graph, "labels": ", ".join(node.labels)}
        found.append((path, node_document(names[identity], node, outgoing[identity], incoming[identity], **fields)))
    found.sort(key=lambda pair: (pair[0], content_hash(pair[1])))
    taken: Counter[str] = Counter()
    for path, document in found:
        taken[path] += 1  # nodes that nothing tells apart but what surrounds them are numbered
        yield SourceName(root_of(naming.graph), path, str(taken[path]) if taken[path] > 1 else ""), document


def _name(node: ServerNode, naming: Naming) -> str:
    return node_name(node, naming.name) or f"{_first_label(node)} {_hash(node)}"


def _place(node: ServerNode, graph: PropertyGraph, naming: Naming) -> str:
    """LABEL/KEY by the key property or the first unique constraint whose properties the node has; "" without."""
    pairs = [(_first_label(node), (naming.key,))] if naming.key else [pair for pair in graph.unique if pair[0] in node.labels]
    for label, properties in pairs:
        values = [shown_value(node.properties.get(one)) for one in properties]
        if all(values):
            return f"{_segment(label)}/{_segment(','.join(values))}"
    return ""


def _place_by_hash(node: ServerNode, name: str) -> str:
    return f"{_segment(_first_label(node))}/{_segment(name)}~{_hash(node)}"


def _first_label(node: ServerNode) -> str:
    return node.labels[0] if node.labels else "node"


def _segment(text: str) -> str:
    """A text as one step of a path: NFC, without control characters, "/" and "#" written as %2F and %23, a long one cut and hashed."""
    plain = unicodedata.normalize("NFC", "".join(character if character.isprintable() else " " for character in text)).strip()
    escaped = plain.replace("%", "%25").replace("/", "%2F").replace("#", "%23") or "-"
    if escaped in (".", ".."):
        escaped = escaped.replace(".", "%2E")
    if len(escaped) <= _LONGEST_KEY:
        return escaped
    return escaped[:_LONGEST_KEY] + "~" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]


def _hash(node: ServerNode) -> str:
    """Of labels and properties as they are shown, vectors and bytes included."""
    said = json.dumps([node.labels, _plain(node.properties)], ensure_ascii=True, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:_HASH_LENGTH]


def _plain(properties: Mapping[str, object]) -> dict[str, str]:
    return {key: f"{type(value).__name__}:{value}" for key, value in properties.items()}


def _refuse_accident(root: str, *, n_wanted: int, n_present: int, n_removed: int) -> None:
    """Raise Refused for a removal that looks like the wrong server, database or choice."""
    if not n_wanted:
        raise Refused(
            f"the server has no such nodes, and all {n_present} documents of {root} would be removed",
            "check the address, --database, --label and --type, or repeat with --yes",
        )
    if n_present > GUARD_DOCUMENTS and 2 * n_removed > n_present:
        raise Refused(
            f"{n_removed} of {n_present} documents of {root} would be removed",
            "if another choice or database is meant, keep it apart with --as NAME; else repeat with --yes",
        )
