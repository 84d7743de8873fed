"""Pairwise measures count every pair once."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.measures.pairs import PairCounts, homonyms_apart, pair_counts

_LABELS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 2)), max_size=9)


@given(_LABELS)
def test_the_counts_are_those_of_all_pairs(items: list[tuple[str, int, int]]) -> None:
    pairs = [(one[1] == other[1], one[2] == other[2]) for one, other in combinations(items, 2)]
    assert pair_counts((gold, predicted) for _, gold, predicted in items) == PairCounts(
        both=sum(gold and predicted for gold, predicted in pairs),
        predicted=sum(predicted for _, predicted in pairs),
        gold=sum(gold for gold, _ in pairs),
    )


@given(_LABELS)
def test_homonyms_are_pairs_of_one_name_that_gold_keeps_apart(items: list[tuple[str, int, int]]) -> None:
    homonyms = [(one, other) for one, other in combinations(items, 2) if one[0] == other[0] and one[1] != other[1]]
    assert homonyms_apart(items) == (sum(one[2] != other[2] for one, other in homonyms), len(homonyms))


def test_precision_and_recall_of_what_joins_nothing() -> None:
    assert (PairCounts(gold=3).precision, PairCounts(gold=3).recall, PairCounts(gold=3).f1) == (1.0, 0.0, 0.0)


def test_f1_is_the_harmonic_mean() -> None:
    assert PairCounts(both=1, predicted=2, gold=4).f1 == 2 * 0.5 * 0.25 / 0.75
