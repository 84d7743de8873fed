"""A document becomes a record: memory, subjects, mentions, entities, domain, and vectors that are computed once for equal text."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice

import numpy as np

from mom.values import Item, Memory
from tadarag.components import Components, structural_builder, template_of
from tadarag.errors import ModelError, Refused
from tadarag.extraction.extractor import Unit, UnitExtractor
from tadarag.extraction.subjects import with_subjects
from tadarag.findings import Findings
from tadarag.graph.resolve import resolve_extraction
from tadarag.ledger import Meter, Spent
from tadarag.models.encoder import EncodingRequest, heading_context, map_ahead
from tadarag.models.quantization import quantize
from tadarag.readings import ModelDriven
from tadarag.routing.domains import route_document
from tadarag.store.protocol import Quarantined
from tadarag.templates.template import GENERAL, Template
from tadarag.values import Chunk, Document, DocumentMemory, Encoded, OutlineEntry, Record, SourceName, Span, Vectors

_SLICE_DOCUMENTS = 512
_LOG = logging.getLogger(__name__)

Known = Callable[[Sequence[str]], Mapping[str, Vectors]]
KnownFindings = Callable[[Sequence[str], str], Mapping[str, Findings]]
"""Findings by vector key, of those that were made by the extraction of that name (`extraction_name`)."""


@dataclass(slots=True)
class _Pending:
    """A record whose vectors and findings are still being computed, or the reason why there is none; `missing` are chunks that are read now."""

    result: Record | Quarantined
    template: Template
    tier: str
    missing: deque[int]
    vectors: list[Vectors | None]
    findings: list[Findings | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChunkRequest:
    """What is to be made of one chunk: its vectors, its findings, or both in one encoder pass."""

    request: EncodingRequest
    unit: Unit
    pending: _Pending
    needs_vectors: bool
    needs_findings: bool


def derive(source: SourceName, content: str, document: Document, components: Components) -> Record:
    """The record of a document, still without vectors: a pure function of the document and the components."""
    record, template = _cut(source, content, document, components)
    tier = components.tier_for(content)
    units = components.extractor_of(tier).units
    findings = [units.read(unit_of(document, chunk), template) for chunk in record.chunks] if units else []
    return _extracted(record, findings, template, components, tier)


def units_of(document: Document, components: Components) -> tuple[list[Unit], Template]:
    """The chunks of a document as an extractor reads them, with the template for them; no model is asked for the memory."""
    builder = components.builder
    plain = structural_builder(components.encoder) if isinstance(builder, ModelDriven) else builder
    record, template = _cut(SourceName("", ""), "", document, replace(components, builder=plain, readings=None, meter=Meter()))
    return [unit_of(document, chunk) for chunk in record.chunks], template


def extraction_name(units: UnitExtractor, template: Template) -> str:
    """Names what findings are made by: the extractor and the template."""
    return f"{units.fingerprint}/{template.fingerprint}"


def _cut(source: SourceName, content: str, document: Document, components: Components) -> tuple[Record, Template]:
    """The record with memory and domain, not yet extracted, and the template that its domain asks for."""
    with components.meter.stage("memory"):
        memory, readings = _build_memory(document, components)
    items = memory.items if document.text.strip() else ()  # white space alone is no passage: the document is empty
    chunks = with_subjects(document, _identified(document.text, items))
    domain, _ = route_document(document, components.templates)
    record = Record(
        source=source,
        content=content,
        document=document,
        chunks=chunks,
        vectors=(),
        vector_keys=tuple(_vector_key(components.encoder.fingerprint, encoding_request(document, chunk)) for chunk in chunks),
        domain=domain,
        memory=_document_memory(memory, readings),
    )
    return record, template_of(domain, components.templates)


def _extracted(record: Record, findings: Sequence[Findings], template: Template, components: Components, tier: str) -> Record:
    extractor = components.extractor_of(tier)
    began = time.perf_counter()
    extraction = resolve_extraction(record.document, extractor.extract(record.document, record.chunks, template, findings))
    components.meter.add(Spent(what=tier, n_documents=1, seconds=time.perf_counter() - began))
    found_by = extraction_name(extractor.units, template) if extractor.units else ""
    return replace(record, extraction=extraction, findings=tuple(findings), found_by=found_by)


def derive_all(
    documents: Iterable[tuple[SourceName, str, Document]],
    components: Components,
    known: Known,
    known_findings: KnownFindings = lambda keys, made_by: {},
    *,
    workers: int,
) -> Iterator[Record | Quarantined]:
    """Whole records in the order of the documents; texts are derived here while `workers` threads encode and extract.

    A document on which a component fails comes out as Quarantined, and the rest goes on.
    """
    remaining = iter(documents)
    for first in remaining:  # a slice bounds what waits; within it nothing is read before a worker is free for it
        some = chain([first], islice(remaining, _SLICE_DOCUMENTS - 1))
        yield from _derive_slice(some, components, known, known_findings, workers=workers)


def _derive_slice(
    documents: Iterable[tuple[SourceName, str, Document]],
    components: Components,
    known: Known,
    known_findings: KnownFindings,
    *,
    workers: int,
) -> Iterator[Record | Quarantined]:
    waiting: deque[_Pending] = deque()

    def requests() -> Iterator[_ChunkRequest]:
        for source, content, document in documents:
            pending = _begin(source, content, document, components, known, known_findings)
            waiting.append(pending)
            record = pending.result  # it may become a quarantined one while its chunks are read
            if isinstance(record, Record):
                for index in tuple(pending.missing):
                    yield _chunk_request(pending, record, index)

    def read(request: _ChunkRequest) -> tuple[Vectors | None, Findings | ModelError | Refused | None]:
        return _read_chunk(request, components)

    for vectors, findings in map_ahead(read, requests(), workers=workers):
        yield from _take_complete(waiting, components)
        pending = waiting[0]
        index = pending.missing.popleft()
        if vectors is not None:
            pending.vectors[index] = vectors
        if isinstance(findings, ModelError | Refused):
            pending.result = _failed(pending.result.source, findings) if isinstance(pending.result, Record) else pending.result
        elif findings is not None:
            pending.findings[index] = findings
        yield from _take_complete(waiting, components)
    yield from _take_complete(waiting, components)


def _begin(
    source: SourceName, content: str, document: Document, components: Components, known: Known, known_findings: KnownFindings
) -> _Pending:
    """A document cut into chunks, with what is already known of these."""
    fallback, tier = template_of(GENERAL, components.templates), components.tier_for(content)
    try:
        record, template = _cut(source, content, document, components)
    except (ModelError, Refused) as error:
        reason = f"{source} was read, but its memory could not be built: {error.happened}"
        return _Pending(Quarantined(source=source, reason=reason, do=error.do), fallback, tier, deque(), [], [])
    except Exception as error:  # noqa: BLE001 (one of the four doors: a document that breaks a component must not stop the others)
        return _Pending(_broken(source, error), fallback, tier, deque(), [], [])
    units, keys = components.extractor_of(tier).units, record.vector_keys
    stored = known(keys)
    vectors = [stored.get(key) for key in keys]
    findings: list[Findings | None] = []
    if units is not None:
        found = known_findings(keys, extraction_name(units, template))
        findings = [found.get(key) for key in keys]
    missing = deque(index for index in range(len(keys)) if vectors[index] is None or (units is not None and findings[index] is None))
    return _Pending(record, template, tier, missing, vectors, findings)


def _chunk_request(pending: _Pending, record: Record, index: int) -> _ChunkRequest:
    chunk = record.chunks[index]
    return _ChunkRequest(
        request=encoding_request(record.document, chunk),
        unit=unit_of(record.document, chunk),
        pending=pending,
        needs_vectors=pending.vectors[index] is None,
        needs_findings=bool(pending.findings) and pending.findings[index] is None,
    )


def _read_chunk(wanted: _ChunkRequest, components: Components) -> tuple[Vectors | None, Findings | ModelError | Refused | None]:
    """One encoder pass for vectors and states, and what the extractor reads in these; its failure comes back as a value.

    Once it has failed on one chunk of a document, it is not asked about the others.
    """
    encoder, units = components.encoder, components.extractor_of(wanted.pending.tier).units
    encoded = None
    if wanted.needs_vectors:
        with components.meter.stage("encoding"):
            encoded = encoder.read(wanted.request.text, wanted.request.sentence_spans, kind=wanted.request.kind)
    vectors = to_vectors(encoded) if encoded else None
    if units is None or not wanted.needs_findings or isinstance(wanted.pending.result, Quarantined):
        return vectors, None
    unit = wanted.unit
    if encoded is not None and encoded.states is not None and encoded.offsets is not None and units.trunk == encoder.trunk:
        unit = replace(unit, states=encoded.states, offsets=encoded.offsets - len(unit.context))
    began = time.perf_counter()
    try:
        return vectors, units.read(unit, wanted.pending.template)
    except (ModelError, Refused) as error:
        return vectors, error
    finally:
        components.meter.add(Spent(what=wanted.pending.tier, seconds=time.perf_counter() - began))


def _take_complete(waiting: deque[_Pending], components: Components) -> Iterator[Record | Quarantined]:
    while waiting and not waiting[0].missing:
        done = waiting.popleft()
        if isinstance(done.result, Quarantined):
            yield done.result
            continue
        found = [findings for findings in done.findings if findings is not None]
        try:
            record = _extracted(done.result, found, done.template, components, done.tier)
        except Exception as error:  # noqa: BLE001 (one of the four doors: a document that breaks a component must not stop the others)
            yield _broken(done.result.source, error)
            continue
        yield replace(record, vectors=tuple(vector for vector in done.vectors if vector is not None))


def _failed(source: SourceName, error: ModelError | Refused) -> Quarantined:
    return Quarantined(source=source, reason=f"{source} was read, but nothing could be extracted: {error.happened}", do=error.do)


def _broken(source: SourceName, error: Exception) -> Quarantined:
    _LOG.error("deriving %s failed", source, exc_info=error)
    reason = f"{source} was read, but {type(error).__name__} stopped its analysis ({error})"
    return Quarantined(source=source, reason=reason, do="report this with the document, please")


def unit_of(document: Document, chunk: Chunk) -> Unit:
    """A chunk as an extractor reads it, without states."""
    sentences = tuple(Span(one.start - chunk.span.start, one.end - chunk.span.start) for one in chunk.sentences)
    return Unit(
        text=chunk.span.of(document.text), sentences=sentences, context=heading_context(chunk.heading_path), language=document.language
    )


def to_vectors(encoded: Encoded) -> Vectors:
    """Encoded float32 vectors as they are stored: int8 with one scale each."""
    stacked = np.concatenate([encoded.vector[None, :], encoded.sentence_vectors])
    values, scales = quantize(stacked)
    return Vectors(vector=values[0], scale=float(scales[0]), sentences=values[1:], sentence_scales=scales[1:])


def _build_memory(document: Document, components: Components) -> tuple[Memory, tuple[str, ...]]:
    """The document's memory, and the keys of the recorded results that it was made from."""
    if components.readings:
        components.readings.take_used()  # what a document whose memory could not be built has left
    memory = components.builder.build(
        document.text, title=document.title, headings=document.headings, pages=document.pages, blocks=document.blocks
    )
    return memory, components.readings.take_used() if components.readings else ()


