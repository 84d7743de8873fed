"""Small worlds of documents for the tests of answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from mom.sentences import split_sentences
from tadarag.routing.questions import route_question
from tadarag.values import Evidence, Hit, Link, Passage, Route, SourceName, Span


def passage(path: str, text: str, *, title: str = "", date: str = "", language: str = "en") -> Passage:
    """A document of one passage."""
    return Passage(
        source=SourceName(".", path),
        content=sha256(text.encode()).hexdigest(),
        chunk=path,
        span=Span(0, len(text)),
        text=text,
        sentences=tuple(Span(span.start, span.end) for span in split_sentences(text)),
        heading_path=(title,) if title else (),
        subject=title,
        date=date,
        language=language,
    )


def evidence(question: str, *passages: Passage, paths: dict[str, tuple[Link, ...]] | None = None) -> Evidence:
    """Hits in the given order, without cosines."""
    hits = tuple(
        Hit(passage=found, score=1.0 / (1 + rank), path=(paths or {}).get(found.source.path, ())) for rank, found in enumerate(passages)
    )
    return Evidence(question=question, hits=hits, sequence=1)


def reader(passages: Sequence[Passage]) -> Callable[[SourceName], tuple[str, str] | None]:
    """What the store would give for these documents."""
    stored = {found.source: (found.content, found.text) for found in passages}
    return stored.get


def route(question: str) -> Route:
    """The route that the product gives a question."""
    return route_question(question)
