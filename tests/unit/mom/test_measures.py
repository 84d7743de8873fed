import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mom.measures import (
    balanced_clarity,
    boundary_clarity,
    brevity,
    completeness,
    covered_gain,
    gain,
    mean_loss,
    perplexity,
    published_clarity,
    published_completeness,
    support,
    yes_probability,
)

PROBABILITIES = st.lists(st.floats(0, 1), max_size=12)
LENGTHS = st.integers(0, 500)


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-9)


def item_score(given_core: float, alone: float, core_length: int, chunk_length: int, supported: float) -> float:
    return gain(given_core, alone) * brevity(core_length, chunk_length) * supported


def test_published_clarity_is_the_mean_over_the_boundaries_that_were_made() -> None:
    assert published_clarity([0.9, 0.6, 0.75]) == near(0.75)


def test_published_clarity_has_no_value_for_one_chunk() -> None:
    assert published_clarity([]) is None


def test_published_clarity_is_highest_when_only_the_most_obvious_break_is_made() -> None:
    assert (published_clarity([0.9]) or 0) > (published_clarity([0.9, 0.6, 0.75]) or 0)


def test_balanced_clarity_counts_the_gaps_that_were_left_whole() -> None:
    assert balanced_clarity([0.9, 0.6, 0.75], [0.1, 0.2, 0.4, 0.05]) == near(0.78125)


def test_balanced_clarity_without_a_boundary_looks_at_the_most_likely_gap() -> None:
    assert balanced_clarity([], [0.1, 0.2, 0.4, 0.05]) == near(0.70625)


def test_balanced_clarity_with_a_boundary_at_every_gap_looks_at_the_least_likely() -> None:
    assert balanced_clarity([0.9, 0.6, 0.75], []) == near(0.675)


def test_balanced_clarity_of_fewer_than_two_sentences_is_one_half() -> None:
    assert balanced_clarity([], []) == 0.5


def test_balanced_clarity_falls_when_everything_is_merged_over_a_clear_break() -> None:
    assert balanced_clarity([0.9], [0.1, 0.2]) > balanced_clarity([], [0.9, 0.1, 0.2])


def test_a_boundary_probability_comes_from_the_logits_of_yes_and_no() -> None:
    assert yes_probability(1.3, 0.2) == near(0.750260105595)


def test_extreme_logits_do_not_overflow() -> None:
    assert (yes_probability(5000, -5000), yes_probability(-5000, 5000)) == (1.0, 0.0)


def test_the_earlier_boundary_clarity_divides_losses_not_perplexities() -> None:
    assert boundary_clarity(2.1, 2.8) == near(0.75)
    assert math.exp(2.1) / math.exp(2.8) == near(0.496585303791)


def test_perplexity_is_the_exponential_of_the_mean_loss() -> None:
    assert perplexity([-0.5, -1, -0.3, -0.2]) == near(1.648721270700)
    assert perplexity([-0.9, -0.9]) == near(2.459603111157)


def test_published_completeness_is_the_mean_over_the_items() -> None:
    first, second = perplexity([-0.5, -1, -0.3, -0.2]), perplexity([-0.9])
    assert published_completeness([first], [12]) == near(0.244085893434)
    assert published_completeness([second], [20]) == near(0.135716286575)
    assert published_completeness([first, second], [12, 20]) == near(0.189901090004)


def test_published_completeness_has_no_value_without_items() -> None:
    assert published_completeness([], []) is None


@pytest.mark.parametrize("length", [0, 1])
def test_published_completeness_takes_a_core_of_at_most_one_token_as_two(length: int) -> None:
    assert published_completeness([9.0], [length]) == published_completeness([9.0], [2]) == near(0.160299448988)


def test_published_completeness_prefers_a_verbatim_copy_and_a_useless_core_to_a_good_one() -> None:
    copy, tiny, good = (published_completeness([ppl], [n]) or 0 for ppl, n in ((1.02, 200), (9, 2), (4.5, 30)))
    assert (copy, tiny, good) == (near(0.185038397861), near(0.160299448988), near(0.065336467510))
    assert copy > tiny > good