def _identified(text: str, items: Sequence[Item]) -> tuple[Chunk, ...]:
    """Chunks with their ids: a hash of heading path and text, and which occurrence of it in the document this is."""
    seen: dict[str, int] = {}
    chunks: list[Chunk] = []
    for item in items:
        digest = sha256("\0".join((*item.path, item.span.of(text))).encode("utf-8", "surrogatepass")).hexdigest()[:20]
        seen[digest] = seen.get(digest, 0) + 1
        chunks.append(
            Chunk(
                id=f"{digest}:{seen[digest]}",
                span=Span(item.span.start, item.span.end),
                heading_path=item.path,
                sentences=tuple(Span(sentence.start, sentence.end) for sentence in item.sentences),
                core=tuple(Span(core.start, core.end) for core in item.core),
                outline=item.outline,
                left_out=item.left_out,
                statement=item.statement,
            )
        )
    return tuple(chunks)


def _document_memory(memory: Memory, readings: tuple[str, ...]) -> DocumentMemory:
    scores = memory.scores
    named = (
        (
            ("published_clarity", scores.published_clarity),
            ("published_completeness", scores.published_completeness),
            ("repaired_clarity", scores.repaired_clarity),
            ("repaired_completeness", scores.repaired_completeness),
        )
        if scores
        else ()
    )
    return DocumentMemory(
        scenario=memory.scenario,
        outline=tuple(
            OutlineEntry(title=entry.title, level=entry.level, chunk=entry.item, is_topic=entry.is_topic) for entry in memory.outline
        ),
        judge=scores.judge if scores else "",
        scores=tuple((name, round(value, 6)) for name, value in named if value is not None),
        notes=memory.notes,
        readings=readings,
    )


def encoding_request(document: Document, chunk: Chunk) -> EncodingRequest:
    """What the encoder reads of a chunk: its heading path, then its text; the sentences' places are given in that."""
    prefix = heading_context(chunk.heading_path)
    shift = len(prefix) - chunk.span.start
    spans = tuple(Span(sentence.start + shift, sentence.end + shift) for sentence in chunk.sentences)
    return EncodingRequest(prefix + chunk.span.of(document.text), spans)


def _vector_key(fingerprint: str, request: EncodingRequest) -> str:
    spans = ",".join(f"{span.start}-{span.end}" for span in request.sentence_spans)
    return sha256("\0".join((fingerprint, spans, request.text)).encode("utf-8", "surrogatepass")).hexdigest()[:40]
