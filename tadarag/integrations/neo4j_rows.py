"""The corpus graph as rows of a labelled property graph: a pure function of present documents and decisions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from tadarag import CorpusView, DocumentInfo, Thing
from tadarag.document_json import canonical_json
from tadarag.errors import UsageError
from tadarag.graph.document_entities import Quote
from tadarag.values import SourceName

NAMESPACE = "Tadarag"
"""Every node of ours has this label and no other program's nodes have it."""
DOCUMENT, THING = f"{NAMESPACE}Document", f"{NAMESPACE}Thing"
NAMED_IN, ALIAS = "NAMED_IN", "ALIAS"

Value = str | int | float | tuple[str, ...] | tuple[int, ...]

_NAME = re.compile(r"\w[\w.-]{0,63}")
_NOT_IN_A_TYPE = re.compile(r"\W+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HASH_LENGTH = 32


@dataclass(frozen=True)
class NodeRow:
    """A node. key: who it is, unique on a server; properties: all that is written beside key, graph and digest, without empty ones."""

    key: str
    label: str
    properties: Mapping[str, Value]

    @cached_property
    def digest(self) -> str:
        """Hash of everything but the key."""
        return _hash([self.label, self.properties])


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A relationship. key: hash of all of it, so that one that differs in anything is another one. head, tail: keys of nodes."""

    key: str
    kind: str
    head: str
    tail: str
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRows:
    """All rows of one base by key, in the order of their keys."""

    nodes: Mapping[str, NodeRow]
    links: Mapping[str, LinkRow]


def check_graph_name(graph: str) -> None:
    """Raise UsageError for a name under which no graph can be kept."""
    if not _NAME.fullmatch(graph):
        raise UsageError(f"{graph!r} cannot name a graph", "use up to 64 letters, digits, dots, hyphens and underscores")


def key_prefix(graph: str) -> str:
    """How the keys of a graph begin, and of no other."""
    return f"{graph}/"


def graph_rows(graph: str, documents: Sequence[DocumentInfo], view: CorpusView) -> GraphRows:
    """The rows of a base under a graph's name; equal documents and decisions give equal rows.

    (:TadaragThing)-[:PREDICATE]->(:TadaragThing) is a fact with its probability, dates, document, content hash, span and sentence; its type
    is the predicate in capitals. (:TadaragThing)-[:NAMED_IN]->(:TadaragDocument) says where a thing stands. [:ALIAS] between the same says
    which sentence of the document joined two of its names.
    """
    check_graph_name(graph)
    prefix = key_prefix(graph)
    nodes = [_document_row(prefix, info) for info in documents]
    keys = _thing_keys(prefix, view)
    nodes += [_thing_row(keys[thing.number], thing, view) for thing in view.things]
    contents = {info.source: info.content for info in documents}
    links = [*_facts(prefix, view, keys), *_places(prefix, view, keys), *_aliases(prefix, view, keys, contents)]
    return GraphRows(
        nodes={row.key: row for row in sorted(nodes, key=lambda row: row.key)},
        links={row.key: row for row in sorted(links, key=lambda row: row.key)},
    )


def relationship_type(predicate: str) -> str:
    """A predicate as the type of relationships: "born_on" is BORN_ON; letters of any script stay, the rest becomes "_"."""
    return _NOT_IN_A_TYPE.sub("_", predicate).strip("_").upper() or "FACT"


def _document_row(prefix: str, info: DocumentInfo) -> NodeRow:
    return NodeRow(
        _document_key(prefix, info.source),
        DOCUMENT,
        _without_empty(
            source=str(info.source),
            content=info.content,
            title=info.title,
            language=info.language,
            date=info.date,
            domain=info.domain,
            media_type=info.media_type,
            n_characters=info.n_characters,
            n_passages=info.n_passages,
        ),
    )


def _document_key(prefix: str, source: SourceName) -> str:
    return prefix + _hash(["document", source.root, source.path, source.part])


def _thing_keys(prefix: str, view: CorpusView) -> list[str]:
    """A key for each thing: of its name and type where that is a full name that no other thing has, else also of its first document.

    So a thing that documents share keeps its key when one of them goes, and things of one document are told apart in it.
    """
    shared = Counter((thing.name, thing.kind) for thing in view.things if _has_full_name(thing, view))
    taken: Counter[tuple[str, ...]] = Counter()
    keys = []
    for thing in view.things:
        identity: tuple[str, ...] = (thing.name, thing.kind)
        if not _has_full_name(thing, view) or shared[identity[0], identity[1]] > 1:
            identity += (str(thing.sources[0]),)
        taken[identity] += 1
        keys.append(prefix + _hash(["thing", *identity, taken[identity]]))
    return keys


def _has_full_name(thing: Thing, view: CorpusView) -> bool:
    return any(view.entities[node].is_full and not view.entities[node].is_value for node in thing.nodes)


def _thing_row(key: str, thing: Thing, view: CorpusView) -> NodeRow:
    names = tuple(sorted({name for node in thing.nodes for name, _ in view.entities[node].names}))
    return NodeRow(key, THING, _without_empty(name=thing.name, kind=thing.kind, kinds=thing.kinds, names=names))


def _facts(prefix: str, view: CorpusView, keys: Sequence[str]) -> Iterator[LinkRow]:
    for fact in view.facts:
        properties = _without_empty(
            predicate=fact.predicate,
            probability=fact.probability,
            valid_from=fact.valid_from,
            valid_to=fact.valid_to,
            stated_on=fact.stated_on,
            **_evidence(fact.evidence, fact.content),
        )
        yield _link(prefix, relationship_type(fact.predicate), keys[view.of[fact.head]], keys[view.of[fact.tail]], properties)


def _places(prefix: str, view: CorpusView, keys: Sequence[str]) -> Iterator[LinkRow]:
    for thing in view.things:
        for source in thing.sources:
            entities = [view.entities[node] for node in thing.nodes if node[0] == source]
            spans = sorted({span for entity in entities for span in entity.spans})
            properties = _without_empty(
                names=tuple(sorted({entity.name for entity in entities})),
                starts=tuple(span.start for span in spans),
                ends=tuple(span.end for span in spans),
            )
            yield _link(prefix, NAMED_IN, keys[thing.number], _document_key(prefix, source), properties)


def _aliases(prefix: str, view: CorpusView, keys: Sequence[str], contents: Mapping[SourceName, str]) -> Iterator[LinkRow]:
    for alias in view.aliases:
        for quote in alias.support:
            properties = _without_empty(
                reason=alias.reason,
                one=view.entities[alias.one].name,
                other=view.entities[alias.other].name,
                **_evidence(quote, contents[quote.source]),
            )
            yield _link(prefix, ALIAS, keys[view.of[alias.one]], _document_key(prefix, quote.source), properties)


def _evidence(quote: Quote, content: str) -> dict[str, Value]:
    return {
        "source": str(quote.source),
        "content": content,
        "start": quote.span.start,
        "end": quote.span.end,
        "sentence": quote.text,
    }


def _link(prefix: str, kind: str, head: str, tail: str, properties: Mapping[str, Value]) -> LinkRow:
    return LinkRow(prefix + _hash(["link", kind, head, tail, properties]), kind, head, tail, properties)


def _without_empty(**properties: Value) -> dict[str, Value]:
    """Properties as a server keeps them: an absent one stands for an empty text or list; lone surrogates, which it refuses, become U+FFFD."""
    return {name: _sound(value) for name, value in properties.items() if value not in ("", ())}


def _sound(value: Value) -> Value:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(_sound(part) for part in value)  # type: ignore[return-value]
    return value


def _hash(value: object) -> str:
    return sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