@pytest.mark.parametrize(
    ("given_core", "length", "supported", "expected"),
    [(1.5, 30, 1, 0.4), (1.4, 30, 0.4, 0.176), (2.4, 2, 1, 0.04), (2.5, 0, 1, 0), (0.02, 200, 1, 0)],
    ids=["good", "invented facts", "tiny", "empty", "copy"],
)
def test_a_core_scores_by_gain_brevity_and_support(given_core: float, length: int, supported: float, expected: float) -> None:
    assert item_score(given_core, 2.5, length, 200, supported) == near(expected)


def test_brevity_falls_only_past_a_quarter_of_the_chunk() -> None:
    assert (gain(1.8, 2.4), brevity(50, 200)) == (near(0.25), 1.0)
    assert brevity(60, 120) == near(0.666666666667)
    assert item_score(1.8, 2.4, 60, 120, 0.9) == near(0.15)


def test_completeness_weighs_chunks_by_their_length() -> None:
    assert completeness([0.4, 0.15], [200, 120]) == near(0.30625)


def test_completeness_has_no_value_when_no_chunk_has_a_token() -> None:
    assert completeness([0.0], [0]) is None
    assert completeness([], []) is None


def test_the_loss_of_training_is_the_mean_over_the_target() -> None:
    assert mean_loss([math.log(p) for p in (0.9, 0.5, 0.8, 0.25)]) == near(0.601986402163)


def test_model_free_gain_is_the_covered_share_of_weight() -> None:
    weights = [("fever", 2.0), ("drug", 1.5), ("dose", 1.2), ("child", 1.8), ("mg", 0.5)]
    assert covered_gain(weights, {"fever", "drug", "dose"}) == near(0.671428571429)


def test_support_is_the_share_of_facts_that_the_chunk_holds() -> None:
    assert support({"fever", "5", "mg", "moon"}, {"fever", "5", "mg"}) == 0.75


def test_a_core_that_states_nothing_is_supported() -> None:
    assert support(set(), {"fever"}) == 1.0


@given(made=PROBABILITIES, other=PROBABILITIES)
@example(made=[], other=[1.0])
def test_balanced_clarity_stays_between_0_and_1(made: list[float], other: list[float]) -> None:
    assert 0 <= balanced_clarity(made, other) <= 1


@given(made=PROBABILITIES, other=PROBABILITIES)
def test_balanced_clarity_does_not_depend_on_the_order_of_gaps(made: list[float], other: list[float]) -> None:
    assert balanced_clarity(made, other) == balanced_clarity(made[::-1], other[::-1])


@given(made=st.lists(st.floats(0, 1), min_size=1), other=st.lists(st.floats(0, 1), min_size=1))
def test_swapping_made_for_unmade_and_p_for_its_complement_keeps_balanced_clarity(made: list[float], other: list[float]) -> None:
    assert balanced_clarity(made, other) == pytest.approx(balanced_clarity([1 - p for p in other], [1 - p for p in made]))


@given(core=LENGTHS, chunk=LENGTHS, given_core=st.floats(0, 20), alone=st.floats(0, 20))
def test_gain_and_brevity_stay_between_0_and_1(core: int, chunk: int, given_core: float, alone: float) -> None:
    assert 0 <= gain(given_core, alone) <= 1
    assert 0 <= brevity(core, chunk) <= 1


@given(scores=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 300)), max_size=8), share=st.integers(1, 5))
def test_completeness_does_not_change_when_all_lengths_grow_alike(scores: list[tuple[float, int]], share: int) -> None:
    values, lengths = [value for value, _ in scores], [n for _, n in scores]
    assert completeness(values, lengths) == pytest.approx(completeness(values, [n * share for n in lengths]))
