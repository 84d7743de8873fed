"""A document becomes a record: memory, subjects, mentions, entities, domain, and vectors that are computed once for equal text."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path

import numpy as np

from mom.memory_builder import MemoryBuilder, StructuralBuilder
from mom.values import Item, Memory
from tadarag.documents.parsing import FINGERPRINT as PARSERS
from tadarag.errors import ModelError, Refused
from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.extraction.subjects import with_subjects
from tadarag.graph.resolve import resolve_extraction
from tadarag.models.encoder import Encoder, EncodingRequest, read_all
from tadarag.models.quantization import quantize
from tadarag.readings import ModelDriven, Readings, Recall, Save
from tadarag.routing.domains import route_document, routing_fingerprint
from tadarag.store.protocol import Quarantined
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, DocumentMemory, Encoded, OutlineEntry, Record, SourceName, Span, Vectors

MAX_TOKENS = 200
"""Length of a chunk with its heading path, in the encoder's tokens."""
_SLICE_DOCUMENTS = 512
_LOG = logging.getLogger(__name__)

Known = Callable[[Sequence[str]], Mapping[str, Vectors]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """What derives: encoder, memory builder and extractor, each with its fingerprint, and the templates that tell domains (None: the shipped ones).

    readings: of the ingest at hand, where the builder asks a model.
    """

    encoder: Encoder
    builder: MemoryBuilder
    extractor: Extractor
    templates: tuple[Template, ...] | None = None
    readings: Readings | None = None

    def settings(self) -> dict[str, str]:
        """What a base freezes when it is made."""
        return {
            "encoder": self.encoder.fingerprint,
            "dimension": str(self.encoder.dimension),
            "memory": self.builder.fingerprint,
            "extraction": self.extractor.fingerprint,
            "parsers": PARSERS,
            "routing": routing_fingerprint(self.templates),
        }


def default_components(
    encoder: Encoder,
    *,
    builder: MemoryBuilder | None = None,
    extractor: Extractor | None = None,
    templates: tuple[Template, ...] | None = None,
    scenario_folders: tuple[Path, ...] = (),
) -> Components:
    """The components that ship, around an encoder; a builder, extractor or templates that are given take the place of the shipped ones.

    scenario_folders: of scenarios that the shipped builder reads before the shipped ones.
    """
    return Components(
        encoder=encoder,
        builder=builder or structural_builder(encoder, scenario_folders=scenario_folders),
        extractor=extractor or RuleExtractor(),
        templates=templates,
    )


def structural_builder(encoder: Encoder, *, scenario_folders: tuple[Path, ...] = ()) -> StructuralBuilder:
    """The memory builder that ships: lengths are in the encoder's tokens."""
    return StructuralBuilder(
        measure=encoder.count_tokens,
        max_length=MAX_TOKENS,
        measure_name=encoder.fingerprint[:16],
        scenario_folders=scenario_folders,
    )


def with_readings(components: Components, recall: Recall, save: Save) -> Components:
    """The components of one ingest: a builder that asks a model asks it only what `recall` does not know. save: records many new replies."""
    builder = components.builder
    if not isinstance(builder, ModelDriven):
        return components
    readings = Readings(recall, save)
    return replace(components, builder=builder.with_model(readings.remembering(builder.model)), readings=readings)


@dataclass(slots=True)
class _Pending:
    """A record whose missing vectors are still being computed, or the reason why there is none."""

    result: Record | Quarantined
    missing: deque[int]
    vectors: list[Vectors | None]


def derive(source: SourceName, content: str, document: Document, components: Components) -> Record:
    """The record of a document, still without vectors: a pure function of the document and the components."""
    memory, readings = _build_memory(document, components)
    items = memory.items if document.text.strip() else ()  # white space alone is no passage: the document is empty
    chunks = with_subjects(document, _identified(document.text, items))
    extraction = resolve_extraction(document, components.extractor.extract(document, chunks))
    domain, _ = route_document(document, components.templates)
    return Record(
        source=source,
        content=content,
        document=document,
        chunks=chunks,
        vectors=(),
        vector_keys=tuple(_vector_key(components.encoder.fingerprint, encoding_request(document, chunk)) for chunk in chunks),
        extraction=extraction,
        domain=domain,
        memory=_document_memory(memory, readings),
    )


def derive_all(
    documents: Iterable[tuple[SourceName, str, Document]], components: Components, known: Known, *, workers: int
) -> Iterator[Record | Quarantined]:
    """Whole records in the order of the documents; texts are derived here while `workers` threads encode.

    A document on which a component fails comes out as Quarantined, and the rest goes on.
    """
    remaining = iter(documents)
    for first in remaining:  # a slice bounds what waits; within it nothing is read before a worker is free for it
        yield from _derive_slice(chain([first], islice(remaining, _SLICE_DOCUMENTS - 1)), components, known, workers=workers)


def _derive_slice(
    documents: Iterable[tuple[SourceName, str, Document]], components: Components, known: Known, *, workers: int
) -> Iterator[Record | Quarantined]:
    waiting: deque[_Pending] = deque()

    def requests() -> Iterator[EncodingRequest]:
        for source, content, document in documents:
            try:
                record = derive(source, content, document, components)
            except (ModelError, Refused) as error:
                reason = f"{source} was read, but its memory could not be built: {error.happened}"
                waiting.append(_Pending(Quarantined(source=source, reason=reason, do=error.do), deque(), []))
                continue
            except Exception as error:  # noqa: BLE001 (one of the four doors: a document that breaks a component must not stop the others)
                _LOG.exception("deriving %s failed", source)
                reason = f"{source} was read, but {type(error).__name__} stopped its analysis ({error})"
                waiting.append(_Pending(Quarantined(source=source, reason=reason, do="report this with the document, please"), deque(), []))
                continue
            stored = known(record.vector_keys)
            vectors = [stored.get(key) for key in record.vector_keys]
            missing = deque(index for index, vector in enumerate(vectors) if vector is None)
            waiting.append(_Pending(record, deque(missing), vectors))
            for index in missing:
                yield encoding_request(document, record.chunks[index])

    for encoded in read_all(components.encoder, requests(), workers=workers):
        yield from _take_complete(waiting)
        waiting[0].vectors[waiting[0].missing.popleft()] = to_vectors(encoded)
        yield from _take_complete(waiting)
    yield from _take_complete(waiting)


def _take_complete(waiting: deque[_Pending]) -> Iterator[Record | Quarantined]:
    while waiting and not waiting[0].missing:
        done = waiting.popleft()
        if isinstance(done.result, Record):
            yield replace(done.result, vectors=tuple(vector for vector in done.vectors if vector is not None))
        else:
            yield done.result


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
    prefix = "".join(f"{heading}. " for heading in chunk.heading_path)
    shift = len(prefix) - chunk.span.start
    spans = tuple(Span(sentence.start + shift, sentence.end + shift) for sentence in chunk.sentences)
    return EncodingRequest(prefix + chunk.span.of(document.text), spans)


def _vector_key(fingerprint: str, request: EncodingRequest) -> str:
    spans = ",".join(f"{span.start}-{span.end}" for span in request.sentence_spans)
    return sha256("\0".join((fingerprint, spans, request.text)).encode("utf-8", "surrogatepass")).hexdigest()[:40]
