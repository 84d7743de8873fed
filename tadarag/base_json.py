"""Documents, and the state and the ingests of a base, as plain values of JSON: one form for `--json`, the server, MCP and the studio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tadarag.answer_json import Json, span_json

if TYPE_CHECKING:
    from tadarag.outline.lines import OutlineLine
    from tadarag.reports import BaseStatus, IngestEstimate, IngestReport, ReadingEstimate, TierEstimate
    from tadarag.store.protocol import DocumentInfo
    from tadarag.values import Record, SourceName


def document_json(info: DocumentInfo) -> Json:
    """A row of the list of documents."""
    return {
        "source": str(info.source),
        "title": info.title,
        "date": info.date,
        "language": info.language,
        "domain": info.domain,
        "media_type": info.media_type,
        "content": info.content,
        "n_characters": info.n_characters,
        "n_passages": info.n_passages,
    }


def record_json(record: Record) -> Json:
    """A document with its text, headings, passages and mentions."""
    document = record.document
    return {
        "source": str(record.source),
        "content": record.content,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "media_type": document.media_type,
        "domain": record.domain,
        "fields": [list(pair) for pair in document.fields],
        "text": document.text,
        "headings": [{"title": heading.title, "level": heading.level, "span": span_json(heading.span)} for heading in document.headings],
        "pages": [span_json(page) for page in document.pages],
        "chunks": [
            {
                "id": chunk.id,
                "span": span_json(chunk.span),
                "heading_path": list(chunk.heading_path),
                "subject": chunk.subject,
                "sentences": [span_json(span) for span in chunk.sentences],
                "core": [span_json(span) for span in chunk.core],
            }
            for chunk in record.chunks
        ],
        "mentions": [
            {"text": m.text, "kind": m.kind, "span": span_json(m.span), "chunk": m.chunk, "sentence": m.sentence, "normal": m.normal}
            for m in record.extraction.mentions
        ],
    }


def outline_json(record: Record, lines: Sequence[OutlineLine], *, builder: str) -> Json:
    """A document's outline, with the numbers of the passages under each line, from 1. builder: fingerprint of what made its memory."""
    memory = record.memory
    return {
        "source": str(record.source),
        "content": record.content,
        "title": record.document.title,
        "language": record.document.language,
        "scenario": memory.scenario,
        "builder": builder,
        "judge": memory.judge,
        "scores": dict(memory.scores),
        "notes": list(memory.notes),
        "n_passages": len(record.chunks),
        "outline": [
            {
                "title": line.title,
                "depth": line.depth,
                "is_topic": line.is_topic,
                "passages": [line.first + 1, line.last + 1],
                "span": span_json(line.span),
                "pages": None if line.page is None else [line.page, line.last_page],
            }
            for line in lines
        ],
    }


def status_json(status: BaseStatus, *, encoder: str = "") -> Json:
    """The state of a base. encoder: its name where it is known; `fingerprint` says which it is in any case."""
    return {
        "base": status.path,
        "n_documents": status.n_documents,
        "n_passages": status.n_passages,
        "n_sentences": status.n_sentences,
        "n_bytes": status.n_bytes,
        "languages": dict(status.languages),
        "domains": dict(status.domains),
        "tiers": dict(status.tiers),
        "empty": _names(status.empty),
        "nameless": _names(status.nameless),
        "quarantined": quarantine_json(status.quarantined),
        "sequence": status.sequence,
        "indexed_sequence": status.indexed_sequence,
        "encoder": encoder,
        "fingerprint": status.encoder,
        "format": status.format,
    }


def report_json(report: IngestReport) -> Json:
    """What an ingest did, by source."""
    return {
        "added": _names(report.added),
        "replaced": _names(report.replaced),
        "renamed": [[str(before), str(after)] for before, after in report.renamed],
        "removed": _names(report.removed),
        "unchanged": report.unchanged,
        "empty": _names(report.empty),
        "nameless": _names(report.nameless),
        "tiers": dict(report.tiers),
        "lowered": [{"source": str(source), "tier": tier, "reason": reason} for source, tier, reason in report.lowered],
        "quarantined": quarantine_json(report.quarantined),
        "n_passages": report.n_passages,
        "seconds": report.seconds,
        "sequence": report.sequence,
        "interrupted": report.interrupted,
    }


def quarantine_json(quarantined: Iterable[tuple[SourceName, str, str]]) -> list[dict[str, str]]:
    """Documents that could not be read, with the reason and what to do."""
    return [{"source": str(source), "reason": reason, "do": do} for source, reason, do in quarantined]


def estimate_json(estimate: IngestEstimate) -> Json:
    """What an ingest would take; a cost that is not known is null."""
    return {
        "n_documents": estimate.n_documents,
        "memories": _asked_json(estimate.memories),
        "tiers": [{"tier": tier.tier, "n_documents": tier.n_documents, **_asked_json(tier)} for tier in estimate.tiers],
        "seconds": round(estimate.seconds, 3),
        "cpu_seconds": round(estimate.cpu_seconds, 3),
        "n_sampled": estimate.n_sampled,
    }


def _asked_json(part: ReadingEstimate | TierEstimate) -> Json:
    return {
        "model": part.model,
        "n_calls": part.n_calls,
        "prompt_tokens": part.prompt_tokens,
        "completion_tokens": part.completion_tokens,
        "are_estimates": part.are_estimates,
        "cost": part.cost,
    }


def _names(sources: Iterable[SourceName]) -> list[str]:
    return [str(source) for source in sources]
