"""Which document-local entities are one thing: joined by stated evidence only, in a way that cannot chain.

Two steps, each independent of the order of documents. First *classes*: entities of one full name and one core type (and one descriptor of
a title); a short name makes a class only around the one document that it is the title of. Attributes that differ part a class. Then
*second names* that a document states ("X, also known as Y", two full names of one cluster) join two classes where one of the two has no
other second name and the other is a full name: what comes out is a star of at most `MOST_NAMES` names around one of them, never a chain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tadarag.graph.cannot_link import CannotLink, Side
from tadarag.graph.document_entities import Fact, LocalEntity, Node, Quote, is_full_name
from tadarag.graph.resolve import UNKNOWN_KIND

MOST_NAMES = 6
"""A name with more second names than this around it tells nothing: all of them are left apart."""

Reason = Literal["full name", "title", "stated"]
_Key = tuple[str, str, str]  # folded name, core type, descriptor


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Two document-local entities that are one thing, why, and the sentences that say so (sorted, at least one)."""

    one: Node
    other: Node
    reason: Reason
    support: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The classes of equal things, each sorted, sorted by their first node; and the alias edges that made them."""

    classes: tuple[tuple[Node, ...], ...]
    aliases: tuple[Alias, ...]


def merge(
    entities: Mapping[Node, LocalEntity],
    facts: Iterable[Fact],
    second_names: Iterable[Fact],
    descriptors: Iterable[tuple[str, str]],
    links: Sequence[CannotLink],
) -> Merged:
    """Join entities by the rules above; cannot-links win over every statement.

    facts: read for birth dates and places, which tell bearers of one name apart. descriptors: a name that documents give two of
    ("painter", "harbour master") is stated to be that of two things; its bearers are joined only where their titles give the same one.
    links: a cannot-link between two names parts what it names; one between bearers of one name takes the bearer in its source out.
    """
    signatures = _signatures(entities, facts)
    given = Counter(name for name, _ in set(descriptors))
    homonyms = {name for name, n_descriptors in given.items() if n_descriptors > 1}
    stated_apart = frozenset(node for node, entity in entities.items() if entity.folded in homonyms and not entity.descriptor)
    classes, aliases = _name_classes(entities, signatures, _taken_out(entities, links) | stated_apart)
    class_of = {node: members[0] for members in classes for node in members}
    for node in entities:
        class_of.setdefault(node, node)
    members_of: dict[Node, list[Node]] = {}
    for node, first in sorted(class_of.items()):
        members_of.setdefault(first, []).append(node)
    stated = _stated_pairs(entities, class_of, second_names)
    kept = {
        pair: support for pair, support in stated.items() if not _is_forbidden(members_of[pair[0]], members_of[pair[1]], entities, links)
    }
    for centre, leaves in _stars(entities, members_of, kept).items():
        for leaf in _agreeing(centre, leaves, members_of, entities, signatures, links):
            pair = (min(centre, leaf), max(centre, leaf))
            aliases += [Alias(one=one, other=other, reason="stated", support=quotes) for (one, other), quotes in kept[pair].items()]
            for node in members_of.pop(leaf):
                class_of[node] = centre
                members_of[centre].append(node)
    return Merged(
        classes=tuple(sorted(tuple(sorted(members)) for members in members_of.values())),
        aliases=tuple(sorted(aliases, key=lambda alias: (alias.one, alias.other, alias.reason, alias.support))),
    )


# Classes of one name.


def _name_classes(
    entities: Mapping[Node, LocalEntity], signatures: Mapping[Node, tuple[str, str]], taken_out: frozenset[Node]
) -> tuple[list[list[Node]], list[Alias]]:
    """Classes of two or more entities, each sorted, with the edges of a star around its first (or titled) entity."""
    named: dict[_Key, list[Node]] = {}
    for node, entity in sorted(entities.items()):
        if not entity.is_value and node not in taken_out:
            named.setdefault((entity.folded, entity.core, entity.descriptor if entity.is_full else ""), []).append(node)
    classes: list[list[Node]] = []
    aliases: list[Alias] = []
    for (folded, core, _), nodes in sorted(_with_unknown_types(named, entities).items()):
        titled = [node for node in nodes if entities[node].is_titled]
        is_of_title = len(titled) == 1 and not entities[titled[0]].descriptor and core != UNKNOWN_KIND
        is_full = any(entities[node].is_full for node in nodes)
        if not is_full and not is_of_title:
            continue
        reason: Reason = "full name" if is_full else "title"
        for members in _parted(nodes, signatures):
            if len(members) > 1 and (reason == "full name" or titled[0] in members):
                centre = members[0] if reason == "full name" else titled[0]
                classes.append(members)
                aliases += [_star_edge(centre, node, folded, entities, reason) for node in members if node != centre]
    return classes, aliases


def _with_unknown_types(named: dict[_Key, list[Node]], entities: Mapping[Node, LocalEntity]) -> dict[_Key, list[Node]]:
    """Full names of unknown type moved to the only type that the name has anywhere; they stay among themselves where it has several."""
    types: dict[str, set[_Key]] = {}
    for key in named:
        if key[1] != UNKNOWN_KIND:
            types.setdefault(key[0], set()).add(key)
    moved: dict[_Key, list[Node]] = {}
    for key, nodes in named.items():
        known = types.get(key[0], set())
        goes_to = next(iter(known)) if key[1] == UNKNOWN_KIND and len(known) == 1 and entities[nodes[0]].is_full else key
        if goes_to[2] != key[2]:
            goes_to = key
        moved[goes_to] = sorted([*moved.get(goes_to, []), *nodes])
    return moved


def _star_edge(centre: Node, node: Node, folded: str, entities: Mapping[Node, LocalEntity], reason: Reason) -> Alias:
    support = tuple(sorted({_named_in(entities[one], folded) for one in (centre, node)}))
    one, other = sorted((centre, node))
    return Alias(one=one, other=other, reason=reason, support=support)


def _named_in(entity: LocalEntity, folded: str) -> Quote:
    """The sentence in which an entity has a name; that of its first name where the name is a normalised value."""
    return dict(entity.names).get(folded, entity.names[0][1])


# What tells bearers of one name apart.


def _signatures(entities: Mapping[Node, LocalEntity], facts: Iterable[Fact]) -> dict[Node, tuple[str, str]]:
    """(birth year, birth place) of the entities for which a document states exactly one; "" for what is not stated."""
    years: dict[Node, set[str]] = {}
    places: dict[Node, set[str]] = {}
    for fact in facts:
        if fact.predicate == "born_on" and entities[fact.tail].folded[:4].isdecimal():
            years.setdefault(fact.head, set()).add(entities[fact.tail].folded[:4])
        elif fact.predicate == "born_in":
            places.setdefault(fact.head, set()).add(entities[fact.tail].folded)
    return {node: (_only(years.get(node, set())), _only(places.get(node, set()))) for node in {*years, *places} if node in entities}


def _only(values: set[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def _conflict(signatures: Iterable[tuple[str, str]]) -> bool:
    """Whether birth years differ, or, where no two state a year, birth places do."""
    stated = list(signatures)
    years = {year for year, _ in stated if year}
    return len(years) > 1 or (not years and len({place for _, place in stated if place}) > 1)


def _parted(nodes: Sequence[Node], signatures: Mapping[Node, tuple[str, str]]) -> list[list[Node]]:
    """Bearers of one name parted by what is stated of them; one of whom nothing is stated stands alone where others differ."""
    stated = {node: signatures.get(node, ("", "")) for node in nodes}
    if not _conflict(stated.values()):
        return [sorted(nodes)]
    has_years = any(year for year, _ in stated.values())
    parts: dict[object, list[Node]] = {}
    for node in sorted(nodes):
        parts.setdefault((stated[node][0] if has_years else stated[node][1]) or node, []).append(node)
    return list(parts.values())


# Second names.

_Pair = tuple[Node, Node]  # first nodes of two classes, the smaller first
_Statements = dict[_Pair, tuple[Quote, ...]]  # by the two document-local entities that a document states to be one


def _stated_pairs(
    entities: Mapping[Node, LocalEntity], class_of: Mapping[Node, Node], second_names: Iterable[Fact]
) -> dict[_Pair, _Statements]:
    """Pairs of classes that documents state to be one thing, with the statements; types must agree."""
    found: dict[_Pair, dict[_Pair, set[Quote]]] = {}

    def state(one: Node, other: Node, quotes: Iterable[Quote]) -> None:
        first, second = sorted((class_of[one], class_of[other]))
        cores = {entities[one].core, entities[other].core}
        if first != second and (len(cores) == 1 or UNKNOWN_KIND in cores):
            nodes = (min(one, other), max(one, other))
            found.setdefault((first, second), {}).setdefault(nodes, set()).update(quotes)

    for fact in second_names:
        state(fact.head, fact.tail, [fact.evidence])
    bearers: dict[tuple[str, str], set[Node]] = {}
    for node, entity in entities.items():
        if entity.is_full and not entity.is_value:
            bearers.setdefault((entity.folded, entity.core), set()).add(class_of[node])
    for node, entity in sorted(entities.items()):
        for name, quote in entity.names:
            others = bearers.get((name, entity.core), set()) - {class_of[node]}
            if is_full_name(name) and name != entity.folded and len(others) == 1 and not entity.is_value:
                state(node, next(iter(others)), [quote, _named_in(entity, entity.folded)])
    return {
        pair: {nodes: tuple(sorted(quotes)) for nodes, quotes in sorted(statements.items())} for pair, statements in sorted(found.items())
    }


def _stars(
    entities: Mapping[Node, LocalEntity], members_of: Mapping[Node, Sequence[Node]], pairs: Iterable[_Pair]
) -> dict[Node, list[Node]]:
    """Centres with their leaves: a leaf has no other partner, a centre of several leaves is a full name with few names around it."""
    partners: dict[Node, set[Node]] = {}
    for one, other in pairs:
        partners.setdefault(one, set()).add(other)
        partners.setdefault(other, set()).add(one)
    stars: dict[Node, list[Node]] = {}
    for centre, around in sorted(partners.items()):
        leaves = sorted(node for node in around if len(partners[node]) == 1)
        if len(around) == 1:
            (other,) = around
            if len(partners[other]) == 1 and centre < other:
                stars[centre] = [other]
        elif entities[members_of[centre][0]].is_full and len({entities[node].folded for node in around}) < MOST_NAMES:
            stars[centre] = leaves
    return stars


def _agreeing(
    centre: Node,
    leaves: Sequence[Node],
    members_of: Mapping[Node, Sequence[Node]],
    entities: Mapping[Node, LocalEntity],
    signatures: Mapping[Node, tuple[str, str]],
    links: Sequence[CannotLink],
) -> list[Node]:
    """The leaves that may join a centre together: none where types or attributes differ, not those that a cannot-link parts."""
    nodes = [node for first in (centre, *leaves) for node in members_of[first]]
    cores = {entities[node].core for node in nodes} - {UNKNOWN_KIND}
    if len(cores) > 1 or _conflict(signatures[node] for node in nodes if node in signatures):
        return []
    return [
        leaf
        for leaf in leaves
        if not any(other != leaf and _is_forbidden(members_of[leaf], members_of[other], entities, links) for other in leaves)
    ]


# Decisions of a person.


def _taken_out(entities: Mapping[Node, LocalEntity], links: Sequence[CannotLink]) -> frozenset[Node]:
    """Bearers that a cannot-link of one name takes out of their class: those in the sources that it names."""
    sides = [side for link in links if link.is_of_one_name for side in (link.one, link.other) if side.source]
    return frozenset(node for node, entity in entities.items() if any(side.matches(entity) for side in sides))


def _is_forbidden(one: Sequence[Node], other: Sequence[Node], entities: Mapping[Node, LocalEntity], links: Sequence[CannotLink]) -> bool:
    """Whether a cannot-link has one side among the first entities, and the other among the second."""

    def holds(nodes: Sequence[Node], side: Side) -> bool:
        return any(side.matches(entities[node]) for node in nodes)

    return any((holds(one, link.one) and holds(other, link.other)) or (holds(one, link.other) and holds(other, link.one)) for link in links)
