"""Cuts texts with our builder and in the usual ways, retrieves chunks for questions with one encoder, and judges what was retrieved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mom.sentences import split_sentences
from tadarag.components import default_components
from tadarag.derivation import encoding_request
from tadarag.evaluation.bootstrap import SEED
from tadarag.evaluation.chunkers import CHUNKERS, Chunker, usual_chunkers
from tadarag.evaluation.chunking_data import ChunkingData
from tadarag.evaluation.described import chosen_systems, minus, with_intervals
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.measures import ANSWER_CHUNK_MEASURES, SPAN_MEASURES
from tadarag.evaluation.published_chunking import published_rows
from tadarag.evaluation.records import ChunkingRecord, SourceSpan
from tadarag.evaluation.text_vectors import TextVectors
from tadarag.models.quantization import dot
from tadarag.values import Chunk, Document, Span

if TYPE_CHECKING:
    from mom.memory_builder import MemoryBuilder
    from tadarag.models.encoder import Encoder

OURS = "mom"
SYSTEMS = (OURS, *CHUNKERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingSystem:
    """What one system did: a record of each question, how many chunks it made and how long they are in the encoder's tokens."""

    records: tuple[ChunkingRecord, ...]
    n_chunks: int
    tokens_per_chunk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingRun:
    """Every system's run over one data set; `top` chunks were retrieved for each question."""

    data: ChunkingData
    top: int
    systems: Mapping[str, ChunkingSystem]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk without white space at its ends, and what the encoder reads of it."""

    place: SourceSpan
    read: str


def run_chunking(
    data: ChunkingData,
    *,
    encoder: Encoder,
    top: int = 5,
    systems: Sequence[str] = (),
    builder: MemoryBuilder | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> ChunkingRun:
    """Cut all texts with each system, encode each chunk, and retrieve the `top` chunks of all texts for each question.

    The ranking is by cosine of the vectors as the product stores them (int8), ties by the order of the texts. For ours the encoder reads
    what the product hands it, heading path and chunk, and only the chunk counts as retrieved; for the others it reads the chunk.
    builder: ours, by default the product's. systems: some of `SYSTEMS`, all when empty. Raises UsageError for another name.
    """
    names = chosen_systems(systems, SYSTEMS)
    vectors = TextVectors(encoder, progress)
    cut = _cutters(encoder, builder or default_components(encoder).builder, vectors)
    queries, query_scales = vectors.stored([question.text for question in data.questions], stage="encoding questions", kind="query")
    runs = {}
    for name in names:
        pieces = [piece for source, text in data.texts.items() for piece in cut[name](source, text)]
        rows, scales = vectors.stored([piece.read for piece in pieces], stage=f"encoding for {name}")
        records = []
        for place, question in enumerate(data.questions):
            scores = dot(queries[place], rows) * scales * query_scales[place]
            best = np.argsort(-scores, kind="stable")[:top]
            records.append(
                ChunkingRecord(
                    question=question.id,
                    references=question.references,
                    retrieved=tuple(pieces[row].place for row in best),
                    holders=tuple(piece.place for piece in pieces if _holds(piece.place, question.references)),
                )
            )
            progress(f"asking {name}", place + 1, len(data.questions))
        n_tokens = sum(encoder.count_tokens(piece.place.span.of(data.texts[piece.place.source])) for piece in pieces)
        runs[name] = ChunkingSystem(records=tuple(records), n_chunks=len(pieces), tokens_per_chunk=n_tokens / max(1, len(pieces)))
    return ChunkingRun(data=data, top=top, systems=runs)


def describe_chunking(run: ChunkingRun) -> dict[str, Any]:
    """The JSON form: each system's measures with intervals over questions, the differences mom minus each other system, and parts by text.

    For span data the measures are those of `measures.span_overlap` (characters): recall, precision, iou, precision_omega; beside them,
    for Chroma's five texts, the rows that its authors published, and under "at_least_as_good" the systems that reach mom's recall and its
    IoU both. For answers: answer_recall and whole_answer_recall.
    """
    measures = _measures(run.data.kind)
    records = {name: system.records for name, system in run.systems.items()}
    described: dict[str, Any] = {
        "corpus": run.data.name,
        "n_queries": len(run.data.questions),
        "n_queries_left_out": run.data.n_left_out,
        "n_texts": len(run.data.texts),
        "top": run.top,
        "seed": SEED,
        "data_sha256": run.data.digest,
        "systems": {
            name: {
                **with_intervals(measures, system.records),
                "n_chunks": system.n_chunks,
                "tokens_per_chunk": round(system.tokens_per_chunk, 2),
                **({"by_text": _by_text(system.records, measures)} if run.data.kind == "spans" else {}),
            }
            for name, system in run.systems.items()
        },
        "mom_minus": minus(OURS, measures, records),
    }
    if run.data.kind == "spans":
        described["at_least_as_good"] = at_least_as_good(described["systems"])
    published = published_rows(run.data.texts)
    return {**described, **({"published": published} if published else {})}


def at_least_as_good(systems: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The other systems whose recall and IoU both reach ours: none, where ours has the best IoU at equal or better recall."""
    ours = systems.get(OURS)
    if ours is None:
        return []
    return [
        name for name, values in systems.items() if name != OURS and values["recall"] >= ours["recall"] and values["iou"] >= ours["iou"]
    ]


