"""Values to compact bytes and back: compressed canonical JSON behind a checksum, and int8 vectors as raw bytes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from tadarag.document_json import canonical_json, spans_from_json, spans_to_json
from tadarag.errors import BaseDamaged
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.values import Chunk, DocumentMemory, Entity, Extraction, Mention, OutlineEntry, Relation, Span, Vectors

_CHECKSUM = struct.Struct("<I")
_VECTOR_HEAD = struct.Struct("<fHH")


def seal(body: bytes) -> bytes:
    """The bytes behind their CRC-32: SQLite has no page checksums, so that a flipped bit in a blob would pass unseen."""
    return _CHECKSUM.pack(zlib.crc32(body)) + body


def unseal(sealed: bytes, what: str) -> bytes:
    """The body of sealed bytes; raises BaseDamaged naming `what` when the checksum does not match."""
    body = sealed[_CHECKSUM.size :]
    if len(sealed) < _CHECKSUM.size or _CHECKSUM.unpack(sealed[: _CHECKSUM.size])[0] != zlib.crc32(body):
        raise BaseDamaged(
            f"{what} is damaged in the database (its checksum does not match)", "run: tadarag repair, then ingest the source again"
        )
    return body


def pack_json(value: Any) -> bytes:
    """Canonical JSON, compressed and sealed."""
    return seal(zlib.compress(canonical_json(value).encode("utf-8", "surrogatepass"), 3))


def unpack_json(sealed: bytes, what: str) -> Any:
    """The value of `pack_json`."""
    return json.loads(zlib.decompress(unseal(sealed, what)).decode("utf-8", "surrogatepass"))


def chunks_to_json(chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Chunks as plain JSON values, by field name."""
    return [
        {
            "id": chunk.id,
            "span": [chunk.span.start, chunk.span.end],
            "heading_path": list(chunk.heading_path),
            "sentences": spans_to_json(chunk.sentences),
            "core": spans_to_json(chunk.core),
            "subject": chunk.subject,
            "outline": chunk.outline,
            "left_out": list(chunk.left_out),
            "statement": chunk.statement,
        }
        for chunk in chunks
    ]


def chunks_from_json(values: Sequence[dict[str, Any]]) -> tuple[Chunk, ...]:
    """The chunks of `chunks_to_json`."""
    return tuple(
        Chunk(
            id=value["id"],
            span=Span(*value["span"]),
            heading_path=tuple(value["heading_path"]),
            sentences=spans_from_json(value["sentences"]),
            core=spans_from_json(value["core"]),
            subject=value["subject"],
            outline=value["outline"],
            left_out=tuple(value["left_out"]),
            statement=value["statement"],
        )
        for value in values
    )


def memory_to_json(memory: DocumentMemory) -> dict[str, Any]:
    """A document's memory as plain JSON values: outline rows are title, level, chunk, is_topic; readings only where there are any."""
    value = {
        "scenario": memory.scenario,
        "outline": [[entry.title, entry.level, entry.chunk, entry.is_topic] for entry in memory.outline],
        "judge": memory.judge,
        "scores": dict(memory.scores),
        "notes": list(memory.notes),
    }
    return {**value, "readings": list(memory.readings)} if memory.readings else value


def memory_from_json(value: dict[str, Any]) -> DocumentMemory:
    """The memory of `memory_to_json`."""
    return DocumentMemory(
        scenario=value["scenario"],
        outline=tuple(
            OutlineEntry(title=title, level=level, chunk=chunk, is_topic=is_topic) for title, level, chunk, is_topic in value["outline"]
        ),
        judge=value["judge"],
        scores=tuple(sorted(value["scores"].items())),
        notes=tuple(value["notes"]),
        readings=tuple(value.get("readings", ())),
    )


