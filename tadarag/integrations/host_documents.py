"""Documents that a host framework has loaded become documents of a base."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby, pairwise
from typing import Any

from tadarag.documents.dates import parse_date
from tadarag.documents.markdown import parse_markdown
from tadarag.documents.plain import parse_plain
from tadarag.documents.text import normalise
from tadarag.errors import DocumentError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.reports import IngestReport
from tadarag.values import Document, SourceName, Span

_NAMES = ("file_path", "source", "path", "url", "file_name", "filename")
_PAGES = ("page_label", "page_number", "page")
_FILE_KEYS = frozenset(
    {*_NAMES, *_PAGES, "title", "date", "row", "file_type", "file_size", "creation_date", "last_modified_date", "last_accessed_date"}
)
"""What a base states in another place, or what changes without the text."""
_MARKDOWN = (".md", ".markdown")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/+|[A-Za-z]:(?=[/\\])")
_PAGE_JOINT = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDocument:
    """A document as a host has it. metadata: what it states beside the text; id: the host's own, "" where it has none."""

    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


def ingest_host_documents(base: KnowledgeBase, documents: Iterable[HostDocument], *, root: str) -> IngestReport:
    """Take in what a host has loaded; a document whose name is present is replaced, equal content costs nothing.

    root: under which the names stand ("langchain:reports/a.pdf"). A name is the path or URL that the metadata states, without drive, scheme
    and leading slash, else the host's id, else a hash of the text. Pages of one file that a host gives one by one (and in order) become one
    document again, so that citations name the page; any other repeated name gets a part ("a.csv#2"). Metadata `title` and `date`
    count before what the text says; other plain values become fields. What is no text is among the report's `quarantined`. What the host gives no
    longer stays until it is deleted by name.
    """
    unreadable: list[tuple[SourceName, str, str]] = []
    report = base.ingest_documents(_converted(documents, root, unreadable))
    return replace(report, quarantined=(*report.quarantined, *unreadable))


def _converted(
    documents: Iterable[HostDocument], root: str, unreadable: list[tuple[SourceName, str, str]]
) -> Iterator[tuple[SourceName, Document]]:
    taken: set[SourceName] = set()
    for name, pages, part in _whole_documents(documents):
        source = _unused(SourceName(root, name, part), taken)
        taken.add(source)
        try:
            yield source, _document(name, pages)
        except DocumentError as error:
            unreadable.append((source, error.happened, error.do))


def _whole_documents(documents: Iterable[HostDocument]) -> Iterator[tuple[str, Sequence[HostDocument], str]]:
    """Name, the pages or the one text, and the part: neighbours of one name that are all its pages in order are one document."""
    for name, group in groupby(documents, key=_name):
        parts = list(group)
        numbers = [_page_number(one) for one in parts]
        if len(parts) > 1 and numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(parts))):
            yield name, parts, ""
        else:
            yield from ((name, [one], _part(one)) for one in parts)


def _document(name: str, pages: Sequence[HostDocument]) -> Document:
    """One document. Raises DocumentError for what is no text."""
    texts = [normalise(text) for page in pages for text in _split_pages(page.text)]
    text = _PAGE_JOINT.join(texts)
    is_markdown = name.lower().endswith(_MARKDOWN) and len(texts) == 1
    document = (parse_markdown if is_markdown else parse_plain)(name, text.encode())
    stated = pages[0].metadata
    fields = {key: str(value) for key, value in stated.items() if key not in _FILE_KEYS and isinstance(value, str | int | float)}
    return replace(
        document,
        title=str(stated.get("title") or "") or document.title,
        date=parse_date(str(stated.get("date") or "")) or document.date,
        pages=_page_spans(texts) if len(texts) > 1 else (),
        fields=(*document.fields, *sorted(fields.items())),
    )


def _split_pages(text: str) -> list[str]:
    """The pages of a text that marks their ends by form feeds, as several PDF converters do."""
    pages = text.split("\f")
    return pages[:-1] if len(pages) > 1 and not pages[-1].strip() else pages


def _page_spans(texts: Sequence[str]) -> tuple[Span, ...]:
    """Ranges that tile the joined text; the joint belongs to the page before it."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + len(_PAGE_JOINT))
    starts[-1] -= len(_PAGE_JOINT)
    return tuple(Span(start, end) for start, end in pairwise(starts))


def _name(document: HostDocument) -> str:
    stated = next((str(document.metadata[key]) for key in _NAMES if document.metadata.get(key)), "") or document.id
    path = _SCHEME.sub("", unicodedata.normalize("NFC", normalise(stated)), count=1).replace("\\", "/")
    name = "/".join(step for step in path.split("/") if step not in ("", ".", ".."))
    return name or sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _part(document: HostDocument) -> str:
    number = _page_number(document)
    return str(document.metadata["row"]) if "row" in document.metadata else "" if number is None else f"page {number}"


def _page_number(document: HostDocument) -> int | None:
    """The page that the metadata states, as the host counts it; None where it states none that is a number."""
    stated = next((document.metadata[key] for key in _PAGES if document.metadata.get(key) is not None), None)
    return int(stated) if isinstance(stated, int) or (isinstance(stated, str) and stated.isdecimal()) else None


def _unused(source: SourceName, taken: set[SourceName]) -> SourceName:
    number, found = 1, source
    while found in taken:
        number += 1
        found = replace(source, part=f"{source.part}~{number}" if source.part else str(number))
    return found
