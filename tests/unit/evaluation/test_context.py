"""Every system's ranking is cut to the same budget of tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.beir import Passages
from tadarag.evaluation.context import MAX_PASSAGES, Contexts

IDS = tuple("abcdefghijkl")


def contexts(lengths: list[int], budget: int) -> Contexts:
    texts = tuple("word " * length for length in lengths)
    passages = Passages(ids=IDS[: len(texts)], titles=("",) * len(texts), texts=texts)
    return Contexts(passages, lambda text: len(text.split()), budget=budget)


def test_passages_are_taken_until_one_does_not_fit():
    assert contexts([5, 4, 3, 1], 10).fitting("abcd") == (tuple("ab"), 9)


def test_the_best_passage_is_always_read_and_cut_to_the_budget():
    assert contexts([50, 1], 10).fitting("ab") == (("a",), 10)


def test_titles_are_read_too():
    passages = Passages(ids=("a",), titles=("two words",), texts=("and three more",))
    assert Contexts(passages, lambda text: len(text.split())).tokens("a") == 5


def test_a_system_that_found_nothing_is_given_nothing_to_read():
    assert contexts([1], 10).fitting(()) == ((), 0)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 60))
def test_no_context_is_over_the_budget_or_longer_than_the_recipe_reads(lengths, budget):
    ids, tokens = contexts(lengths, budget).fitting(IDS[: len(lengths)])
    assert 1 <= len(ids) <= MAX_PASSAGES
    assert tokens <= budget
