"""Pk and WindowDiff, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.measures.pk import pk, window
from tadarag.evaluation.measures.window_diff import window_diff
from tadarag.evaluation.records import SegmentationRecord


def record(n_sentences: int, reference: tuple[int, ...], found: tuple[int, ...]) -> SegmentationRecord:
    return SegmentationRecord(document="d", n_sentences=n_sentences, reference=reference, found=found)


@st.composite
def records(draw: st.DrawFn) -> SegmentationRecord:
    n_sentences = draw(st.integers(1, 30))
    starts = st.sets(st.integers(1, n_sentences - 1)) if n_sentences > 1 else st.just(set[int]())
    return record(n_sentences, (0, *sorted(draw(starts))), (0, *sorted(draw(starts))))


def test_a_boundary_one_sentence_early_costs_both_measures_two_of_eight_windows():
    # k = 2: the reference parts (3, 5) and (4, 6), the system (2, 4) and (3, 5)
    early = record(10, (0, 5), (0, 4))
    assert window(early) == 2
    assert pk(early) == 2 / 8
    assert window_diff(early) == 2 / 8


def test_a_second_boundary_in_a_window_that_has_one_is_seen_by_windowdiff_alone():
    doubled = record(10, (0, 5), (0, 4, 5))
    assert pk(doubled) == 1 / 8  # (2, 4)
    assert window_diff(doubled) == 2 / 8  # (2, 4) and (3, 5), where two boundaries stand for one


def test_a_missed_boundary_costs_every_window_over_it():
    # three segments of 4: k = 2; (2, 4), (3, 5) and (6, 8), (7, 9) are parted by the reference only
    assert pk(record(12, (0, 4, 8), (0,))) == 4 / 10
    assert window_diff(record(12, (0, 4, 8), (0,))) == 4 / 10


def test_the_window_is_half_the_mean_reference_segment_but_at_least_two():
    assert window(record(30, (0, 10, 20), (0,))) == 5
    assert window(record(12, (0, 2, 4, 6, 8, 10), (0,))) == 2
    assert window(record(14, (0, 7), (0,))) == 4  # 3.5: halves go to the even number


def test_a_document_of_one_segment_is_judged_with_half_of_its_own_length():
    assert pk(record(8, (0,), (0,))) == window_diff(record(8, (0,), (0,))) == 0.0
    assert pk(record(8, (0,), (0, 4))) == window_diff(record(8, (0,), (0, 4))) == 1.0  # each of (0, 4) … (3, 7) is parted
    assert pk(record(8, (0,), (0, 1))) == 1 / 4


def test_documents_of_one_and_two_sentences_are_defined():
    assert pk(record(1, (0,), (0,))) == window_diff(record(1, (0,), (0,))) == 0.0
    assert pk(record(2, (0, 1), (0,))) == window_diff(record(2, (0, 1), (0,))) == 1.0
    assert pk(record(2, (0, 1), (0, 1))) == 0.0


@given(records())
def test_pk_never_exceeds_windowdiff_and_both_are_fractions(judged):
    assert 0 <= pk(judged) <= window_diff(judged) <= 1


@given(records())
def test_what_was_found_exactly_costs_nothing(judged):
    exact = record(judged.n_sentences, judged.reference, judged.reference)
    assert pk(exact) == window_diff(exact) == 0.0


@given(records())
def test_both_measures_agree_with_counting_the_boundaries_of_each_window(judged):
    k = window(judged)
    pairs = [(i, i + k) for i in range(judged.n_sentences - k)]
    counts = [[sum(i < start <= j for start in starts) for i, j in pairs] for starts in (judged.reference, judged.found)]
    if pairs:
        assert window_diff(judged) == sum(a != b for a, b in zip(*counts, strict=True)) / len(pairs)
        assert pk(judged) == sum((a == 0) != (b == 0) for a, b in zip(*counts, strict=True)) / len(pairs)


@pytest.mark.parametrize(("n_sentences", "starts"), [(3, ()), (3, (1,)), (3, (0, 2, 1)), (3, (0, 0)), (3, (0, 3))])
def test_starts_that_do_not_cut_the_document_are_no_record(n_sentences, starts):
    with pytest.raises(ValueError, match="do not cut"):
        record(n_sentences, (0,), starts)
