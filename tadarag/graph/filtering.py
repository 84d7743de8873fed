"""A part of the corpus graph: things of some types, facts that hold at a date, names that hold some letters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tadarag.graph.document_entities import Fact
from tadarag.graph.facts import check_date, holds
from tadarag.graph.resolve import folded_name
from tadarag.graph.view import CorpusView, Thing


def filtered(view: CorpusView, *, types: Collection[str] = (), as_of: str = "") -> CorpusView:
    """The view of the things of some types, with the facts and sentences between them.

    types: core types or types as extracted; () keeps all. as_of: only facts that hold then by the dates that documents state; a fact without
    any date is kept. Things are numbered anew. Raises UsageError when `as_of` is no ISO date.
    """
    check_date(as_of)
    if not types and not as_of:
        return view
    kept = [thing for thing in view.things if not types or not {thing.kind, *thing.kinds}.isdisjoint(types)]
    things = tuple(replace(thing, number=number) for number, thing in enumerate(kept))
    of = {node: thing.number for thing in things for node in thing.nodes}
    sentences = (replace(sentence, nodes=tuple(node for node in sentence.nodes if node in of)) for sentence in view.sentences)

    def stays(fact: Fact) -> bool:
        return fact.head in of and fact.tail in of and (not as_of or holds(fact, as_of))

    return replace(
        view,
        entities={node: entity for node, entity in view.entities.items() if node in of},
        things=things,
        aliases=tuple(alias for alias in view.aliases if alias.one in of and alias.other in of),
        facts=tuple(fact for fact in view.facts if stays(fact)),
        second_names=tuple(fact for fact in view.second_names if stays(fact)),
        sentences=tuple(sentence for sentence in sentences if sentence.nodes),
        of=of,
    )


def joined_things(view: CorpusView) -> tuple[Thing, ...]:
    """The things that have several names or stand in several documents, most documents first; dates and numbers are none."""
    things = [
        thing
        for thing in view.things
        if (view.aliases_of(thing) or len(view.names(thing)) > 1) and not view.entities[thing.nodes[0]].is_value
    ]
    return tuple(sorted(things, key=lambda thing: (-len(thing.sources), thing.number)))


def things_named_like(view: CorpusView, text: str) -> tuple[Thing, ...]:
    """The things of which some name holds the text, most documents first; dates and numbers are none. Nothing for an empty text."""
    wanted = folded_name(text) or text.strip()
    if not wanted:
        return ()
    numbers = {
        view.of[node] for node, entity in view.entities.items() if not entity.is_value and any(wanted in name for name, _ in entity.names)
    }
    return tuple(sorted((view.things[number] for number in numbers), key=lambda thing: (-len(thing.sources), thing.number)))
