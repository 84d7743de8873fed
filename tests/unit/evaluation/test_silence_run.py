"""The same question is asked with its gold passages and without, and a threshold is judged by both kinds of refusal."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.answer_questions import AnswerQuestion
from tadarag.evaluation.silence_run import SilenceRecord, ask_with_and_without, fit_threshold, refused_at, separation, sweep
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, SourceName

TEXTS = {"ferry": "Ana Terrow founded the Velmouth Ferry in 1987.", "bank": "The Lowan Bank was founded in 1921 by Per Oske."}
QUESTIONS = (
    AnswerQuestion(id="q1", text="Who founded the Velmouth Ferry?", answers=("Ana Terrow",), gold_sources=frozenset({"ferry"})),
    AnswerQuestion(id="q2", text="How heavy is the moon over Velmouth?", answers=(), gold_sources=frozenset()),
    AnswerQuestion(id="q3", text="Who?", answers=("nobody knows where",), gold_sources=frozenset()),
)


def record(confidence: float, *, answerable: bool, failed: str = "") -> SilenceRecord:
    return SilenceRecord(item="i", question="q", answerable=answerable, refused=False, confidence=confidence, failed=failed)


@pytest.fixture
def base(tmp_path):
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(128), workers=1) as base:
        base.ingest_documents([(SourceName(".", name), Document(text=text)) for name, text in TEXTS.items()])
        yield base


def test_answerable_questions_are_asked_twice_and_the_others_once(base):
    records = ask_with_and_without(base, QUESTIONS)
    assert [(one.item, one.answerable) for one in records] == [("q1, present", True), ("q1, removed", False), ("q2", False)]


def test_what_was_removed_cannot_be_answered_from(base):
    present, removed, _ = ask_with_and_without(base, QUESTIONS)
    assert not present.refused
    assert present.confidence > removed.confidence
    assert removed.failed == ""


def test_a_recipe_that_fails_is_neither_an_answer_nor_a_refusal(base):
    records = ask_with_and_without(base, QUESTIONS, pipeline="llm")
    assert all(one.failed and not one.refused for one in records)
    assert not any(refused_at(one, 2.0) for one in records)


def test_a_threshold_between_the_two_kinds_refuses_only_the_unanswerable():
    records = [record(0.8, answerable=True), record(0.9, answerable=True), record(0.1, answerable=False), record(0.3, answerable=False)]
    threshold = fit_threshold(records)
    assert threshold == 0.8
    assert [refused_at(one, threshold) for one in records] == [False, False, True, True]
    assert separation(records) == 1


def test_wrong_refusals_are_kept_under_their_limit():
    records = [record(n / 100, answerable=True) for n in range(100)] + [record(n / 100, answerable=False) for n in range(100)]
    threshold = fit_threshold(records)
    assert sum(refused_at(one, threshold) for one in records if one.answerable) <= 10
    assert separation(records) == pytest.approx(0.5)


def test_without_both_kinds_there_is_no_curve_and_no_threshold():
    assert sweep([record(0.5, answerable=True)]) == ()
    assert fit_threshold([record(0.5, answerable=True)]) is None
    assert separation([record(0.5, answerable=False)]) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20))
def test_higher_thresholds_never_refuse_less(pairs):
    points = sweep([record(confidence, answerable=answerable) for confidence, answerable in pairs])
    for one, other in itertools.pairwise(points):
        assert one.right <= other.right
        assert one.wrong <= other.wrong
    if points:
        assert (points[0].right, points[0].wrong, points[-1].right, points[-1].wrong) == (0, 0, 1, 1)


def test_a_failed_answerable_question_is_wrong_at_every_threshold():
    records = [record(0.9, answerable=True, failed="gone"), record(0.1, answerable=False)]
    assert all(point.wrong == 1 for point in sweep(records))
