"""The in-memory Store: present records in a dictionary, and one fresh segment for every snapshot; what the embedded one must equal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tadarag.findings import Findings
from tadarag.store.protocol import (
    READING,
    TIER,
    Change,
    Decision,
    DocumentInfo,
    Field,
    FileState,
    Finding,
    Postings,
    Quarantined,
    Rows,
    VectorBlock,
    VectorField,
)
from tadarag.store.segment import Segment, StoredRecord, build_segment
from tadarag.store.snapshot import IndexView
from tadarag.values import Document, Passage, Record, SourceName, Vectors


class MemoryStore:
    """Store without files: for tests, and for a base that nobody wants to keep."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = dict(settings)
        self._records: dict[SourceName, Record] = {}
        self._quarantine: dict[SourceName, Quarantined] = {}
        self._files: dict[tuple[str, str], FileState] = {}
        self._decisions: set[Decision] = set()
        self._recorded: dict[str, str] = {}
        self._sequence = 0
        self._indexed: tuple[int, dict[SourceName, Record]] = (0, {})

    @property
    def settings(self) -> Mapping[str, str]:
        return self._settings

    def writing(self) -> AbstractContextManager[None]:
        return nullcontext()

    def apply(self, change: Change) -> int:
        for source in change.removed:
            self._records.pop(source, None)
            self._quarantine.pop(source, None)
        renewed = {record.content: record for record in change.put if record.content in change.renewed}
        for source, old in self._records.items():
            if old.content in renewed:
                self._records[source] = replace(renewed[old.content], source=source)
        for record in change.put:
            self._records[record.source] = record
            self._quarantine.pop(record.source, None)
        for state in change.files:
            self._files[state.root, state.path] = state
            self._release(state.root, state.path)
        for found in change.quarantined:
            self._quarantine[found.source] = found
            self._files.pop((found.source.root, found.source.path), None)
        for root, path in change.forget_files:
            self._files.pop((root, path), None)
            self._release(root, path)
        for decision in change.decisions:
            made = Decision(kind=decision.kind, body=decision.body)
            (self._decisions.discard if decision.is_withdrawn else self._decisions.add)(made)
        for key, body in change.recorded:
            self._recorded.setdefault(key, body)
        self._sequence += 1
        return self._sequence

    def _release(self, root: str, path: str) -> None:
        for source in [source for source in self._quarantine if (source.root, source.path) == (root, path)]:
            del self._quarantine[source]

    def catch_up(self) -> int:
        self._indexed = (self._sequence, dict(self._records))
        return self._sequence

    def snapshot(self) -> MemorySnapshot:
        sequence, records = self._indexed
        stored = (StoredRecord(id=number, record=record) for number, record in enumerate(records.values()))
        segment = Segment(build_segment(stored, dimension=int(self._settings["dimension"])))
        return MemorySnapshot(IndexView(sequence, [segment], []), records, self.quarantined())

    def vectors(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        wanted = set(keys)
        return {
            key: vectors
            for record in self._records.values()
            for key, vectors in zip(record.vector_keys, record.vectors, strict=True)
            if key in wanted
        }

    def findings(self, keys: Sequence[str], found_by: str) -> Mapping[str, Findings]:
        wanted = set(keys)
        return {
            key: findings
            for record in self._records.values()
            if record.found_by == found_by and record.findings
            for key, findings in zip(record.vector_keys, record.findings, strict=True)
            if key in wanted
        }

    def sources(self, file: tuple[str, str] | None = None) -> Mapping[SourceName, str]:
        wanted = [source for source in self._records if file in (None, (source.root, source.path))]
        return {source: self._records[source].content for source in sorted(wanted)}

    def content(self, source: SourceName) -> str | None:
        record = self._records.get(source)
        return None if record is None else record.content

    def files(self, file: tuple[str, str] | None = None) -> Mapping[tuple[str, str], FileState]:
        return {key: state for key, state in self._files.items() if file in (None, key)}

    def quarantined(self) -> Sequence[Quarantined]:
        return tuple(self._quarantine[source] for source in sorted(self._quarantine))

    def records(self) -> Iterator[Record]:
        return iter([self._records[source] for source in sorted(self._records)])

    def decisions(self) -> Sequence[Decision]:
        return sorted(self._decisions)

    def recorded(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self._recorded.items()))

    def recorded_result(self, key: str) -> str | None:
        return self._recorded.get(key)

    def vacuum(self) -> int:
        self.catch_up()
        present = self._records.values()
        used = {key for record in present for key in (*record.memory.readings, *(key for one in record.findings for key in one.readings))}
        contents = {record.content for record in present}
        self._decisions = {one for one in self._decisions if one.kind != TIER or json.loads(one.body)[1] in contents}
        self._recorded = {key: body for key, body in self._recorded.items() if key in used or not key.startswith(READING)}
        return 0

    def verify(self, *, deep: bool = False) -> Sequence[Finding]:
        return []

    def close(self) -> None:
        """Nothing to release."""


class MemorySnapshot:
    """A Snapshot over one segment and the records it was built from."""

    def __init__(self, view: IndexView, records: Mapping[SourceName, Record], quarantine: Sequence[Quarantined]) -> None:
        self._view = view
        self._records = records
        self._quarantine = quarantine

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
        record = self._records.get(source)
        return None if record is None else record.content

    def document(self, source: SourceName) -> Document | None:
        record = self._records.get(source)
        return None if record is None else record.document

    def record(self, source: SourceName) -> Record | None:
        return self._records.get(source)

    def quarantined(self) -> Sequence[Quarantined]:
        return self._quarantine

    def close(self) -> None:
        """Nothing to release."""
