"""The part of the corpus graph that bears on given names, read without the rest and equal there to the whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from tadarag.errors import UsageError
from tadarag.graph.cannot_link import CannotLink
from tadarag.graph.document_entities import LocalEntity, Node, is_full_name
from tadarag.graph.facts import FUNCTIONAL
from tadarag.graph.paths import Steps, neighbours, shortest_paths
from tadarag.graph.resolve import folded_name
from tadarag.graph.short_names import PERSON, last_word
from tadarag.graph.stored_documents import StoredDocuments
from tadarag.graph.view import CorpusView, Thing, view_of
from tadarag.values import SourceName

_STEPS = 5
"""From a name to those that decide whether it is one with another: its full name, second names, theirs, and the other names of these."""
_MOST_NEAR = 12


def view_around(documents: StoredDocuments, cannot_links: Sequence[CannotLink], names: Sequence[str], *, depth: int) -> CorpusView:
    """A view in which everything that some document calls by one of the names is whole.

    depth: 0 for names alone; from 1 on with what contradicts and what may be meant; above, with the things fewer than so many facts away.
    Where nothing is called so, it holds names that are written alike.
    """
    vicinity = Vicinity(documents, cannot_links)
    for name in names:
        if not vicinity.called(name):
            vicinity.read_near(name)
        if depth:
            things = vicinity.view().called(name)
            vicinity.read_facts(things, depth=depth)
            vicinity.read_meanings(things)
    return vicinity.view()


def view_between(
    documents: StoredDocuments, cannot_links: Sequence[CannotLink], ends: Sequence[tuple[str, SourceName | None]], *, max_hops: int
) -> CorpusView:
    """A view in which the shortest paths of up to `max_hops` steps between two names are those over all documents.

    ends: two names, each with the document whose bearer is meant. Raises UsageError, as `CorpusView.find` does, for an end that is not one thing.
    """
    vicinity = Vicinity(documents, cannot_links)
    for name, _ in ends:
        if not vicinity.called(name):
            vicinity.read_near(name)
    one, other = (vicinity.view().find(name, source=source) for name, source in ends)
    if one != other:
        vicinity.read_between(one, other, max_hops=max_hops)
    return vicinity.view()


class Vicinity:
    """Documents read so far, and the view over them.

    A thing is *whole* when every document that could join something to it or part something from it has been read: names, sources, facts
    and sentences of a whole thing are those of the view over all documents.
    """

    def __init__(self, documents: StoredDocuments, cannot_links: Sequence[CannotLink] = ()) -> None:
        self._documents = documents
        self._cannot_links = tuple(cannot_links)
        self._read: set[SourceName] = set()
        self._bearers: dict[str, list[LocalEntity]] = {}
        self._ending: dict[str, set[str]] = {}  # last word of a full name -> folded names of its bearers
        self._second: dict[Node, list[Node]] = {}
        self._entities: dict[Node, LocalEntity] = {}
        self._followed: dict[str, int] = {}  # how many steps were taken from a name
        self._view: CorpusView | None = None

    def view(self) -> CorpusView:
        """The view over the documents read so far."""
        if self._view is None:
            self._view = view_of([self._documents.graph(source) for source in sorted(self._read)], self._cannot_links)
        return self._view

    def called(self, name: str) -> bool:
        """Make whole what some document calls so; False where none does. A value ("1961") is looked for among words.

        Raises UsageError for a name of white space.
        """
        if not name.strip():
            raise UsageError("the name is empty", "give a name as documents write it; to list names: tadarag graph aliases")
        folded = folded_name(name) or name
        self.make_whole([folded])
        if folded not in self._bearers:
            self._take(self._documents.holding(name))
        return folded in self._bearers

    def read_near(self, name: str) -> None:
        """Read documents with names that are written much like a name that nothing has, or that hold it."""
        folded = folded_name(name) or name
        words = set(folded.split())
        known = {folded_name(one) for one in self._documents.names()} - {""}
        inside = sorted((one for one in known if folded in one), key=lambda one: (len(one), one))
        alike = sorted(one for one in known if one[0] == folded[0] or words & set(one.split()))
        near = [*difflib.get_close_matches(folded, alike, n=_MOST_NEAR, cutoff=0.6), *inside[:_MOST_NEAR]]
        for one in near:
            self._take(self._documents.naming(one))

    def make_whole(self, names: Iterable[str]) -> None:
        """Make whole the things that have one of the folded names."""
        frontier = set(names)
        for steps in range(_STEPS, 0, -1):
            frontier = {name for name in frontier if self._followed.get(name, 0) < steps}
            for name in sorted(frontier):
                if name not in self._followed:
                    self._take(self._documents.naming(name))
                self._followed[name] = steps
            frontier = {further for name in frontier for entity in self._bearers.get(name, ()) for further in self._further(entity)}

    def read_meanings(self, things: Iterable[Thing]) -> None:
        """Make whole what short names may mean, and the short names that may mean a thing with everything else that these may mean."""
        called: set[str] = set()
        ending: dict[str, bool] = {}  # last words of full names, and whether one of these is a person's
        for thing in things:
            entities = [entity for entity in self._of(thing) if not entity.is_value]
            names = {name for entity in entities for name, _ in entity.names}
            if any(entity.is_full for entity in entities):
                called |= names
                for last in {last_word(name) for name in names} - {""}:
                    ending[last] = ending.get(last, False) or thing.kind == PERSON
            else:
                called |= {entity.folded for entity in entities}
        for name in sorted({*called, *ending}):
            self._take(self._documents.naming(name))
            short = [entity for entity in self._bearers.get(name, ()) if entity.folded == name and not entity.is_full]
            if short and (name in called or ending[name] or any(entity.core == PERSON for entity in short)):
                self._take(self._documents.holding(name))
                self.make_whole([name, *sorted(self._ending.get(name, ()))])

    def read_facts(self, things: Sequence[Thing], *, depth: int) -> None:
        """Make whole the values that may contradict each other, and for a depth of two or more the things fewer than so many facts away."""
        values = [self._other_ends([thing], functional=True) for thing in things]
        self.make_whole(sorted(set().union(*(names for names in values if len(names) > 1))))
        frontier = {thing.nodes[0] for thing in things}
        for _ in range(depth - 1):
            view = self.view()
            names = self._other_ends([view.things[view.of[node]] for node in sorted(frontier)])
            self.make_whole(sorted(names))
            frontier = {entity.node for name in names for entity in self._bearers.get(name, ())}

    def read_between(self, one: Thing, other: Thing, *, max_hops: int) -> None:
        """Read until `shortest_paths` between two whole things is that over all documents.

        Around each end everything up to some number of steps is made whole; a chain of one step more than the two numbers together cannot
        pass by it. The side that costs fewer documents grows first.
        """
        self.read_meanings([one, other])
        balls = [{one.nodes[0]}, {other.nodes[0]}]
        for hops in range(1, max_hops):
            view = self.view()
            steps = neighbours(view, frozenset(view.of[node] for ball in balls for node in ball))
            if shortest_paths(view, self._now(one), self._now(other), max_hops=hops, limit=1, steps=steps):
                return
            rings = [self._ring(view, steps, ball) for ball in balls]
            side = min((0, 1), key=lambda number: self._cost(rings[number]))
            if not rings[side]:
                return
            self.make_whole(sorted({entity.folded for thing in rings[side] for entity in self._of(thing)}))
            self.read_meanings([self._now(thing) for thing in rings[side]])
            balls[side] |= {thing.nodes[0] for thing in rings[side]}

    # Inner parts.

    def _take(self, sources: Iterable[SourceName]) -> None:
        for source in sorted(set(sources) - self._read):
            self._read.add(source)
            self._view = None
            part = self._documents.graph(source)
            for entity in part.entities:
                self._entities[entity.node] = entity
                for name in {entity.folded, *(name for name, _ in entity.names)}:
                    self._bearers.setdefault(name, []).append(entity)
                    if last := last_word(name):
                        self._ending.setdefault(last, set()).add(entity.folded)
            for fact in part.second_names:
                self._second.setdefault(fact.head, []).append(fact.tail)
                self._second.setdefault(fact.tail, []).append(fact.head)

    def _further(self, entity: LocalEntity) -> set[str]:
        """Names by which what is stated of an entity in other documents is found."""
        if entity.is_value:
            return set()
        full = {name for name, _ in entity.names if is_full_name(name)}
        second = {self._entities[node].folded for node in self._second.get(entity.node, ())}
        return {entity.folded, folded_name(entity.folded), *full, *second} - {""}

    def _now(self, thing: Thing) -> Thing:
        """What has become of a thing of an earlier view."""
        return self.view().things[self.view().of[thing.nodes[0]]]

    def _of(self, thing: Thing) -> list[LocalEntity]:
        return [self._entities[node] for node in thing.nodes]

    def _other_ends(self, things: Iterable[Thing], *, functional: bool = False) -> set[str]:
        view = self.view()
        names: set[str] = set()
        for thing in things:
            for fact in view.facts_of(thing):
                is_head = view.of[fact.head] == thing.number
                other = view.entities[fact.tail if is_head else fact.head]
                if not other.is_value and (not functional or (is_head and fact.predicate in FUNCTIONAL)):
                    names.add(other.folded)
        return names

    def _ring(self, view: CorpusView, steps: Steps, ball: set[Node]) -> list[Thing]:
        inside = {view.of[node] for node in ball}
        return [view.things[number] for number in sorted({near for here in inside for near in steps.get(here, {})} - inside)]

    def _cost(self, ring: Sequence[Thing]) -> int:
        """How many documents would have to be read."""
        names = {entity.folded for thing in ring for entity in self._of(thing)}
        return len(frozenset[SourceName]().union(*(self._documents.naming(name) for name in names)) - self._read)
