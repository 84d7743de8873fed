"""A consistent view of the embedded base: segments and their dead, joined into rows, postings and vector blocks."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from tadarag.store.index import live_documents
from tadarag.store.protocol import DocumentInfo, Field, LiveCounts, Postings, Quarantined, Rows, VectorBlock, VectorField
from tadarag.store.segment import SENTENCE_FIELDS, Segment
from tadarag.store.truth import content_of, read_document, read_quarantine, read_record, reading
from tadarag.values import Document, Passage, Record, SourceName


class IndexView:
    """The segments of one manifest with the liveness of one sequence; immutable, shared by the snapshots of that sequence."""

    def __init__(self, sequence: int, segments: Sequence[Segment], dead: Sequence[int]) -> None:
        self.sequence = sequence
        self.segments = tuple(segments)
        self.live = tuple(live_documents(segment, dead) for segment in self.segments)
        self.first_rows = np.cumsum([0, *(segment.n_rows for segment in self.segments)]).tolist()
        self.first_sentences = np.cumsum([0, *(segment.n_sentences for segment in self.segments)]).tolist()
        self.first_documents = np.cumsum([0, *(segment.n_documents for segment in self.segments)]).tolist()
        self.rows = self._join_rows()
        self._row_live = [live[segment.arrays["documents"]] for segment, live in zip(self.segments, self.live, strict=True)]
        self._is_whole = [bool(live.all()) for live in self.live]
        self.passage = lru_cache(maxsize=4096)(self._passage)  # one cache a view: it dies with the view
        self._names = lru_cache(maxsize=16_384)(self._find)  # names come again from question to question; terms are kept by their scorer

    def _join_rows(self) -> Rows:
        def join(name: str, dtype: type) -> NDArray[np.generic]:
            return np.concatenate([np.zeros(0, dtype), *(segment.arrays[name] for segment in self.segments)])

        starts = [segment.arrays["starts"][1:] + first for segment, first in zip(self.segments, self.first_sentences, strict=False)]
        documents = [
            segment.arrays["documents"] + np.int32(first) for segment, first in zip(self.segments, self.first_documents, strict=False)
        ]
        all_starts = np.concatenate([np.zeros(1, np.int64), *starts])
        live = np.concatenate(
            [np.zeros(0, np.bool_), *(alive[segment.arrays["documents"]] for segment, alive in zip(self.segments, self.live, strict=True))]
        )
        owners = np.repeat(np.arange(len(all_starts) - 1, dtype=np.int32), np.diff(all_starts))
        passage_lengths = join("passage_lengths", np.int32).astype(np.int32, copy=False)
        sentence_lengths = join("sentence_lengths", np.int32).astype(np.int32, copy=False)
        core_lengths = join("core_lengths", np.int32).astype(np.int32, copy=False)
        outline_lengths = join("outline_lengths", np.int32).astype(np.int32, copy=False)
        layered = join("layered", np.bool_).astype(np.bool_, copy=False)
        in_cjk = join("in_cjk", np.bool_).astype(np.bool_, copy=False)

        def counts(rows: NDArray[np.bool_]) -> LiveCounts:
            sentences = rows[owners]
            return LiveCounts(
                n_passages=int(rows.sum()),
                n_sentences=int(sentences.sum()),
                n_layered=int((rows & layered).sum()),
                passage_terms=int(passage_lengths[rows].sum(dtype=np.int64)),
                sentence_terms=int(sentence_lengths[sentences].sum(dtype=np.int64)),
                core_terms=int(core_lengths[rows].sum(dtype=np.int64)),
                outline_terms=int(outline_lengths[rows].sum(dtype=np.int64)),
            )

        return Rows(
            keys=join("row_keys", np.uint64).astype(np.uint64, copy=False),
            live=live,
            documents=np.concatenate([np.zeros(0, np.int32), *documents]),
            subjects=join("subjects", np.uint64).astype(np.uint64, copy=False),
            subject_tokens=join("subject_tokens", np.int16).astype(np.int16, copy=False),
            starts=all_starts,
            owners=owners,
            passage_lengths=passage_lengths,
            sentence_lengths=sentence_lengths,
            in_cjk=in_cjk,
            counts=counts(live),
            cjk_counts=counts(live & in_cjk),
            core=join("core", np.bool_).astype(np.bool_, copy=False),
            core_norms=join("core_norms", np.float64).astype(np.float64, copy=False),
            reach=np.concatenate([np.zeros((0, 2), np.int8), *(segment.arrays["reach"] for segment in self.segments)]),
            layered=layered,
            core_lengths=core_lengths,
            outline_lengths=outline_lengths,
        )

    def postings(self, field: Field, key: int) -> Postings:
        """Live ids that hold a key, in rising order, with their counts."""
        return self._names(field, key) if field in _NAME_FIELDS else self._find(field, key)

    def _find(self, field: Field, key: int) -> Postings:
        ids, counts = [], []
        of_sentences = field in SENTENCE_FIELDS
        firsts = self.first_sentences if of_sentences else self.first_rows
        for index, segment in enumerate(self.segments):
            own, own_counts = segment.postings(field, key)
            if len(own) and not self._is_whole[index]:
                rows = self._owners_in(index)[own] if of_sentences else own
                keep = self._row_live[index][rows]
                own, own_counts = own[keep], own_counts[keep]
            if len(own):
                ids.append(own + np.int32(firsts[index]))
                counts.append(own_counts)
        if not ids:
            return _EMPTY
        return Postings(ids=np.concatenate(ids), counts=np.concatenate(counts)) if len(ids) > 1 else Postings(ids=ids[0], counts=counts[0])

    def _owners_in(self, index: int) -> NDArray[np.int32]:
        owners = self.rows.owners[self.first_sentences[index] : self.first_sentences[index + 1]]
        return owners - np.int32(self.first_rows[index])

    def known(self, field: Field, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """For each key whether any live id holds it."""
        found = np.zeros(keys.shape, np.bool_)
        doubtful = np.zeros(keys.shape, np.bool_)
        for index, segment in enumerate(self.segments):
            held = segment.known(field, keys)
            if self._is_whole[index]:
                found |= held
            else:
                doubtful |= held
        for at in zip(*np.nonzero(doubtful & ~found), strict=True):
            found[at] = len(self.postings(field, int(keys[at])).ids) > 0
        return found

    def holding(self, field: Field) -> NDArray[np.int32]:
        """The ids that hold any key of a field, dead ones included."""
        firsts = self.first_sentences if field in SENTENCE_FIELDS else self.first_rows
        ids = [
            np.unique(segment.arrays[f"{field}_ids"]).astype(np.int32) + np.int32(first)
            for first, segment in zip(firsts, self.segments, strict=False)
        ]
        return np.concatenate([np.zeros(0, np.int32), *ids])

    def vector_blocks(self, field: VectorField) -> Iterator[VectorBlock]:
        """The vectors of each segment, dead ids included."""
        firsts = self.first_sentences if field == "sentence" else self.first_rows
        for first, segment in zip(firsts, self.segments, strict=False):
            yield VectorBlock(first=first, vectors=segment.arrays[f"{field}_vectors"], scales=segment.arrays[f"{field}_scales"])

    def info(self, document: int) -> DocumentInfo:
        """What is known of a document by its number in the view."""
        index = bisect_right(self.first_documents, document) - 1
        own = document - self.first_documents[index]
        return self.segments[index].info(own, is_live=bool(self.live[index][own]))

    def _passage(self, row: int) -> tuple[Passage, tuple[tuple[str, ...], ...]]:
        index = bisect_right(self.first_rows, row) - 1
        return self.segments[index].passage(row - self.first_rows[index])

    @cached_property
    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents of the view, dead ones included."""
        return tuple(
            segment.info(own, is_live=bool(live[own]))
            for segment, live in zip(self.segments, self.live, strict=True)
            for own in range(segment.n_documents)
        )


