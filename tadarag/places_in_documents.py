"""A place in a stored document, with what stands around it: what a citation leads to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from tadarag.errors import UsageError
from tadarag.outline.lines import page_at
from tadarag.values import Answer, Document, PassageInContext, Record, SourceName, Span


def passage_in_context(record: Record, span: Span, *, content: str = "") -> PassageInContext:
    """What stands at a span of a document and around it.

    content: the hash of the document as it was cited, "" for whatever is there now. Raises UsageError when the document has another
    content by now, and for a span that is empty or does not lie in its text.
    """
    if content and record.content != content:
        raise UsageError(f"{record.source} has changed since it was cited", "ask again: the answer may have changed with it")
    text = record.document.text
    if not 0 <= span.start < span.end <= len(text):
        raise UsageError(
            f"{record.source} has no text at [{span.start}, {span.end})",
            f"it has {len(text)} characters; see: tadarag show {record.source}",
        )
    chunk = record.chunks[max(0, bisect_right(record.chunks, span.start, key=lambda one: one.span.start) - 1)]
    return PassageInContext(
        source=record.source,
        content=record.content,
        title=record.document.title,
        date=record.document.date,
        language=record.document.language,
        text=text,
        span=span,
        quote=span.of(text),
        page=page_at(record.document.pages, span.start),
        heading_path=chunk.heading_path,
        outline=chunk.outline,
        chunk=chunk.id,
        chunk_span=chunk.span,
        core=(chunk.statement,) if chunk.statement else tuple(one.of(text) for one in chunk.core),
    )


def with_pages_of_quotes(answer: Answer, read: Callable[[SourceName], Document | None]) -> Answer:
    """The answer with the page of each citation that on which its quote begins, not its passage.

    read: the stored document of a source, None for one that is not stored.
    """
    documents = {source: read(source) for source in {citation.source for citation in answer.citations}}
    citations = [
        citation
        if (document := documents[citation.source]) is None
        else replace(citation, page=page_at(document.pages, citation.span.start))
        for citation in answer.citations
    ]
    return replace(answer, citations=tuple(citations))
