"""Documents as canonical JSON: the form that is hashed, stored, exported, and that crosses a process boundary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tadarag.values import Document, Heading, Span


def content_hash(document: Document) -> str:
    """SHA-256 (hex) over the canonical JSON of all fields: the identity of content, whatever bytes it was parsed from."""
    return sha256(canonical_json(document_to_json(document)).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: Any) -> str:
    """JSON whose characters depend on the value alone: sorted keys, no white space, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def spans_to_json(spans: Sequence[Span]) -> list[list[int]]:
    """Spans as pairs of start and end."""
    return [[span.start, span.end] for span in spans]


def spans_from_json(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    """The spans of `spans_to_json`."""
    return tuple(Span(start, end) for start, end in pairs)


def document_to_json(document: Document) -> dict[str, Any]:
    """Every field of a document as JSON values."""
    return {
        "text": document.text,
        "title": document.title,
        "media_type": document.media_type,
        "language": document.language,
        "headings": [[heading.span.start, heading.span.end, heading.level, heading.title] for heading in document.headings],
        "pages": spans_to_json(document.pages),
        "blocks": spans_to_json(document.blocks),
        "date": document.date,
        "fields": [[name, value] for name, value in document.fields],
    }


def document_from_json(value: dict[str, Any]) -> Document:
    """The inverse of `document_to_json`."""
    return Document(
        text=value["text"],
        title=value["title"],
        media_type=value["media_type"],
        language=value["language"],
        headings=tuple(Heading(span=Span(start, end), level=level, title=title) for start, end, level, title in value["headings"]),
        pages=spans_from_json(value["pages"]),
        blocks=spans_from_json(value["blocks"]),
        date=value["date"],
        fields=tuple((name, field) for name, field in value["fields"]),
    )
