"""What the selected passages say in the terms of a question's template: read when the question is asked, and remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Generic, Protocol, TypeVar, runtime_checkable

from tadarag.components import Components, template_of
from tadarag.derivation import extraction_name, unit_of
from tadarag.errors import ModelError
from tadarag.extraction.extractor import Extractor, Unit, UnitExtractor
from tadarag.findings import Findings
from tadarag.graph.cannot_link import CannotLink
from tadarag.graph.policy_network import PolicyNetwork
from tadarag.graph.question_graph import join_facts
from tadarag.graph.unit_entities import resolve_among
from tadarag.models.encoder import map_ahead
from tadarag.store.protocol import Snapshot
from tadarag.templates.template import Template
from tadarag.values import Extraction, Hit, QuestionGraph, Record, Route, SourceName

N_UNITS = 20
"""So many passages, the best, are read for a graph."""
_N_FINDINGS = 4096
_N_EXTRACTIONS = 512
_N_RECORDS = 64
_Value = TypeVar("_Value")


class Remembered(Generic[_Value]):
    """The values that were asked for last, by key. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[tuple[object, ...], _Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> _Value | None:
        """The value of a key, None where it has none or has been forgotten."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: tuple[object, ...], value: _Value) -> None:
        """Remember a value; what was not asked for longest is forgotten."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()


class ReadUnits:
    """What was read for questions: findings by chunk text and what made them, how those of a document were put together, and last records.

    In memory alone, so that deleting stays exact on disk; `clear` forgets it.
    """

    def __init__(self) -> None:
        self.findings: Remembered[Findings] = Remembered(_N_FINDINGS)
        self.extractions: Remembered[Extraction] = Remembered(_N_EXTRACTIONS)
        self.records: Remembered[Record] = Remembered(_N_RECORDS)

    def clear(self) -> None:
        """Forget everything: a document has been removed, or all have been derived anew."""
        self.findings.clear()
        self.extractions.clear()
        self.records.clear()


@runtime_checkable
class AsksModel(Protocol):
    """A unit extractor that asks a language model: its replies are inputs of the base, recorded at ingest and not asked for by a question."""

    def with_ask(self, ask: object) -> UnitExtractor: ...


def question_graph(
    question: str,
    route: Route,
    hits: Sequence[Hit],
    snapshot: Snapshot,
    components: Components,
    remembered: ReadUnits,
    *,
    workers: int,
    links: Collection[CannotLink] = (),
    policy: PolicyNetwork | None = None,
) -> QuestionGraph:
    """The graph of a question over the best passages that were found for it, read with the template of its domain.

    policy: see `join_facts`. Documents that have been removed or replaced since, and what decisions part (links), are left out. Where the
    documents were read with that template by whatever extractor, or today's reads no chunks or asks a language model, what is stored is taken.
    """
    readings = question_readings(route, hits, snapshot, components, remembered, workers=workers)
    graph = join_facts(question, route, hits[:N_UNITS], readings.extractions, readings.template, links=links, policy=policy)
    return replace(graph, n_unread=readings.n_unread)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReadings:
    """What the documents of the hits say in the terms of a template, and how many passages could not be read anew."""

    template: Template
    extractions: Mapping[SourceName, Extraction]
    n_unread: int


def question_readings(
    route: Route, hits: Sequence[Hit], snapshot: Snapshot, components: Components, remembered: ReadUnits, *, workers: int
) -> QuestionReadings:
    """The best hits read with the template of the question's domain; see `question_graph`."""
    template = template_of(route.domain, components.templates)
    records = _present(hits[:N_UNITS], snapshot, remembered)
    extractions = {source: record.extraction for source, (record, _) in records.items()}
    units = components.extractor.units
    n_unread = 0
    if units is not None and not isinstance(units, AsksModel):
        others = {source: found for source, found in records.items() if not found[0].found_by.endswith(f"/{template.fingerprint}")}
        read, n_unread = read_again(list(others.values()), template, components.extractor, units, remembered, workers=workers)
        extractions |= dict(zip(others, read, strict=True))
    return QuestionReadings(template=template, extractions=extractions, n_unread=n_unread)


def read_again(
    records: Sequence[tuple[Record, Sequence[int]]],
    template: Template,
    extractor: Extractor,
    units: UnitExtractor,
    remembered: ReadUnits,
    *,
    workers: int,
) -> tuple[list[Extraction], int]:
    """For each record and the indexes of some of its chunks what these say in the template's terms, and how many chunks could not be read.

    Entities are named by the clusters that are stored of the record. A record of which a chunk cannot be read gives its stored extraction.
    """
    made_by = extraction_name(units, template)
    keys = [(record.content, tuple(indexes), record.found_by, extractor.fingerprint, template.fingerprint) for record, indexes in records]
    known = [remembered.extractions.get(key) for key in keys]
    wanted = [
        (record, index)
        for (record, indexes), extraction in zip(records, known, strict=True)
        if extraction is None
        for index in indexes
        if remembered.findings.get((record.vector_keys[index], made_by)) is None
    ]

    def read(one: tuple[Record, int]) -> Findings | None:
        return _read(unit_of(one[0].document, one[0].chunks[one[1]]), template, units)

    n_unread = 0
    for (record, index), found in zip(wanted, map_ahead(read, wanted, workers=max(1, min(workers, len(wanted)))), strict=True):
        if found is None:
            n_unread += 1
        else:
            remembered.findings.put((record.vector_keys[index], made_by), found)
    extractions = []
    for (record, indexes), key, extraction in zip(records, keys, known, strict=True):
        if extraction is None:
            findings = [remembered.findings.get((record.vector_keys[index], made_by)) for index in indexes]
            extraction = _extracted(record, indexes, template, extractor, [one for one in findings if one is not None])
            if None not in findings:
                remembered.extractions.put(key, extraction)
        extractions.append(extraction)
    return extractions, n_unread


def _read(unit: Unit, template: Template, units: UnitExtractor) -> Findings | None:
    """What stands in a unit, None where the model cannot be asked: the passage still counts with what was stored of it."""
    try:
        return units.read(unit, template)
    except ModelError:
        return None


def _extracted(
    record: Record, indexes: Sequence[int], template: Template, extractor: Extractor, findings: Sequence[Findings]
) -> Extraction:
    if len(findings) < len(indexes):
        return record.extraction
    chunks = [record.chunks[index] for index in indexes]
    return resolve_among(record.document, extractor.extract(record.document, chunks, template, findings), record.extraction)


def _present(hits: Sequence[Hit], snapshot: Snapshot, remembered: ReadUnits) -> dict[SourceName, tuple[Record, list[int]]]:
    """The records of the hits' documents as far as they are what was found, each with the indexes of the chunks that were, in order."""
    found: dict[SourceName, tuple[Record, list[int]]] = {}
    for source, chunks in _chunks_by_source(hits):
        content = chunks[0].passage.content
        record = _record(source, content, snapshot, remembered) if snapshot.content(source) == content else None
        if record is not None:
            ids = {hit.passage.chunk for hit in chunks}
            found[source] = (record, [index for index, chunk in enumerate(record.chunks) if chunk.id in ids])
    return found


def _record(source: SourceName, content: str, snapshot: Snapshot, remembered: ReadUnits) -> Record | None:
    key = (source, content, snapshot.sequence)
    record = remembered.records.get(key) or snapshot.record(source)
    if record is not None:
        remembered.records.put(key, record)
    return record


def _chunks_by_source(hits: Sequence[Hit]) -> Iterator[tuple[SourceName, list[Hit]]]:
    grouped: dict[SourceName, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.passage.source, []).append(hit)
    yield from grouped.items()
