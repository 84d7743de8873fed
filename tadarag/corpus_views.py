"""The corpus graph of a base: whole or around names, between two names, and what a person decides about names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from tadarag.errors import UsageError
from tadarag.graph.cannot_link import CannotLink, cannot_links
from tadarag.source_names import the_one
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Change
from tadarag.values import SourceName

if TYPE_CHECKING:  # questions are answered without these
    from tadarag.graph.document_entities import LocalGraph
    from tadarag.graph.paths import Path
    from tadarag.graph.view import CorpusView, Thing

End = tuple[str, SourceName | str | None]
"""A name, and the document whose bearer of it is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """The shortest chains between two things, none where there is none, and the part of the corpus graph that holds them."""

    view: CorpusView
    one: Thing
    other: Thing
    paths: tuple[Path, ...]


def graph(store: EmbeddedStore, names: Sequence[str], *, depth: int, types: Collection[str] = (), as_of: str = "") -> CorpusView:
    """The corpus graph, or what bears on the names in it, narrowed to types and a date."""
    from tadarag.graph.facts import check_date
    from tadarag.graph.filtering import filtered
    from tadarag.graph.stored_documents import StoredDocuments
    from tadarag.graph.vicinity import view_around
    from tadarag.graph.view import corpus_view

    check_date(as_of)
    if not names:
        return filtered(corpus_view(store.records(), _links(store)), types=types, as_of=as_of)
    snapshot = store.snapshot()
    try:
        return filtered(view_around(StoredDocuments(snapshot), _links(store), names, depth=depth), types=types, as_of=as_of)
    finally:
        snapshot.close()


class GraphReader:
    """The whole corpus graph as it is now, again and again: after a change only the documents that changed are read.

    A class because it keeps what each present document contributes, as long as it does. Threads may share one.
    """

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self._marked: dict[SourceName, tuple[str, LocalGraph]] = {}
        self._seen: tuple[int, CorpusView] | None = None
        self._reading = Lock()

    def read(self) -> CorpusView:
        """The view; the same object until the base changes."""
        with self._reading:
            sequence = self._store.last_sequence()
            if self._seen is None or self._seen[0] != sequence:
                self._seen = sequence, self._read()
            return self._seen[1]

    def _read(self) -> CorpusView:
        from tadarag.graph.document_entities import local_graph
        from tadarag.graph.view import view_of

        known = {source: mark for source, (mark, _) in self._marked.items()}
        self._marked = {
            source: self._marked[source] if record is None else (mark, local_graph(record))
            for source, mark, record in self._store.records_after(known)
        }
        return view_of([own for _, own in self._marked.values()], _links(self._store))


def graph_between(store: EmbeddedStore, ends: Sequence[End], *, max_hops: int) -> CorpusView:
    """The part of the corpus graph that holds the shortest chains between two names."""
    from tadarag.graph.stored_documents import StoredDocuments
    from tadarag.graph.vicinity import view_between

    found = [(name, _source(store, source)) for name, source in ends]
    snapshot = store.snapshot()
    try:
        return view_between(StoredDocuments(snapshot), _links(store), found, max_hops=max_hops)
    finally:
        snapshot.close()


def chains(store: EmbeddedStore, one: End, other: End, *, max_hops: int, limit: int) -> Chains:
    """The shortest chains of facts and shared sentences between two names."""
    from tadarag.graph.paths import shortest_paths

    view = graph_between(store, (one, other), max_hops=max_hops)
    first, last = (view.find(name, source=_source(store, source)) for name, source in (one, other))
    return Chains(view=view, one=first, other=last, paths=shortest_paths(view, first, last, max_hops=max_hops, limit=limit))


def thing(
    store: EmbeddedStore, name: str, *, kind: str = "", source: SourceName | str | None = None, depth: int = 1
) -> tuple[CorpusView, Thing]:
    """The one thing of a name, and the view in which it is whole."""
    view = graph(store, [name], depth=depth)
    return view, view.find(name, kind=kind, source=_source(store, source))


def aliases(store: EmbeddedStore, name: str = "", *, types: Collection[str] = ()) -> tuple[CorpusView, tuple[Thing, ...]]:
    """What has several names or stands in several documents, or what some document calls by the name, and the view with their reasons."""
    from tadarag.graph.filtering import joined_things

    view = graph(store, [name] if name else [], depth=0)
    called = (view.called(name) or (view.find(name),)) if name else joined_things(view)
    return view, tuple(one for one in called if not types or not {one.kind, *one.kinds}.isdisjoint(types))


def search_names(store: EmbeddedStore, text: str, *, types: Collection[str] = (), limit: int) -> tuple[CorpusView, tuple[Thing, ...]]:
    """The things of which some name holds the text, most documents first, and the view that names them."""
    from tadarag.graph.filtering import things_named_like

    view = graph(store, (), depth=0, types=types)
    return view, things_named_like(view, text)[:limit]


def unmerge(store: EmbeddedStore, name: str, other: str, *, source: SourceName | str, undo: bool) -> None:
    """Decide that two names, or two bearers of one name, are not one thing, or withdraw that decision."""
    from tadarag.graph.parting import parting

    if bool(other) == bool(source):
        raise UsageError("unmerge takes a second name or a source", "give one of the two: OTHER, or --in SOURCE")
    with store.writing():
        present = _source(store, source)
        seen = partial(graph, store, [name, *([other] if other else [])], depth=0)
        store.apply(Change(decisions=(parting(seen, store.decisions(), name, present or other, undo=undo),)))
        store.catch_up()


def _source(store: EmbeddedStore, source: SourceName | str | None) -> SourceName | None:
    return the_one(store.sources(), source) if source else None


def _links(store: EmbeddedStore) -> tuple[CannotLink, ...]:
    return tuple(cannot_links(store.decisions()))
