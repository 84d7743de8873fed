"""The corpus graph with one edge for each fact, however many sentences state it, and an id for each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tadarag.graph.document_entities import Fact
from tadarag.graph.view import CorpusView, Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact between two things of a view, by their numbers; `fact`: the likeliest of the `n_stated` sentences that state it."""

    head: int
    predicate: str
    tail: int
    fact: Fact
    n_stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOfThings:
    """A view with ids of its things by number, its statements in order of their evidence, and the statements of each thing by index."""

    view: CorpusView
    ids: tuple[str, ...]
    numbers: dict[str, int]
    statements: tuple[Statement, ...]
    of_thing: dict[int, tuple[int, ...]]

    def called(self, name: str) -> tuple[int, ...]:
        """The thing that has this id, else all that some document calls so."""
        if name in self.numbers:
            return (self.numbers[name],)
        return tuple(thing.number for thing in self.view.called(name))

    def all_called(self, names: Iterable[str]) -> frozenset[int]:
        """The things of all these names."""
        return frozenset(number for name in names for number in self.called(name))

    def counts(self) -> dict[str, dict[str, int]]:
        """Things by type and facts by relation, most first."""
        kinds = Counter(thing.kind for thing in self.view.things)
        relations = Counter(statement.predicate for statement in self.statements)
        return {"things": dict(kinds.most_common()), "relations": dict(relations.most_common())}


def graph_of_things(view: CorpusView) -> GraphOfThings:
    """Equal views give equal graphs. Facts between a thing and itself, under two of its names, are left out."""
    ids = _ids(view)
    statements = _statements(view)
    of_thing: dict[int, list[int]] = {}
    for number, statement in enumerate(statements):
        of_thing.setdefault(statement.head, []).append(number)
        of_thing.setdefault(statement.tail, []).append(number)
    return GraphOfThings(
        view=view,
        ids=ids,
        numbers={one: number for number, one in enumerate(ids)},
        statements=statements,
        of_thing={thing: tuple(numbers) for thing, numbers in of_thing.items()},
    )


def _ids(view: CorpusView) -> tuple[str, ...]:
    """Names; where several things have one, the name with type and document, and a number where that is not enough either."""
    names = Counter(_plain(thing.name) for thing in view.things)
    taken: Counter[str] = Counter()
    ids = []
    for thing in view.things:
        one = _id(view, thing, is_only=names[_plain(thing.name)] == 1)
        taken[one] += 1
        ids.append(one if taken[one] == 1 else f"{one} {taken[one]}")
    return tuple(ids)


def _id(view: CorpusView, thing: Thing, *, is_only: bool) -> str:
    return _plain(thing.name if is_only else view.described(thing))


def _plain(name: str) -> str:
    return name.replace('"', " ")  # as LlamaIndex makes ids of names


def _statements(view: CorpusView) -> tuple[Statement, ...]:
    told: dict[tuple[int, str, int], list[Fact]] = {}
    for fact in view.facts:
        head, tail = view.of[fact.head], view.of[fact.tail]
        if head != tail:
            told.setdefault((head, fact.predicate, tail), []).append(fact)
    found = [
        Statement(
            head=head,
            predicate=predicate,
            tail=tail,
            fact=min(facts, key=lambda fact: (-fact.probability, fact.evidence)),
            n_stated=len({fact.evidence for fact in facts}),
        )
        for (head, predicate, tail), facts in told.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.fact.evidence, one.head, one.predicate, one.tail)))
