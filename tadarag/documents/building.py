"""A document's text grows piece by piece, and headings, blocks and pages keep their spans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from tadarag.documents.dates import document_date
from tadarag.documents.language import detect_language
from tadarag.documents.text import normalise
from tadarag.values import Document, Heading, Span

_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" ?\n[ \n]*")


class DocumentBuilder:
    """Collects paragraphs, headings, tables and page breaks; the text is normalised as it comes, so spans never move."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._blocks: list[Span] = []
        self._page_starts: list[int] = []

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings so far."""
        return tuple(self._headings)

    def paragraph(self, text: str, *, joint: str = "\n\n") -> Span:
        """Append `text` with its white space collapsed (single line ends stay), after `joint`; an empty one adds nothing."""
        return self._append(collapse(text), joint)

    def heading(self, title: str, level: int) -> None:
        """Append a heading as a line of its own."""
        title = collapse(title).replace("\n", " ")
        if title:
            span = self._append(title, "\n\n")
            self._headings.append(Heading(span=span, level=max(1, level), title=title))

    def rows(self, rows: Iterable[str]) -> None:
        """Append the lines of a table as one block; empty rows are left out."""
        self.verbatim("\n".join(row for row in (collapse(row).replace("\n", " ") for row in rows) if row))

    def block(self, text: str) -> None:
        """Append a paragraph that must not be cut, such as a quotation."""
        self._mark(self.paragraph(text))

    def verbatim(self, text: str) -> None:
        """Append a block with its white space kept, such as code."""
        self._mark(self._append(normalise(text).strip("\n"), "\n\n"))

    def cut_hyphen(self) -> None:
        """Take back the hyphen that the text ends with: the word goes on in the next piece."""
        if self._pieces and self._pieces[-1].endswith("-"):
            self._pieces[-1] = self._pieces[-1][:-1]
            self._length -= 1

    def page(self) -> None:
        """Start a page: what is appended from now on stands on it. The joint before its first piece belongs to the page before."""
        self._page_starts.append(-1)

    def document(self, **stated: Any) -> Document:
        """The finished document; `stated` are further fields of `Document`. Language and date are read from the text unless stated."""
        text = "".join(self._pieces)
        stated = {name: value for name, value in stated.items() if value}
        return Document(
            text=text,
            headings=tuple(self._headings),
            blocks=tuple(self._blocks),
            pages=self._pages(),
            **({"language": detect_language(text), "date": document_date(text)} | stated),
        )

    def _append(self, text: str, joint: str) -> Span:
        if not text:
            return Span(self._length, self._length)
        if self._pieces:
            if not joint and not _meet_cleanly(self._pieces[-1], text):
                joint = " "
            self._pieces.append(joint)
            self._length += len(joint)
        start = self._length
        self._page_starts = [start if known < 0 else known for known in self._page_starts]
        self._pieces.append(text)
        self._length += len(text)
        return Span(start, self._length)

    def _mark(self, span: Span) -> None:
        if span.end > span.start:
            self._blocks.append(span)

    def _pages(self) -> tuple[Span, ...]:
        starts = [self._length if start < 0 else start for start in self._page_starts]
        if not starts:
            return ()
        starts[0] = 0
        return tuple(Span(start, end) for start, end in zip(starts, [*starts[1:], self._length], strict=True))


def collapse(text: str) -> str:
    """Normalised text with runs of spaces made one, blank lines removed and no space at either end."""
    return _AROUND_LINE_END.sub("\n", _SPACES.sub(" ", normalise(text))).strip()


def _meet_cleanly(left: str, right: str) -> bool:
    """Whether two pieces in NFC stay in NFC when they are put together (a piece may begin with a combining mark)."""
    return unicodedata.is_normalized("NFC", left[-8:] + right[:8])
