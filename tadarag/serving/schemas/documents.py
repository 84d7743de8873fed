"""Documents, their memories, and the state of the base as `tadarag.base_json` writes them."""

from __future__ import annotations

from typing import Any

from tadarag.serving.schemas.form import Form, Result, Span


class DocumentRow(Form):
    """A document in the list."""

    source: str
    title: str
    date: str
    language: str
    domain: str
    media_type: str
    content: str
    n_characters: int
    n_passages: int


class DocumentList(Result):
    """Documents by name; `n_documents` is how many there are in all, `documents` those that were asked for."""

    n_documents: int
    documents: list[DocumentRow]


class OutlineLineForm(Form):
    """A line of the outline with the numbers of the first and last passage under it, from 1."""

    title: str
    depth: int
    is_topic: bool
    passages: list[int]
    span: Span
    pages: list[int] | None


class OutlineResult(Result):
    """The outline of a document."""

    source: str
    content: str
    title: str
    language: str
    scenario: str
    builder: str
    judge: str
    scores: dict[str, float]
    notes: list[str]
    n_passages: int
    outline: list[OutlineLineForm]


class TextResult(Result):
    """The text of a document as data; offsets of citations count its code points."""

    source: str
    content: str
    title: str
    date: str
    language: str
    media_type: str
    text: str


class PassageResult(Result):
    """A place in a document with what stands around it."""

    source: str
    content: str
    title: str
    date: str
    language: str
    text: str
    span: Span
    quote: str
    page: int | None
    heading_path: list[str]
    outline: str
    chunk: str
    chunk_span: Span
    core: list[str]


class MemoryResult(Result):
    """A document's memory as `tadarag mom show --json` writes it."""

    memory: dict[str, Any]


class Deleted(Result):
    """The documents that were removed."""

    deleted: list[str]


class QuarantineForm(Form):
    """A document that could not be read, why, and what to do."""

    source: str
    reason: str
    do: str


class JobCounts(Form):
    """Ingest jobs that wait and that are being done."""

    queued: int
    running: int


class StatusResult(Result):
    """The state of the base and of the server."""

    base: str
    n_documents: int
    n_passages: int
    n_sentences: int
    n_bytes: int
    languages: dict[str, int]
    domains: dict[str, int]
    tiers: dict[str, int]
    empty: list[str]
    nameless: list[str]
    quarantined: list[QuarantineForm]
    sequence: int
    indexed_sequence: int
    encoder: str
    fingerprint: str
    format: str
    version: str
    pipeline: str
    pipelines: list[str]
    is_read_only: bool
    jobs: JobCounts
