"""Run records: what a system did with one question, beside what it should have done; measures read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.values import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRecord:
    """A ranking of passage ids, best first and each once, for a question with at least one gold passage."""

    question: str
    gold: frozenset[str]
    ranking: tuple[str, ...]
    type: str = ""

    def __post_init__(self) -> None:
        if not self.gold:
            raise ValueError(f"question {self.question!r} has no gold passage; leave it out of the run")
        if len(set(self.ranking)) < len(self.ranking):
            raise ValueError(f"the ranking for {self.question!r} names a passage twice; keep its best place only")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSpan:
    """A citation as it was checked against the stored document: `exists` says that the quote stands there, word for word."""

    source: str
    span: Span
    exists: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """Where the evidence for an answer stands: a source and a range of its text."""

    source: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer beside what was expected; an unanswerable question has no `expected` answers and no gold.

    found: whether the system answered (False: it refused). short: the shortest span that answers. text: the answer without citation marks.
    expected: alternative right answers. gold_sources: the sources whose citation counts as right.
    items: what a list must name, each with its alternative wordings.
    """

    question: str
    answerable: bool
    found: bool
    short: str
    text: str
    expected: tuple[str, ...] = ()
    citations: tuple[CitedSpan, ...] = ()
    gold_sources: frozenset[str] = frozenset()
    gold_spans: tuple[GoldSpan, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    type: str = ""
    language: str = ""
    near_miss: bool = False