def _measures(kind: Literal["spans", "answers"]) -> Mapping[str, Callable[[ChunkingRecord], float]]:
    return SPAN_MEASURES if kind == "spans" else ANSWER_CHUNK_MEASURES


def _by_text(records: Sequence[ChunkingRecord], measures: Mapping[str, Callable[[ChunkingRecord], float]]) -> dict[str, Any]:
    described = {}
    for source in sorted({record.references[0].source for record in records}):
        chosen = [record for record in records if record.references[0].source == source]
        means = {name: round(sum(map(compute, chosen)) / len(chosen), 6) for name, compute in measures.items()}
        described[source] = {"n_queries": len(chosen), **means}
    return described


def _cutters(encoder: Encoder, builder: MemoryBuilder, vectors: TextVectors) -> dict[str, Callable[[str, str], list[_Piece]]]:
    usual = usual_chunkers(encoder.count_tokens, lambda texts: vectors.unit(texts, stage="encoding sentences"))
    sentences: dict[str, list[Span]] = {}

    def sentences_of(source: str, text: str) -> list[Span]:
        if source not in sentences:
            sentences[source] = [Span(sentence.start, sentence.end) for sentence in split_sentences(text)]
        return sentences[source]

    def cutter(chunker: Chunker) -> Callable[[str, str], list[_Piece]]:
        return lambda source, text: _pieces(source, text, chunker(text, sentences_of(source, text)))

    return {OURS: lambda source, text: _ours(source, text, builder), **{name: cutter(chunker) for name, chunker in usual.items()}}


def _pieces(source: str, text: str, chunks: Sequence[Span]) -> list[_Piece]:
    spans = [stripped for chunk in chunks if (stripped := _stripped(text, chunk)) is not None]
    return [_Piece(SourceSpan(source=source, span=span), span.of(text)) for span in spans]


def _ours(source: str, text: str, builder: MemoryBuilder) -> list[_Piece]:
    document, pieces = Document(text=text), []
    for item in builder.build(text).items:
        span = _stripped(text, Span(item.span.start, item.span.end))
        if span is not None:
            chunk = Chunk(id="", span=Span(item.span.start, item.span.end), heading_path=item.path, sentences=(), core=())
            pieces.append(_Piece(SourceSpan(source=source, span=span), encoding_request(document, chunk).text))
    return pieces


def _stripped(text: str, chunk: Span) -> Span | None:
    """The chunk without white space at its ends; None when nothing is left."""
    body = chunk.of(text)
    start = chunk.start + len(body) - len(body.lstrip())
    end = start + len(body.strip())
    return Span(start, end) if start < end else None


def _holds(chunk: SourceSpan, references: Sequence[SourceSpan]) -> bool:
    """Whether they share a character or touch; the benchmark's code counts a chunk that only touches."""
    return any(
        chunk.source == reference.source and chunk.span.start <= reference.span.end and reference.span.start <= chunk.span.end
        for reference in references
    )
