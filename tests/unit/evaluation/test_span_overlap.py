"""Recall, precision and IoU of retrieved chunks, as the chunking evaluation of Chroma counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.measures import SPAN_MEASURES
from tadarag.evaluation.measures.span_overlap import (
    answer_recall,
    precision_omega,
    span_iou,
    span_precision,
    span_recall,
    whole_answer_recall,
)
from tadarag.evaluation.records import ChunkingRecord, SourceSpan
from tadarag.values import Span


def at(source: str, start: int, end: int) -> SourceSpan:
    return SourceSpan(source=source, span=Span(start, end))


def record(references: list[SourceSpan], retrieved: list[SourceSpan], holders: list[SourceSpan] | None = None) -> ChunkingRecord:
    return ChunkingRecord(question="q", references=tuple(references), retrieved=tuple(retrieved), holders=tuple(holders or ()))


def test_half_of_an_answer_in_two_chunks_of_which_one_is_of_another_text():
    half = record([at("a", 10, 20)], [at("a", 0, 15), at("b", 10, 20)])
    assert span_recall(half) == 5 / 10
    assert span_precision(half) == 5 / 25
    assert span_iou(half) == 5 / (25 + 5)


def test_a_character_in_two_chunks_is_found_once_and_paid_for_twice():
    overlapping = record([at("a", 10, 20)], [at("a", 5, 15), at("a", 10, 25)])
    assert span_recall(overlapping) == 1
    assert span_precision(overlapping) == 10 / 25
    assert span_iou(overlapping) == 10 / 25


def test_all_references_of_a_question_count_together():
    two = record([at("a", 0, 10), at("a", 50, 80)], [at("a", 40, 60)])
    assert span_recall(two) == 10 / 40
    assert span_iou(two) == 10 / (20 + 10 + 20)


def test_nothing_retrieved_scores_zero():
    nothing = record([at("a", 0, 10)], [])
    assert (span_recall(nothing), span_precision(nothing), span_iou(nothing)) == (0, 0, 0)


def test_omega_is_the_precision_of_all_chunks_that_hold_or_touch_an_answer():
    answer = [at("a", 10, 20)]
    assert precision_omega(record(answer, [], [at("a", 0, 15), at("a", 15, 30)])) == 10 / 30
    assert precision_omega(record(answer, [], [at("a", 10, 20), at("a", 20, 40)])) == 10 / 30  # the second only touches


def test_omega_counts_what_no_chunk_holds_against_the_cut():
    assert precision_omega(record([at("a", 10, 20)], [], [at("a", 15, 25)])) == 5 / 15


def test_an_answer_is_found_when_a_chunk_touches_it_and_whole_when_one_chunk_holds_it():
    cut = record([at("a", 10, 20), at("a", 90, 95)], [at("a", 0, 15), at("a", 15, 30)])
    assert (answer_recall(cut), whole_answer_recall(cut)) == (1, 0)
    whole = record([at("a", 10, 20), at("a", 90, 95)], [at("b", 0, 99), at("a", 80, 95)])
    assert (answer_recall(whole), whole_answer_recall(whole)) == (1, 1)
    assert answer_recall(record([at("a", 10, 20)], [at("a", 20, 30), at("b", 10, 20)])) == 0


def test_a_question_without_an_answer_span_is_no_record():
    with pytest.raises(ValueError, match="no answer span"):
        record([at("a", 5, 5)], [])


SPANS = st.builds(
    lambda source, start, length: at(source, start, start + length), st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 15)
)


@given(st.lists(SPANS, min_size=1, max_size=1), st.lists(SPANS, max_size=5))
def test_the_measures_agree_with_sets_of_characters(references, retrieved):
    def characters(places):
        return {(place.source, position) for place in places for position in range(place.span.start, place.span.end)}

    judged, gold, found = record(references, retrieved), characters(references), characters(retrieved)
    paid = sum(place.span.end - place.span.start for place in retrieved)
    assert span_recall(judged) == len(gold & found) / len(gold)
    assert span_precision(judged) == len(gold & found) / max(1, paid)
    assert span_iou(judged) == len(gold & found) / (paid + len(gold - found))


@given(st.lists(SPANS, min_size=1, max_size=4), st.lists(SPANS, max_size=5))
def test_every_measure_is_a_fraction_and_iou_never_exceeds_precision(references, retrieved):
    judged = record(references, retrieved, retrieved)
    assert all(0 <= measure(judged) <= 1 for measure in SPAN_MEASURES.values())
    assert span_iou(judged) <= span_precision(judged)
