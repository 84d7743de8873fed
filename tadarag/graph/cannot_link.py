"""Cannot-link decisions: what a person has said is not one thing, whatever the documents' names say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from tadarag.document_json import canonical_json
from tadarag.graph.document_entities import LocalEntity
from tadarag.graph.resolve import folded_name
from tadarag.store.protocol import Decision
from tadarag.values import SourceName

KIND = "cannot-link"
_HASH_LENGTH = 32


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One side of a cannot-link: the hash of a folded name, and the hash of a source, "" for all documents.

    Hashes, so that a decision keeps no word of a document that has been deleted.
    """

    name: str
    source: str = ""

    def matches(self, entity: LocalEntity) -> bool:
        """Whether the entity has this name (any of its mentions) and stands in this source."""
        if self.source and self.source != _hash(str(entity.node[0])):
            return False
        return any(_hash(name) == self.name for name, _ in entity.names)


@dataclass(frozen=True, slots=True, order=True)
class CannotLink:
    """Two sides that are not one thing, `one` <= `other`: two names, or a name and its bearer in one source."""

    one: Side
    other: Side

    @property
    def is_of_one_name(self) -> bool:
        """Whether it parts bearers of the same name."""
        return self.one.name == self.other.name


def cannot_link(name: str, other: str) -> CannotLink:
    """Two names are not one thing, in whatever documents; the order of the two plays no part."""
    first, second = sorted((_side(name), _side(other)))
    return CannotLink(first, second)


def cannot_link_in(name: str, source: SourceName) -> CannotLink:
    """The bearer of a name in one source is not what bears the name elsewhere."""
    return CannotLink(_side(name), Side(_side(name).name, _hash(str(source))))


def to_decision(link: CannotLink, *, is_withdrawn: bool = False) -> Decision:
    """The decision as it is stored."""
    body = canonical_json([[side.name, side.source] for side in (link.one, link.other)])
    return Decision(kind=KIND, body=body, is_withdrawn=is_withdrawn)


def cannot_links(decisions: Iterable[Decision]) -> tuple[CannotLink, ...]:
    """The cannot-links among decisions, sorted."""
    sides = [json.loads(decision.body) for decision in decisions if decision.kind == KIND]
    return tuple(sorted(CannotLink(Side(*one), Side(*other)) for one, other in sides))


def in_words(links: Iterable[CannotLink], entities: Iterable[LocalEntity]) -> tuple[tuple[str, str], ...]:
    """The two sides of each link that present documents still bear out, sorted: names, or a name and "NAME in SOURCE"."""
    names: dict[str, str] = {}
    sources: dict[str, str] = {}
    for entity in entities:
        names.update((_hash(name), name) for name, _ in entity.names)
        sources[_hash(str(entity.node[0]))] = str(entity.node[0])

    def word(side: Side) -> str:
        return f"{names[side.name]} in {sources[side.source]}" if side.source else names[side.name]

    present = [link for link in links if all(side.name in names and side.source in {"", *sources} for side in (link.one, link.other))]
    return tuple(sorted((word(link.one), word(link.other)) for link in present))


def _side(name: str) -> Side:
    return Side(_hash(folded_name(name) or name))


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
