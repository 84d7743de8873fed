"""Answers of a reading: the best spans inside one passage each, none over another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tadarag.errors import ModelFileDamaged
from tadarag.models.answer_model import MAX_ANSWER_PIECES, AnswerModel, best_spans

LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=4)


@st.composite
def read_ends(draw):
    lengths, before = draw(LENGTHS), draw(st.integers(1, 4))
    places = 1 + before + sum(lengths)
    ends = draw(arrays(np.float32, (places, 2), elements=st.floats(-9, 9, width=16)))
    return ends, lengths, before


@given(read_ends())
def test_the_first_span_is_the_best_of_all(case):
    ends, lengths, before = case
    found = best_spans(ends, lengths, before=before, n=1)[0]
    sums, offset = [], before + 1
    for length in lengths:
        own = ends[offset : offset + length].astype(float)
        sums += [own[i, 0] + own[j, 1] for i in range(length) for j in range(i, min(length, i + MAX_ANSWER_PIECES))]
        offset += length
    assert found.margin == pytest.approx(max(sums) - float(ends[0].sum()), abs=1e-4)


@given(read_ends(), st.integers(1, 5))
def test_spans_come_best_first_inside_their_passage_and_apart(case, n):
    ends, lengths, before = case
    found = best_spans(ends, lengths, before=before, n=n)
    assert [span.margin for span in found] == sorted((span.margin for span in found), reverse=True)
    assert all(0 <= span.first <= span.last < lengths[span.passage] for span in found)
    for number, span in enumerate(found):
        for other in found[:number]:
            assert span.passage != other.passage or span.last < other.first or other.last < span.first


def test_an_answer_is_no_longer_than_it_may_be():
    ends = np.zeros((2 + 2 * MAX_ANSWER_PIECES, 2), np.float32)
    ends[2, 0] = ends[-1, 1] = 9
    (found,) = best_spans(ends, [2 * MAX_ANSWER_PIECES], before=1, n=1)
    assert found.last - found.first < MAX_ANSWER_PIECES


def test_a_folder_without_a_manifest_is_a_damaged_model(tmp_path):
    with pytest.raises(ModelFileDamaged, match="missing"):
        AnswerModel(tmp_path)
