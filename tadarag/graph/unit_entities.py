"""Mentions of some chunks of a document become entities that bear the names of the document's stored clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tadarag.graph.resolve import UNKNOWN_KIND, resolve_extraction
from tadarag.values import Document, Entity, Extraction, Relation, Span


def resolve_among(document: Document, extraction: Extraction, stored: Extraction) -> Extraction:
    """The extraction of some chunks, its clusters joined and named by those that are stored of the whole document.

    A cluster of the chunks belongs to the only stored cluster that has a mention at one of its places, else to the only one that has a mention
    of the same wording; their kinds must agree, or one be unknown. It then takes that cluster's name and, where its own kind is unknown, its
    kind; so "Lovelace" is Ada Lovelace though the passage that says so was not selected. Relations follow; none leads from a cluster to itself.
    """
    local = resolve_extraction(document, extraction)
    belongs = _belongings(local, stored)
    merged: dict[tuple[int, int], list[int]] = {}
    for index in range(len(local.entities)):
        merged.setdefault((0, belongs[index]) if index in belongs else (1, index), []).append(index)
    entities: list[Entity] = []
    moved: dict[int, int] = {}
    for (is_own, number), indexes in merged.items():
        moved.update((index, len(entities)) for index in indexes)
        mentions = tuple(sorted(mention for index in indexes for mention in local.entities[index].mentions))
        one = local.entities[number] if is_own else stored.entities[number]
        kind = min((local.entities[index].kind for index in indexes), key=lambda kind: (kind == UNKNOWN_KIND, kind))
        entities.append(Entity(name=one.name, kind=one.kind if kind == UNKNOWN_KIND else kind, mentions=mentions))
    return replace(local, entities=tuple(entities), relations=tuple(_moved(local.relations, moved)))


def _moved(relations: tuple[Relation, ...], moved: Mapping[int, int]) -> Iterator[Relation]:
    for relation in relations:
        head, tail = moved[relation.head], moved[relation.tail]
        if head != tail:
            yield replace(relation, head=head, tail=tail)


def _belongings(local: Extraction, stored: Extraction) -> dict[int, int]:
    """For clusters of the chunks the stored cluster that each belongs to."""
    wanted = {mention.text for mention in local.mentions}
    by_place: dict[Span, int] = {}
    by_wording: dict[str, set[int]] = {}
    for number, entity in enumerate(stored.entities):
        for index in entity.mentions:
            mention = stored.mentions[index]
            if mention.text in wanted:
                by_place[mention.span] = number
                by_wording.setdefault(mention.text, set()).add(number)
    belongs: dict[int, int] = {}
    for index, entity in enumerate(local.entities):
        mentions = [local.mentions[number] for number in entity.mentions]
        placed = {by_place[mention.span] for mention in mentions if mention.span in by_place}
        worded = {number for mention in mentions for number in by_wording.get(mention.text, ())}
        for found in (placed, worded):
            agreeing = [number for number in found if _agree(entity.kind, stored.entities[number].kind)]
            if len(agreeing) == 1:
                belongs[index] = agreeing[0]
                break
            if agreeing:
                break
    return belongs


def _agree(kind: str, other: str) -> bool:
    return kind == other or UNKNOWN_KIND in (kind, other)
