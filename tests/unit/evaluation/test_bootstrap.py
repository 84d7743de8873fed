"""Intervals are repeatable, contain the mean, and narrow with more questions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.evaluation.bootstrap import interval, paired_interval

scores = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(scores)
def test_the_interval_lies_within_the_values_and_is_the_same_each_time(values):
    found = interval(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.mean == pytest.approx(np.mean(values))
    assert found == interval(values)


def test_an_interval_of_equal_values_is_a_point():
    found = interval([0.25] * 10)
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)


def test_the_interval_agrees_with_the_normal_approximation_for_many_questions():
    values = np.random.default_rng(1).random(2_000)
    half = 1.96 * values.std() / np.sqrt(len(values))
    found = interval(values.tolist())
    assert found.low == pytest.approx(values.mean() - half, abs=0.002)
    assert found.high == pytest.approx(values.mean() + half, abs=0.002)


def test_a_paired_difference_is_narrower_than_its_parts_when_systems_agree():
    ours = np.random.default_rng(2).random(200)
    paired = paired_interval((ours + 0.01).tolist(), ours.tolist())
    assert paired.low == pytest.approx(0.01)
    assert paired.high == pytest.approx(0.01)
    assert interval(ours.tolist()).high - interval(ours.tolist()).low > 0.05


def test_swapping_the_systems_turns_the_difference_round():
    ours, theirs = [1.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.5]
    one, other = paired_interval(ours, theirs), paired_interval(theirs, ours)
    assert one.mean == -other.mean
    assert one.low == pytest.approx(-other.high)


@pytest.mark.parametrize("values", [[], [0.5, float("nan")], [float("inf")]])
def test_a_score_that_cannot_be_computed_is_an_error_and_never_zero(values):
    with pytest.raises(ValueError, match="finite"):
        interval(values)


def test_systems_are_compared_over_the_same_questions_only():
    with pytest.raises(ValueError, match="same questions"):
        paired_interval([1.0], [1.0, 0.0])
