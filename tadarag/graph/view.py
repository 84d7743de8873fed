"""The corpus as a person meets it: things with their names, facts and evidence, read from the present documents."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tadarag.errors import UsageError
from tadarag.graph.aliases import Alias, merge
from tadarag.graph.cannot_link import CannotLink, in_words
from tadarag.graph.document_entities import Fact, LocalEntity, LocalGraph, Node, Quote, Sentence, local_graph
from tadarag.graph.resolve import UNKNOWN_KIND, folded_name
from tadarag.values import Record, SourceName

_MOST_SUGGESTIONS = 5
_MOST_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Document-local entities that the documents state to be one.

    number: its place in the view, which holds until the documents change. name: the most frequent canonical name (ties: the longest, then
    the first). kind: its core type, or "name" where none is known. kinds: the types as they were extracted. nodes: sorted.
    """

    number: int
    name: str
    kind: str
    kinds: tuple[str, ...]
    nodes: tuple[Node, ...]

    @property
    def sources(self) -> tuple[SourceName, ...]:
        """The documents that speak of it, sorted."""
        return tuple(sorted({source for source, _ in self.nodes}))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusView:
    """All things, alias edges, facts and sentences of the present documents; equal documents and decisions give equal views.

    things: sorted by name, kind and nodes. aliases: the edges by which entities were joined. of: for each entity the number of its thing.
    """

    entities: dict[Node, LocalEntity]
    things: tuple[Thing, ...]
    aliases: tuple[Alias, ...]
    facts: tuple[Fact, ...]
    second_names: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]
    of: dict[Node, int]
    cannot_links: tuple[CannotLink, ...] = ()

    def parted(self) -> tuple[tuple[str, str], ...]:
        """What a person has decided not to be one thing, in words, as far as present documents name it."""
        return in_words(self.cannot_links, self.entities.values()) if self.cannot_links else ()

    def names(self, thing: Thing) -> tuple[tuple[str, tuple[Quote, ...]], ...]:
        """The folded names of a thing, sorted, each with one sentence a document that uses it."""
        found: dict[str, set[Quote]] = {}
        for node in thing.nodes:
            for name, quote in self.entities[node].names:
                found.setdefault(name, set()).add(quote)
        return tuple((name, tuple(sorted(quotes))) for name, quotes in sorted(found.items()))

    def aliases_of(self, thing: Thing) -> tuple[Alias, ...]:
        """The edges by which the thing's entities were joined; none where one document has it to itself."""
        return tuple(alias for alias in self.aliases if self.of[alias.one] == thing.number)

    def facts_of(self, thing: Thing) -> tuple[Fact, ...]:
        """The facts whose head or tail the thing is, in order of predicate and evidence."""
        mine = [fact for fact in self.facts if thing.number in (self.of[fact.head], self.of[fact.tail])]
        return tuple(sorted(mine, key=lambda fact: (fact.predicate, fact.evidence, fact.head, fact.tail)))

    def named_with(self, thing: Thing) -> tuple[tuple[str, int], ...]:
        """The names, as documents write them, that sentences have beside the thing, with the number of sentences, most first, then by name."""
        counts: Counter[str] = Counter()
        for sentence in self.sentences:
            if any(self.of[node] == thing.number for node in sentence.nodes):
                counts.update({self.entities[node].name for node in sentence.nodes if self.of[node] != thing.number})
        return tuple(sorted(counts.items(), key=lambda counted: (-counted[1], counted[0])))

    def called(self, name: str) -> tuple[Thing, ...]:
        """The things that some document calls so, sorted."""
        folded = folded_name(name) or name
        numbers = {self.of[node] for node, entity in self.entities.items() if folded == entity.folded or folded in dict(entity.names)}
        return tuple(self.things[number] for number in sorted(numbers))

    def find(self, name: str, *, kind: str = "", source: SourceName | None = None) -> Thing:
        """The one thing of that name. Raises UsageError with near names where there is none, with the candidates where there are several.

        kind, source: keep only candidates of the type (core type or as extracted), or of which the document speaks.
        """
        candidates = [
            thing
            for thing in self.called(name)
            if (not kind or kind in (thing.kind, *thing.kinds)) and (source is None or source in thing.sources)
        ]
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise UsageError(f"no document names {name!r}" + (" so restricted" if self.called(name) else ""), self._nearest(name))
        listed = "; ".join(self.described(thing) for thing in candidates[:_MOST_LISTED])
        more = f"; and {len(candidates) - _MOST_LISTED} more" if len(candidates) > _MOST_LISTED else ""
        raise UsageError(
            f"{name!r} may be one of {len(candidates)}: {listed}{more}", "say which with --type TYPE or --in SOURCE, or use a longer name"
        )

    def described(self, thing: Thing) -> str:
        """A thing in a few words: name, type, and where it stands."""
        first, *others = thing.sources
        return f"{thing.name} ({thing.kind}, {first}" + (f" and {len(others)} more)" if others else ")")

    def _nearest(self, name: str) -> str:
        folded = folded_name(name) or name
        known = {shown: self.things[self.of[node]].name for node, entity in self.entities.items() for shown, _ in entity.names}
        inside = sorted(one for one in known if folded in one)
        close = difflib.get_close_matches(folded, sorted(known), n=_MOST_SUGGESTIONS, cutoff=0.6)
        suggested = list(dict.fromkeys(known[one] for one in [*close, *inside]))[:_MOST_SUGGESTIONS]
        if not suggested:
            return "list the names that documents share: tadarag graph aliases"
        return f"did you mean {', '.join(map(repr, suggested))}?"


def corpus_view(records: Iterable[Record], cannot_links: Sequence[CannotLink] = ()) -> CorpusView:
    """The view over records, whatever their order, and cannot-links."""
    return view_of([local_graph(record) for record in records], cannot_links)


def view_of(graphs: Iterable[LocalGraph], cannot_links: Sequence[CannotLink] = ()) -> CorpusView:
    """The view over what documents contribute; each has its own source."""
    parts = sorted(graphs, key=lambda graph: graph.entities[0].node if graph.entities else (SourceName("", ""), 0))
    entities = {entity.node: entity for part in parts for entity in part.entities}
    facts = tuple(fact for part in parts for fact in part.facts)
    second_names = tuple(fact for part in parts for fact in part.second_names)
    descriptors = [pair for part in parts for pair in part.descriptors]
    merged = merge(entities, facts, second_names, descriptors, cannot_links)
    drafts = sorted((_thing(nodes, entities) for nodes in merged.classes), key=lambda thing: (thing.name, thing.kind, thing.nodes))
    things = tuple(
        Thing(number=number, name=one.name, kind=one.kind, kinds=one.kinds, nodes=one.nodes) for number, one in enumerate(drafts)
    )
    return CorpusView(
        entities=entities,
        things=things,
        aliases=merged.aliases,
        facts=facts,
        second_names=second_names,
        sentences=tuple(sentence for part in parts for sentence in part.sentences),
        of={node: thing.number for thing in things for node in thing.nodes},
        cannot_links=tuple(cannot_links),
    )


def _thing(nodes: Sequence[Node], entities: dict[Node, LocalEntity]) -> Thing:
    names = Counter(entities[node].name for node in nodes)
    known = {entities[node].core for node in nodes} - {UNKNOWN_KIND}
    return Thing(
        number=0,
        name=min(names, key=lambda name: (-names[name], -len(name), name)),
        kind=min(known, default=UNKNOWN_KIND),
        kinds=tuple(sorted({entities[node].kind for node in nodes})),
        nodes=tuple(nodes),
    )
