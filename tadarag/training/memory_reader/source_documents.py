"""Documents that memories are read from: text with what a parser knows of it, kept as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mom.values import Heading, Span
from tadarag.content import content_folder
from tadarag.documents.parsing import parse
from tadarag.errors import TrainingError

DOCUMENTS = "documents.jsonl"
SAMPLES = "data/samples"
SAMPLE_LICENCE = "Apache-2.0"
_TEXT_FILES = (".md", ".txt", ".html")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document to learn from. headings, blocks: as its parser saw them; empty for what the text's own marks tell. licence: of the text."""

    doc_id: str
    text: str
    licence: str
    title: str = ""
    headings: tuple[Heading, ...] = field(default=())
    blocks: tuple[Span, ...] = field(default=())


def read_folder(folder: Path, *, licence: str) -> list[SourceDocument]:
    """Every Markdown, text and HTML file below a folder, parsed, sorted by its path. Raises TrainingError when there is none."""
    found = []
    for file in sorted(one for one in folder.rglob("*") if one.suffix in _TEXT_FILES):
        name = file.relative_to(folder).as_posix()
        for part in parse(name, file.read_bytes()):
            document = part.document
            found.append(
                SourceDocument(
                    doc_id=name,
                    text=document.text,
                    licence=licence,
                    title=document.title,
                    headings=tuple(Heading(Span(one.span.start, one.span.end), one.level, one.title) for one in document.headings),
                    blocks=tuple(Span(one.start, one.end) for one in document.blocks),
                )
            )
    if not found:
        raise TrainingError(f"{folder} holds no document", f"put files there that end in {', '.join(_TEXT_FILES)}")
    return found


def sample_documents() -> list[SourceDocument]:
    """The documents of the sample corpus that tadarag ships."""
    return read_folder(content_folder(SAMPLES) / "documents", licence=SAMPLE_LICENCE)


def write_documents(documents: Sequence[SourceDocument], file: Path) -> None:
    """One document a line."""
    file.write_text("".join(json.dumps(_values(one), ensure_ascii=False) + "\n" for one in documents), "utf-8")


def read_documents(file: Path) -> list[SourceDocument]:
    """What `write_documents` has written. Raises TrainingError that names the line of one that cannot be read."""
    documents = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            documents.append(_document(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"line {number} of {file.name} is no document: {error!r}", "make the file again") from error
    return documents


def _values(one: SourceDocument) -> dict[str, object]:
    return {
        "doc_id": one.doc_id,
        "text": one.text,
        "licence": one.licence,
        "title": one.title,
        "headings": [[heading.span.start, heading.span.end, heading.level, heading.title] for heading in one.headings],
        "blocks": [[block.start, block.end] for block in one.blocks],
    }


def _document(value: dict[str, object]) -> SourceDocument:
    headings: list[tuple[int, int, int, str]] = value["headings"]  # type: ignore[assignment]
    blocks: list[tuple[int, int]] = value["blocks"]  # type: ignore[assignment]
    return SourceDocument(
        doc_id=str(value["doc_id"]),
        text=str(value["text"]),
        licence=str(value["licence"]),
        title=str(value["title"]),
        headings=tuple(Heading(Span(start, end), level, title) for start, end, level, title in headings),
        blocks=tuple(Span(start, end) for start, end in blocks),
    )
