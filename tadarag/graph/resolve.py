"""Mentions of one document become its entities, on stated evidence only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from tadarag.analysis import is_acronym, name_tokens
from tadarag.graph.name_forms import abbreviates, is_shorter_organization, is_shorter_person
from tadarag.values import Document, Entity, Extraction, Mention, Relation

RULES = "clusters-2"  # part of what a base freezes: change it when any mention may come into another cluster
UNKNOWN_KIND = "name"


@dataclass(frozen=True, slots=True, order=True)
class _Group:
    """Mentions with the same folded name (or normal value) and kind."""

    folded: str
    kind: str


def resolve(document: Document, mentions: Sequence[Mention]) -> tuple[Entity, ...]:
    """Clusters of one document's mentions, in order of their first mention; every mention is in exactly one.

    Joined are: equal folded names of one kind, with or without "the"; a name of unknown kind ("name") with the only known kind of the same
    folded name; an abbreviation that the text states in parentheses after the full name ("World Health Organization (WHO)"); and, each with
    the only name of its document that it may stand for: initials, a person's name without the middle ones, an organization's without its
    form ("Ltd"), a person's last name after the full one. Different known kinds are never joined. The order of `mentions` decides nothing
    but their indexes.
    """
    groups: dict[_Group, list[int]] = {}
    for index, mention in enumerate(mentions):
        groups.setdefault(_Group(_folded(mention), mention.kind), []).append(index)
    joins: dict[_Group, _Group] = {}
    for short, full in sorted([*_kinds_told(groups), *_stated_abbreviations(document.text, mentions)]):
        _join(joins, short, full)
    written = {group: min(mentions[index].text for index in indexes) for group, indexes in groups.items()}
    for may_stand_for in (_is_with_article, _is_initials, _is_shorter_form):
        for short, full in _only_ones(joins, written, may_stand_for):
            _join(joins, short, full)
    for short, full in sorted(_last_names(mentions, groups, joins)):
        _join(joins, short, full)
    clusters: dict[_Group, list[int]] = {}
    for group, indexes in groups.items():
        clusters.setdefault(_root(joins, group), []).extend(indexes)
    entities = [_entity(mentions, indexes) for indexes in clusters.values()]
    return tuple(sorted(entities, key=lambda entity: (mentions[entity.mentions[0]].span, entity.kind, entity.name)))


def resolve_extraction(document: Document, extraction: Extraction) -> Extraction:
    """The extraction with its document's clusters as entities, and its relations between them (none from a cluster to itself, none twice)."""
    entities = resolve(document, extraction.mentions)
    cluster = {index: number for number, entity in enumerate(entities) for index in entity.mentions}
    moved = [
        replace(
            relation,
            head=cluster[extraction.entities[relation.head].mentions[0]],
            tail=cluster[extraction.entities[relation.tail].mentions[0]],
        )
        for relation in extraction.relations
    ]
    kept = {relation: None for relation in moved if relation.head != relation.tail}
    return replace(extraction, entities=entities, relations=tuple(sorted(kept, key=_relation_order)))


@lru_cache(maxsize=1 << 16)
def folded_name(name: str) -> str:
    """A name as names are compared: lower case, simplified, punctuation dropped; Latin words joined by spaces, CJK without."""
    words: list[str] = []
    was_cjk = False
    for token in name_tokens(name):
        if words and token.is_cjk and was_cjk:
            words[-1] += token.text
        else:
            words.append(token.text)
        was_cjk = token.is_cjk
    return " ".join(words)


def _relation_order(relation: Relation) -> tuple[object, ...]:
    return (relation.evidence, relation.head, relation.predicate, relation.tail, relation.probability)


def _folded(mention: Mention) -> str:
    return mention.normal or folded_name(mention.text) or mention.text


def _root(joins: dict[_Group, _Group], group: _Group) -> _Group:
    while group in joins:
        group = joins[group]
    return group


def _join(joins: dict[_Group, _Group], short: _Group, full: _Group) -> None:
    """Let `short` follow `full` unless their kinds differ; of two kinds the known one leads, so that no chain passes through an unknown one."""
    short, full = _root(joins, short), _root(joins, full)
    if short == full or (short.kind != full.kind and UNKNOWN_KIND not in (short.kind, full.kind)):
        return
    if full.kind == UNKNOWN_KIND and short.kind != UNKNOWN_KIND:
        short, full = full, short
    joins[short] = full


