import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tadarag.retrieval.ranking import best, best_of_group, rescale, rescale_top, share_of_best

few_values = st.sampled_from([0.0, 0.25, 0.5, 1.0])
scores = hnp.arrays(np.float64, st.integers(1, 30), elements=few_values)


def numbered(values):
    return np.arange(len(values), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)


@given(values=scores, n=st.integers(0, 12), order=st.randoms(use_true_random=False))
def test_the_best_are_the_same_whatever_the_numbering(values, n, order):
    keys = numbered(values)
    permutation = list(range(len(values)))
    order.shuffle(permutation)
    everyone = np.ones(len(values), np.bool_)
    straight = keys[best(values, n, keys=keys, allowed=everyone)]
    shuffled = keys[permutation][best(values[permutation], n, keys=keys[permutation], allowed=everyone)]
    assert straight.tolist() == shuffled.tolist()


@given(values=scores, n=st.integers(1, 12))
def test_the_best_are_those_of_a_full_sort_by_score_then_key(values, n):
    keys = numbered(values)
    allowed = np.arange(len(values)) % 3 != 1
    expected = sorted(np.flatnonzero(allowed).tolist(), key=lambda at: (-values[at], int(keys[at])))[:n]
    assert best(values, n, keys=keys, allowed=allowed).tolist() == expected


def test_a_tie_at_the_cut_goes_to_the_smallest_key():
    values = np.array([0.5, 0.5, 0.9, 0.5])
    keys = np.array([40, 10, 30, 20], np.uint64)
    assert best(values, 2, keys=keys, allowed=np.ones(4, np.bool_)).tolist() == [2, 1]


def test_the_hundredth_best_becomes_zero_and_the_best_one():
    values = np.arange(200, dtype=np.float64)
    scaled = rescale_top(values, top=100, allowed=np.ones(200, np.bool_))
    assert scaled[199] == 1.0
    assert scaled[100] == 0.0  # the hundredth best
    assert scaled[:100].max() == 0.0
    assert scaled[101] == 1 / 99


def test_with_fewer_values_the_lowest_takes_the_place_of_the_hundredth():
    scaled = rescale_top(np.array([3.0, 1.0, 2.0]), top=100, allowed=np.ones(3, np.bool_))
    assert scaled.tolist() == [1.0, 0.0, 0.5]


@given(value=st.floats(-5, 5), n=st.integers(1, 120))
def test_a_list_of_equal_values_becomes_all_zero(value, n):
    assert rescale_top(np.full(n, value), top=100, allowed=np.ones(n, np.bool_)).tolist() == [0.0] * n
    assert rescale(np.full(n, value)).tolist() == [0.0] * n


def test_what_is_not_allowed_gets_zero_and_does_not_set_the_scale():
    scaled = rescale_top(np.array([100.0, 1.0, 2.0, -50.0]), top=100, allowed=np.array([False, True, True, False]))
    assert scaled.tolist() == [0.0, 0.0, 1.0, 0.0]


def test_empty_lists_stay_empty():
    nothing = np.zeros(0)
    assert rescale_top(nothing, top=100, allowed=np.zeros(0, np.bool_)).tolist() == []
    assert rescale(nothing).tolist() == []
    assert share_of_best(nothing).tolist() == []


def test_shares_are_of_the_largest_and_all_zero_stays_all_zero():
    assert share_of_best(np.array([1.0, 4.0])).tolist() == [0.25, 1.0]
    assert share_of_best(np.zeros(2)).tolist() == [0.0, 0.0]


@given(groups=st.lists(st.lists(st.floats(-1, 1), max_size=4), max_size=8))
@example(groups=[[], [0.5], [], []])
def test_the_best_of_each_group_is_its_maximum_and_an_empty_group_gets_the_given_value(groups):
    starts = np.cumsum([0, *map(len, groups)]).astype(np.int64)
    values = np.array([value for group in groups for value in group], np.float64)
    assert best_of_group(values, starts, empty=-1.0).tolist() == [max(group, default=-1.0) for group in groups]
