"""Silence: each question asked with its gold passages present and without them, so that the same question has an answer and has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tadarag.evaluation.answer_questions import AnswerQuestion
from tadarag.evaluation.answers_run import literal_pattern
from tadarag.evaluation.attempts import attempt
from tadarag.evaluation.indexing import Progress
from tadarag.values import Filters

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase

MAX_WRONG = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRecord:
    """One question in one state of the documents: whether they answer it, whether the system refused, and its confidence in [0, 1].

    seconds: what asking took. failed: why nothing came back; a failure is neither an answer nor a refusal.
    """

    item: str
    question: str
    answerable: bool
    refused: bool
    confidence: float
    type: str = ""
    seconds: float = 0.0
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """What refusing below a confidence would give: right refusals of the unanswerable and wrong ones of the answerable, as shares."""

    threshold: float
    right: float
    wrong: float


def ask_with_and_without(
    base: KnowledgeBase,
    questions: Sequence[AnswerQuestion],
    *,
    pipeline: str = "default",
    progress: Progress = lambda stage, done, total: None,
) -> tuple[SilenceRecord, ...]:
    """Ask answerable questions twice, with all documents and without their gold sources, and the others once.

    What is left out is left out before anything is scored; the counts of words in the corpus stay those of all documents.
    """
    items = list(_items(questions))
    records = []
    for done, (name, question, answerable, without) in enumerate(items, start=1):
        filters = Filters(without=tuple(map(literal_pattern, without)))
        one = attempt(lambda text=question.text, filters=filters: base.ask(text, pipeline=pipeline, filters=filters))  # type: ignore[misc]
        records.append(
            SilenceRecord(
                item=name,
                question=question.id,
                answerable=answerable,
                refused=one.value is not None and not one.value.found,
                confidence=one.value.confidence if one.value else 0.0,
                type=question.type,
                seconds=one.seconds,
                failed=one.failed,
            )
        )
        progress("asking with and without the gold passages", done, len(items))
    return tuple(records)


def sweep(records: Sequence[SilenceRecord]) -> tuple[SweepPoint, ...]:
    """The points of all thresholds that differ, rising: refused is what has a lower confidence. Failures count as wrong in every point.

    Empty without answerable or without unanswerable records.
    """
    answerable = [record for record in records if record.answerable]
    unanswerable = [record for record in records if not record.answerable]
    if not answerable or not unanswerable:
        return ()
    thresholds = sorted({0.0, *(record.confidence for record in records if not record.failed)})
    return tuple(
        SweepPoint(
            threshold=threshold,
            right=sum(not record.failed and record.confidence < threshold for record in unanswerable) / len(unanswerable),
            wrong=sum(bool(record.failed) or record.confidence < threshold for record in answerable) / len(answerable),
        )
        for threshold in (*thresholds, _above(thresholds[-1]))
    )


def fit_threshold(records: Sequence[SilenceRecord], *, max_wrong: float = MAX_WRONG) -> float | None:
    """The threshold with the most right refusals at no more than `max_wrong` wrong ones; of equals the lowest. None if there is no curve."""
    allowed = [point for point in sweep(records) if point.wrong <= max_wrong]
    return min(allowed, key=lambda point: (-point.right, point.threshold)).threshold if allowed else None


def refused_at(record: SilenceRecord, threshold: float) -> bool:
    """Whether a record would be refused at a threshold."""
    return not record.failed and record.confidence < threshold


def separation(records: Sequence[SilenceRecord]) -> float | None:
    """The chance that an answerable record has the higher confidence of a pair, ties counted half. Source: Mann and Whitney, 1947.

    None without a pair.
    """
    high = sorted(record.confidence for record in records if record.answerable)
    low = sorted(record.confidence for record in records if not record.answerable)
    if not high or not low:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in high for other in low)
    return wins / (len(high) * len(low))


def _items(questions: Sequence[AnswerQuestion]) -> Iterable[tuple[str, AnswerQuestion, bool, tuple[str, ...]]]:
    """Name, question, whether it is answerable then, and the sources to leave out; answerable ones without gold sources are left out."""
    for question in questions:
        if not question.answerable:
            yield question.id, question, False, ()
        elif question.gold_sources:
            yield f"{question.id}, present", question, True, ()
            yield f"{question.id}, removed", question, False, tuple(sorted(question.gold_sources))


def _above(threshold: float) -> float:
    return threshold + 1e-9