def extraction_to_json(extraction: Extraction) -> dict[str, Any]:
    """An extraction as plain JSON values: rows in the order of the fields of Mention, Entity and Relation."""
    return {
        "mentions": [
            [m.span.start, m.span.end, m.text, m.kind, m.chunk, m.sentence, m.normal, m.label, m.probability] for m in extraction.mentions
        ],
        "entities": [[e.name, e.kind, list(e.mentions)] for e in extraction.entities],
        "relations": [[r.head, r.predicate, r.tail, r.evidence.start, r.evidence.end, r.probability] for r in extraction.relations],
    }


def extraction_from_json(value: dict[str, Any]) -> Extraction:
    """The extraction of `extraction_to_json`; mentions of bases that knew no labels have none."""
    return Extraction(
        mentions=tuple(
            Mention(span=Span(start, end), text=text, kind=kind, chunk=chunk, sentence=sentence, normal=normal, **_labelled(more))
            for start, end, text, kind, chunk, sentence, normal, *more in value["mentions"]
        ),
        entities=tuple(Entity(name=name, kind=kind, mentions=tuple(mentions)) for name, kind, mentions in value["entities"]),
        relations=tuple(
            Relation(head=head, predicate=predicate, tail=tail, evidence=Span(start, end), probability=probability)
            for head, predicate, tail, start, end, probability in value["relations"]
        ),
    )


def _labelled(more: Sequence[Any]) -> dict[str, Any]:
    return {"label": more[0], "probability": more[1]} if more else {}


def found_to_json(findings: Sequence[Findings], found_by: str) -> dict[str, Any]:
    """What was read in each chunk, as plain JSON values: rows in the order of the fields of FoundName and FoundFact."""
    return {"by": found_by, "chunks": [findings_to_json(one) for one in findings]}


def found_from_json(value: dict[str, Any]) -> tuple[tuple[Findings, ...], str]:
    """The findings and the name of `found_to_json`."""
    return tuple(findings_from_json(one) for one in value["chunks"]), value["by"]


def findings_to_json(findings: Findings) -> dict[str, Any]:
    """Findings of one chunk; readings only where there are any."""
    value: dict[str, Any] = {
        "names": [[one.span.start, one.span.end, one.kind, one.label, one.probability] for one in findings.names],
        "facts": [[one.head, one.relation, one.tail, one.sentence, one.probability, one.is_open] for one in findings.facts],
        "ungrounded": findings.n_ungrounded,
    }
    return {**value, "readings": list(findings.readings)} if findings.readings else value


def findings_from_json(value: dict[str, Any]) -> Findings:
    """The findings of `findings_to_json`."""
    return Findings(
        names=tuple(
            FoundName(span=Span(start, end), kind=kind, label=label, probability=probability)
            for start, end, kind, label, probability in value["names"]
        ),
        facts=tuple(
            FoundFact(head=head, relation=relation, tail=tail, sentence=sentence, probability=probability, is_open=is_open)
            for head, relation, tail, sentence, probability, is_open in value["facts"]
        ),
        n_ungrounded=value["ungrounded"],
        readings=tuple(value.get("readings", ())),
    )


def pack_vectors(vectors: Vectors) -> bytes:
    """Vectors as sealed bytes: passage scale, n sentences, d, passage int8, sentence scales float32, sentences int8."""
    n, d = vectors.sentences.shape
    head = _VECTOR_HEAD.pack(vectors.scale, n, d)
    return seal(head + vectors.vector.tobytes() + vectors.sentence_scales.astype("<f4").tobytes() + vectors.sentences.tobytes())


def unpack_vectors(sealed: bytes, what: str) -> Vectors:
    """The vectors of `pack_vectors`."""
    body = unseal(sealed, what)
    scale, n, d = _VECTOR_HEAD.unpack_from(body)
    at = _VECTOR_HEAD.size
    vector = np.frombuffer(body, np.int8, d, at)
    scales = np.frombuffer(body, "<f4", n, at + d)
    sentences = np.frombuffer(body, np.int8, n * d, at + d + 4 * n).reshape(n, d)
    return Vectors(vector=vector, scale=scale, sentences=sentences, sentence_scales=scales.astype(np.float32))
