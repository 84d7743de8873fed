"""Where names stand in the present documents, by the keys that the store holds, and what each document contributes to the graph."""

from __future__ import annotations

from collections.abc import Iterator

from tadarag.analysis import key, name_key, name_tokens, terms
from tadarag.graph.document_entities import LocalGraph, local_graph
from tadarag.store.protocol import Field, Snapshot
from tadarag.values import SourceName


class StoredDocuments:
    """The documents of a snapshot, found by name and read one by one; each is read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sources: dict[int, SourceName] = {}
        self._graphs: dict[SourceName, LocalGraph] = {}

    def naming(self, name: str) -> frozenset[SourceName]:
        """The documents that mention a name; dates and numbers are no names."""
        tokens = [token.text for token in name_tokens(name)]
        return self._of("mention", name_key(tokens)) if tokens else frozenset()

    def holding(self, words: str) -> frozenset[SourceName]:
        """The documents whose sentences hold all words, function words left out; none where there is no other."""
        keys = {key(term) for term in terms(words)}
        found = [self._of("sentence", one) for one in sorted(keys)]
        return frozenset.intersection(*found) if found else frozenset()

    def names(self) -> Iterator[str]:
        """The folded names that documents mention, sentence by sentence, their tokens joined by spaces."""
        rows = self._snapshot.rows
        for row in range(len(rows.live)):
            if rows.live[row]:
                for names in self._snapshot.mention_names(row):
                    yield from names

    def graph(self, source: SourceName) -> LocalGraph:
        """What a present document contributes. Raises KeyError when it is not present."""
        if source not in self._graphs:
            record = self._snapshot.record(source)
            if record is None:
                raise KeyError(source)
            self._graphs[source] = local_graph(record)
        return self._graphs[source]

    def _of(self, field: Field, wanted: int) -> frozenset[SourceName]:
        """The documents whose sentences hold a key."""
        rows = self._snapshot.rows
        held = rows.owners[self._snapshot.postings(field, wanted).ids]
        found = set()
        for document, row in {int(rows.documents[row]): int(row) for row in held}.items():
            if document not in self._sources:
                self._sources[document] = self._snapshot.passage(row).source
            found.add(self._sources[document])
        return frozenset(found)