_NAME_FIELDS = frozenset({"subject", "part", "mention"})
_EMPTY = Postings(ids=np.zeros(0, np.int32), counts=np.zeros(0, np.int32))


class EmbeddedSnapshot:
    """A Snapshot over an IndexView and a read transaction of the database; close it to end the transaction."""

    def __init__(self, view: IndexView, connection: sqlite3.Connection, release: Callable[[sqlite3.Connection], None]) -> None:
        self._view = view
        self._connection: sqlite3.Connection | None = connection
        self._release = release

    @property
    def sequence(self) -> int:
        return self._view.sequence

    @property
    def rows(self) -> Rows:
        return self._view.rows

    def documents(self) -> Sequence[DocumentInfo]:
        return self._view.documents

    def postings(self, field: Field, key: int) -> Postings:
        return self._view.postings(field, key)

    def known(self, field: Field, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return self._view.known(field, keys)

    def holding(self, field: Field) -> NDArray[np.int32]:
        return self._view.holding(field)

    def vector_blocks(self, field: VectorField) -> Iterator[VectorBlock]:
        return self._view.vector_blocks(field)

    def passage(self, row: int) -> Passage:
        return self._view.passage(row)[0]

    def mention_names(self, row: int) -> tuple[tuple[str, ...], ...]:
        return self._view.passage(row)[1]

    def content(self, source: SourceName) -> str | None:
        with reading():
            return content_of(self._open, source, self.sequence)

    def document(self, source: SourceName) -> Document | None:
        content = self.content(source)
        with reading():
            return None if content is None else read_document(self._open, content)

    def record(self, source: SourceName) -> Record | None:
        content = self.content(source)
        with reading():
            return None if content is None else read_record(self._open, source, content)

    def quarantined(self) -> Sequence[Quarantined]:
        with reading():
            return read_quarantine(self._open)

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("the snapshot is closed")
        return self._connection

    def close(self) -> None:
        """End the read transaction; arrays that were handed out stay valid."""
        if self._connection is not None:
            self._release(self._connection)
            self._connection = None
