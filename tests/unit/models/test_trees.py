import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.models.trees import Trees, exact, trees_of

EVERY = (1 << 16) - 1
STUMP_AND_TREE = Trees(
    columns=np.array([[0, 0], [0, 1]], np.int16),
    thresholds=np.array([[0.5, np.inf], [0.5, 2.0]]),
    masks=np.array([[EVERY & ~0b01, 0], [EVERY & ~0b01, EVERY & ~0b010]], np.uint16),
    leaves=np.array([[10.0, 20.0, 0.0], [1.0, 2.0, 3.0]]),
)
"""A tree of one node, and one that looks at column 1 where column 0 is above a half."""


def by_hand(row):
    first = 20.0 if row[0] > 0.5 else 10.0
    second = 1.0 if row[0] <= 0.5 else (2.0 if row[1] <= 2.0 else 3.0)
    return first + second


@given(rows=st.lists(st.tuples(st.sampled_from([0.0, 0.5, 0.75]), st.sampled_from([-1.0, 2.0, 2.5])), max_size=8))
def test_a_row_scores_the_leaves_that_it_falls_into(rows):
    features = np.array(rows, np.float64).reshape(len(rows), 2)
    assert STUMP_AND_TREE.scores(features).tolist() == [by_hand(row) for row in rows]


def test_a_value_at_the_threshold_goes_to_the_left():
    assert STUMP_AND_TREE.scores(np.array([[0.5, 9.0]])).tolist() == [11.0]


@settings(max_examples=50)
@given(values=st.lists(st.floats(-100, 100), max_size=60), seed=st.randoms(use_true_random=False))
def test_sums_of_exact_values_do_not_depend_on_their_order(values, seed):
    leaves = exact(np.array(values, np.float64)).tolist()
    shuffled = list(leaves)
    seed.shuffle(shuffled)
    assert sum(shuffled) == sum(leaves)


def test_arrays_that_do_not_fit_each_other_are_refused():
    arrays = STUMP_AND_TREE.arrays()
    assert trees_of(arrays).scores(np.array([[1.0, 3.0]])).tolist() == [23.0]
    with pytest.raises(ValueError, match="do not fit"):
        trees_of({**arrays, "thresholds": arrays["thresholds"][:, :1]})
