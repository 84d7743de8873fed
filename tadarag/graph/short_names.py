"""Short names that no document settles: followed when asked, never merged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tadarag.analysis import is_cjk, terms
from tadarag.graph.document_entities import is_full_name
from tadarag.graph.resolve import UNKNOWN_KIND
from tadarag.graph.view import CorpusView, Thing
from tadarag.values import SourceName

PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """A short name that may mean a thing; weight in (0, 1]."""

    short: Thing
    full: Thing
    weight: float


def possible_meanings(view: CorpusView, around: frozenset[int] | None = None) -> tuple[Possible, ...]:
    """What short names may mean, sorted by short name, then weight, best first.

    A short name is a thing of one document without a full name; its candidates are the things with a full name that some document also
    calls so, and persons whose full name ends in it. weight = 1 / candidates * the share of the other names of the
    short name's document that the candidate's documents hold too; candidates that share none are counted, and left out.
    around: only pairs with one of these things.
    """
    called_so, ends_so = _full_things(view)
    names_of = _names_by_source(view)
    found: list[Possible] = []
    for short in view.things:
        entity = view.entities[short.nodes[0]]
        if len(short.nodes) > 1 or entity.is_value or entity.is_full:
            continue
        numbers = set(called_so.get(entity.folded, ()))
        for number in ends_so.get(entity.folded, ()):
            if PERSON in (short.kind, view.things[number].kind):
                numbers.add(number)
        candidates = [view.things[number] for number in sorted(numbers - {short.number}) if _types_agree(view.things[number], short)]
        context = names_of[entity.node[0]] - {entity.folded}
        for full in candidates:
            if around is not None and short.number not in around and full.number not in around:
                continue
            shared = context & frozenset[str]().union(*(names_of[source] for source in full.sources))
            if shared:
                found.append(Possible(short=short, full=full, weight=round(len(shared) / len(context) / len(candidates), 6)))
    return tuple(sorted(found, key=lambda one: (one.short.number, -one.weight, one.full.number)))


def _full_things(view: CorpusView) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """Things with a full name by each name that they have, and by the last word of each full name."""
    called_so: dict[str, set[int]] = {}
    ends_so: dict[str, set[int]] = {}
    for thing in view.things:
        if any(view.entities[node].is_full for node in thing.nodes):
            for name in {name for node in thing.nodes for name, _ in view.entities[node].names}:
                called_so.setdefault(name, set()).add(thing.number)
                if last := last_word(name):
                    ends_so.setdefault(last, set()).add(thing.number)
    return called_so, ends_so


@lru_cache(maxsize=1 << 16)
def last_word(name: str) -> str:
    """The last word of a folded full name, "" where it has one word only, or one that texts cannot be searched for."""
    if " " not in name or not is_full_name(name):
        return ""
    last = name.rsplit(" ", 1)[1]
    return "" if is_cjk(last[0]) or not terms(last) else last


def _types_agree(full: Thing, short: Thing) -> bool:
    return UNKNOWN_KIND in (full.kind, short.kind) or full.kind == short.kind


def _names_by_source(view: CorpusView) -> dict[SourceName, frozenset[str]]:
    names: dict[SourceName, set[str]] = {}
    for node, entity in view.entities.items():
        if not entity.is_value:
            names.setdefault(node[0], set()).update(name for name, _ in entity.names)
    return {source: frozenset(found) for source, found in names.items()}
