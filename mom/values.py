"""The frozen values that a document memory is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class SpanLike(Protocol):
    """Anything with a half-open range of code points, so that a caller's own span type fits."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class HeadingLike(Protocol):
    """Anything that states a heading: the range of its line, its level counted from 1, its title without markup."""

    @property
    def span(self) -> SpanLike: ...

    @property
    def level(self) -> int: ...

    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range [start, end) of code points in the document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The text that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line: its range, its level counted from 1, its title without markup."""

    span: Span
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One chunk of the document with its outline path and its core statement.

    span: the chunk; the spans of a memory's items tile the text. path: titles from the document's own down to the innermost heading.
    sentences: inside the chunk, in order, each without surrounding whitespace, together all of its text that is not whitespace.
    core: those of the sentences that make the core statement, in text order. level: how many headings lie above the chunk.
    terms: its heaviest terms, given only where a topic shift, not a heading, set the chunk apart.
    """

    span: Span
    path: tuple[str, ...]
    sentences: tuple[Span, ...]
    core: tuple[Span, ...]
    level: int
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the outline: a heading, or a topic inside its section; `item` is the index of the first chunk under it."""

    title: str
    level: int
    item: int
    is_topic: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """A document's memory: items that tile its text, its outline, the scenario it was read for, and what made it."""

    items: tuple[Item, ...]
    outline: tuple[OutlineEntry, ...]
    scenario: str
    fingerprint: str
