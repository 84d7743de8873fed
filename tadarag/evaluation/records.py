"""Run records: what a system did with one question, beside what it should have done; measures read these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tadarag.values import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRecord:
    """A ranking of passage ids, best first and each once, for a question with at least one gold passage.

    failed: why there is no ranking, "" where there is one; a failure ranks nothing and so counts as a miss.
    """

    question: str
    gold: frozenset[str]
    ranking: tuple[str, ...]
    type: str = ""
    failed: str = ""

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
    items: what a list must name, each with its alternative wordings. confidence: what the system said of it, in [0, 1].
    failed: why there is no answer, "" where there is one; a failure is neither an answer nor a refusal, and right in no measure.
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
    confidence: float = 0.0
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationRecord:
    """Where the topics of a document begin and where a system found them to: indexes of sentences, ascending, the first 0."""

    document: str
    n_sentences: int
    reference: tuple[int, ...]
    found: tuple[int, ...]

    def __post_init__(self) -> None:
        for starts in (self.reference, self.found):
            ordered = all(before < after for before, after in pairwise(starts))
            if not starts or starts[0] != 0 or not ordered or starts[-1] >= self.n_sentences:
                raise ValueError(f"{self.document}: {list(starts)} do not cut {self.n_sentences} sentences into segments")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """A range of characters of one text."""

    source: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingRecord:
    """The chunks that were retrieved for a question, best first, beside the spans that answer it.

    holders: of all chunks those that share a character with a reference, or begin where one ends, or end where one begins.
    """

    question: str
    references: tuple[SourceSpan, ...]
    retrieved: tuple[SourceSpan, ...]
    holders: tuple[SourceSpan, ...] = ()

    def __post_init__(self) -> None:
        if not any(reference.span.start < reference.span.end for reference in self.references):
            raise ValueError(f"question {self.question!r} has no answer span; leave it out of the run")
