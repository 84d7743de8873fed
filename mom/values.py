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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScores:
    """How good one item is: boundary probability at its left edge (None for the first), gain, brevity and support (mom.md R1-R5)."""

    clarity_left: float | None
    gain: float
    brevity: float
    support: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryScores:
    """A memory judged in both forms (mom.md 2 and 3); a score is None where its form has no value.

    judge: what gave the likelihoods and boundary probabilities: "lexical", or the name of a model.
    """

    judge: str
    published_clarity: float | None
    published_completeness: float | None
    repaired_clarity: float | None
    repaired_completeness: float | None


@dataclass(frozen=True, slots=True)
class Item:
    """One chunk of the document with its outline path and its core statement.

    span: the chunk; the spans of a memory's items tile the text. path: titles from the document's own down to the innermost heading.
    sentences: inside the chunk, in order, each without surrounding whitespace, together all of its text that is not whitespace.
    core: those of the sentences that make the core statement, in text order. level: how many headings lie above the chunk.
    terms: its heaviest terms, given only where a topic shift, not a heading, set the chunk apart.
    outline: its line in the outline: a topic's words, else the innermost title. left_out: numbers, dates, names and negations of the
    chunk that its core statement does not hold, in text order, each once. statement: the core in a model's words; "" when the core is
    its sentences themselves.
    """

    span: Span
    path: tuple[str, ...]
    sentences: tuple[Span, ...]
    core: tuple[Span, ...]
    level: int
    terms: tuple[str, ...] = ()
    outline: str = ""
    left_out: tuple[str, ...] = ()
    statement: str = ""
    scores: ItemScores | None = None


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the outline: a heading, or a topic inside its section; `item` is the index of the first chunk under it."""

    title: str
    level: int
    item: int
    is_topic: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """A document's memory: items that tile its text, its outline, the scenario it was read for, and what made it.

    fingerprint: of the builder. text_sha256: of the text in UTF-8 (surrogates passed). scores: of the memory that was chosen. candidates:
    the scores of all readings, the chosen one at index `chosen`. notes: what a model's reading lost and what was put in its place, for people.
    """

    items: tuple[Item, ...]
    outline: tuple[OutlineEntry, ...]
    scenario: str
    fingerprint: str
    text_sha256: str = ""
    scores: MemoryScores | None = None
    candidates: tuple[MemoryScores, ...] = ()
    chosen: int = 0
    notes: tuple[str, ...] = ()
