"""What lies around one thing of the corpus graph: what is a few facts away, and the short names that may mean it."""

from __future__ import annotations

from tadarag.graph.facts import statements
from tadarag.graph.short_names import Possible, possible_meanings
from tadarag.graph.view import CorpusView, Thing

MOST_NAMED_WITH = 8
"""How many of the names beside a thing are worth showing."""


def things_around(view: CorpusView, thing: Thing, *, depth: int, as_of: str = "") -> list[Thing]:
    """Things that are at most depth - 1 facts away, nearest first; values are ends."""
    seen = [thing]
    frontier = [thing]
    for _ in range(depth - 1):
        near = {statement.other.number for one in frontier for statement in statements(view, one, as_of=as_of)}
        frontier = [
            view.things[number]
            for number in sorted(near)
            if view.things[number] not in seen and not view.entities[view.things[number].nodes[0]].is_value
        ]
        seen += frontier
    return seen[1:]


def may_also_be(view: CorpusView, thing: Thing) -> list[Possible]:
    """The short names elsewhere that may mean the thing, with their weights."""
    return [one for one in possible_meanings(view, frozenset({thing.number})) if one.full.number == thing.number]
