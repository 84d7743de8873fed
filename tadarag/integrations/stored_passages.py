"""Passages of a stored document, looked up by id or place instead of by a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tadarag.errors import UsageError
from tadarag.integrations.passage_metadata import passage_id, split_passage_id
from tadarag.knowledge_base import KnowledgeBase
from tadarag.outline.lines import page_at
from tadarag.values import Chunk, Passage, Record, SourceName, Span


@dataclass(frozen=True, slots=True)
class StoredPassages:
    """Records of a base, each read once; made anew for each call of a host, so that what has gone in between is gone here."""

    base: KnowledgeBase
    _records: dict[str, Record | None] = field(default_factory=dict)

    def record(self, source: SourceName | str) -> Record | None:
        """The record of a source, None when it is not there."""
        name = str(source)
        if name not in self._records:
            try:
                self._records[name] = self.base.record(source)
            except UsageError:  # gone, or the name of a folder
                self._records[name] = None
        return self._records[name]

    def place(self, source: str, chunk: str) -> tuple[Record, int] | None:
        """The record and the index of a passage, None when it is no longer there."""
        record = self.record(source)
        index = -1 if record is None else next((number for number, one in enumerate(record.chunks) if one.id == chunk), -1)
        return None if record is None or index < 0 else (record, index)

    def passage(self, identifier: str) -> Passage | None:
        """The passage that a `passage_id` means."""
        place = self.place(*split_passage_id(identifier))
        return None if place is None else passage_of(place[0], place[0].chunks[place[1]])

    def id_at(self, source: SourceName, span: Span) -> str:
        """The `passage_id` of the passage in which a span begins; "" when the document has gone."""
        record = self.record(source)
        chunks = () if record is None else record.chunks
        return next((passage_id(source, one.id) for one in chunks if one.span.start <= span.start < one.span.end), "")


def passage_of(record: Record, chunk: Chunk) -> Passage:
    """A chunk of a record as a passage."""
    document = record.document
    return Passage(
        source=record.source,
        content=record.content,
        chunk=chunk.id,
        span=chunk.span,
        text=chunk.span.of(document.text),
        sentences=chunk.sentences,
        heading_path=chunk.heading_path,
        subject=chunk.subject,
        page=page_at(document.pages, chunk.span.start),
        date=document.date,
        language=document.language,
        domain=record.domain,
        outline=chunk.outline,
    )


def place_in(metadata: Mapping[str, object]) -> tuple[str, str] | None:
    """The source and chunk that a host's metadata names, None where they are not those of a passage of ours."""
    source, chunk = metadata.get("source"), metadata.get("chunk")
    return (source, chunk) if isinstance(source, str) and isinstance(chunk, str) else None
