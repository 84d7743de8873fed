"""How hard an item is: the golden values of training.md section 3, and the laws around them."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.selection.difficulty import discrepancy, pass_at_k, pass_at_k_of_rate, reward_variance, spread_chance

rates = st.floats(0, 1)


def test_two_of_eight_right_pass_at_four_with_five_and_a_half_in_seven() -> None:
    assert pass_at_k(8, 2, 4) == pytest.approx(0.785714285714, abs=1e-12)


def test_a_rate_of_a_quarter_gains_much_by_eight_tries() -> None:
    assert pass_at_k_of_rate(0.25, 8) == pytest.approx(0.899887084961, abs=1e-12)
    assert discrepancy(0.25, 8) == pytest.approx(0.649887084961, abs=1e-12)


def test_the_variance_of_a_reward_is_greatest_at_one_half() -> None:
    assert [reward_variance(p) for p in (0, 0.125, 0.25, 0.5, 0.75, 1)] == [0, 0.109375, 0.1875, 0.25, 0.1875, 0]


@pytest.mark.parametrize(("p", "chance"), [(0.25, 0.899871826172), (0.05, 0.336579568672)])
def test_the_chance_that_a_group_of_eight_differs(p: float, chance: float) -> None:
    assert spread_chance(p) == pytest.approx(chance, abs=1e-12)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_is_the_share_of_subsets_that_hold_a_right_sample(counts: tuple[int, int, int]) -> None:
    n, c, k = counts
    subsets = list(combinations(range(n), k))
    assert pass_at_k(n, c, k) == pytest.approx(sum(min(subset) < c for subset in subsets) / len(subsets), abs=1e-12)


@given(rates, st.integers(1, 16))
def test_another_try_never_lowers_the_chance_to_pass(p: float, k: int) -> None:
    assert pass_at_k_of_rate(p, k) <= pass_at_k_of_rate(p, k + 1) + 1e-12


@given(rates)
def test_the_spread_of_a_group_does_not_care_which_outcome_is_called_right(p: float) -> None:
    assert spread_chance(p) == pytest.approx(spread_chance(1 - p), abs=1e-12)


@pytest.mark.parametrize(("n", "c", "k"), [(4, 5, 2), (4, 2, 5), (4, 2, 0), (4, -1, 1)])
def test_counts_that_cannot_be_are_refused(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match="tell nothing"):
        pass_at_k(n, c, k)