def _kinds_told(groups: Iterable[_Group]) -> list[tuple[_Group, _Group]]:
    known: dict[str, list[_Group]] = {}
    for group in groups:
        if group.kind != UNKNOWN_KIND:
            known.setdefault(group.folded, []).append(group)
    return [(group, known[group.folded][0]) for group in groups if group.kind == UNKNOWN_KIND and len(known.get(group.folded, ())) == 1]


def _stated_abbreviations(text: str, mentions: Sequence[Mention]) -> list[tuple[_Group, _Group]]:
    """(abbreviation, full name) pairs that the text states in brackets; what it states for two names belongs to neither."""
    ordered = sorted(mentions, key=lambda mention: (mention.span, mention.kind))
    stated: dict[_Group, set[_Group]] = {}
    for full, short in pairwise(ordered):
        gap = text[full.span.end : short.span.start].strip(" \"”'’")
        is_in_brackets = gap in ("(", "（") and text[short.span.end : short.span.end + 1] in (")", "）")
        if is_in_brackets and (is_acronym(short.text, full.text) or abbreviates(short.text, full.text)):
            stated.setdefault(_Group(_folded(short), short.kind), set()).add(_Group(_folded(full), full.kind))
    return [(short, next(iter(fulls))) for short, fulls in stated.items() if len(fulls) == 1]


_MayStandFor = Callable[[_Group, str, _Group, str], bool]
"""Whether a group (and its text) may stand for another (and its text)."""


def _is_with_article(short: _Group, _short: str, full: _Group, _full: str) -> bool:
    return full.folded == f"the {short.folded}"


def _is_initials(short: _Group, written: str, full: _Group, full_written: str) -> bool:
    letters = written.replace(".", "")
    return short.kind != "person" and letters.isupper() and is_acronym(written, full_written)


def _is_shorter_form(short: _Group, _short: str, full: _Group, _full: str) -> bool:
    if short.kind == "person":
        return is_shorter_person(short.folded, full.folded)
    return short.kind == "organization" and is_shorter_organization(short.folded, full.folded)


def _only_ones(joins: dict[_Group, _Group], written: dict[_Group, str], may_stand_for: _MayStandFor) -> list[tuple[_Group, _Group]]:
    """(short, full) pairs of one kind where all names of the document that `short` may stand for are one already."""
    by_kind: dict[str, list[_Group]] = {}
    for group in sorted(written):
        by_kind.setdefault(group.kind, []).append(group)
    pairs: list[tuple[_Group, _Group]] = []
    for groups in by_kind.values():
        for short in groups:
            full = [one for one in groups if one != short and may_stand_for(short, written[short], one, written[one])]
            if len({_root(joins, one) for one in full}) == 1:
                pairs.append((short, full[0]))
    return pairs


def _last_names(mentions: Sequence[Mention], groups: dict[_Group, list[int]], joins: dict[_Group, _Group]) -> list[tuple[_Group, _Group]]:
    first = {group: min(mentions[index].span.start for index in indexes) for group, indexes in groups.items()}
    persons: dict[str, list[_Group]] = {}
    for group in sorted(groups):
        words = group.folded.split()
        if group.kind in ("person", UNKNOWN_KIND) and 2 <= len(words) <= 4:
            persons.setdefault(words[-1], []).append(group)
    pairs: list[tuple[_Group, _Group]] = []
    for group in groups:
        full = persons.get(group.folded, [])
        # One of the two must be known to be a person: "New Halvrin" and "Halvrin" are not the same.
        is_one = len({_root(joins, one) for one in full}) == 1
        if is_one and "person" in (group.kind, *(one.kind for one in full)) and min(first[one] for one in full) < first[group]:
            pairs.append((group, full[0]))
    return pairs


def _entity(mentions: Sequence[Mention], indexes: Sequence[int]) -> Entity:
    """The cluster's name is its longest by words, then by characters, then the first in the text."""
    ordered = sorted(indexes, key=lambda index: (mentions[index].span, mentions[index].kind, mentions[index].text))
    name = min(ordered, key=lambda index: (-len(name_tokens(mentions[index].text)), -len(mentions[index].text), mentions[index].span))
    kinds = {mentions[index].kind for index in ordered}
    return Entity(name=mentions[name].text, kind=min(kinds - {UNKNOWN_KIND}, default=UNKNOWN_KIND), mentions=tuple(ordered))
