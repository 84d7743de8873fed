"""The outline of a document as lines that say which passages, text and pages lie under each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadarag.values import Chunk, OutlineEntry, Record, Span

_NAME_LENGTH = 60
"""Characters of a passage's first line that stand for it where no heading, topic or name does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineLine:
    """One line: `depth` counts from 0; `first` and `last` are the indexes of the passages under it, `span` is their text.

    page, last_page: where that text begins and ends, counted from 1; None when the format has no pages.
    """

    title: str
    depth: int
    first: int
    last: int
    span: Span
    page: int | None = None
    last_page: int | None = None
    is_topic: bool = False


def outline_lines(record: Record) -> tuple[OutlineLine, ...]:
    """The lines in the order of the text; every passage lies under at least one, and an entry without a title is named by its passage.

    Passages that lie before the first entry, or in a document without entries, get a line each.
    """
    return tuple(_lines(record, [*_unlisted(record), *record.memory.outline])) if record.chunks else ()


def passage_name(text: str, chunk: Chunk) -> str:
    """What to call a passage: its line in the outline, its innermost heading, its subject, or the beginning of its text."""
    stated = chunk.outline or (chunk.heading_path[-1] if chunk.heading_path else "") or chunk.subject
    beginning = " ".join(chunk.span.of(text).split())
    return stated or (beginning if len(beginning) <= _NAME_LENGTH else beginning[:_NAME_LENGTH].rstrip() + "…")


def page_at(pages: Sequence[Span], offset: int) -> int | None:
    """The page, counted from 1, on which a character stands; None when there are no pages."""
    return max(1, bisect_right(pages, offset, key=lambda page: page.start)) if pages else None


def _unlisted(record: Record) -> Iterator[OutlineEntry]:
    """Entries for the passages before the first one that the outline names."""
    outline = record.memory.outline
    for index, chunk in enumerate(record.chunks[: outline[0].chunk] if outline else record.chunks):
        level = outline[0].level if outline else 1  # that of the first entry, so that nothing comes to lie below these
        yield OutlineEntry(title=passage_name(record.document.text, chunk), level=level, chunk=index)


def _lines(record: Record, entries: Sequence[OutlineEntry]) -> Iterator[OutlineLine]:
    text, chunks, pages = record.document.text, record.chunks, record.document.pages
    above: list[int] = []
    for entry, last in zip(entries, _last_passages(entries, len(chunks)), strict=True):
        while above and above[-1] >= entry.level:
            above.pop()
        span = Span(chunks[entry.chunk].span.start, chunks[last].span.end)
        yield OutlineLine(
            title=entry.title or passage_name(text, chunks[entry.chunk]),
            depth=len(above),
            first=entry.chunk,
            last=last,
            span=span,
            page=page_at(pages, span.start),
            last_page=page_at(pages, max(span.start, span.end - 1)),
            is_topic=entry.is_topic,
        )
        above.append(entry.level)


def _last_passages(entries: Sequence[OutlineEntry], n_chunks: int) -> list[int]:
    """For each entry the passage before the next entry that is not below it; an entry has at least its own and those below it."""
    last = [n_chunks - 1] * len(entries)
    open_entries: list[int] = []
    for index, entry in enumerate(entries):
        while open_entries and entries[open_entries[-1]].level >= entry.level:
            # the entry before this one is the last below the one that ends here, and may share its passage with this one
            last[open_entries.pop()] = max(entries[index - 1].chunk, entry.chunk - 1)
        open_entries.append(index)
    return last
