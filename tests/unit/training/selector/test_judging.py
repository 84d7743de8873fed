import numpy as np
import pytest

from tadarag.training.selector.feature_file import Asked
from tadarag.training.selector.judging import described, in_reach, record_of


def asked(name="q", ids=("a", "b", "a", "c"), gold=("a", "c"), direct=None):
    n = len(ids)
    return Asked(
        id=name,
        ids=tuple(ids),
        gold=frozenset(gold),
        features=np.zeros((n, 1)),
        formula=np.arange(n, 0, -1).astype(np.float64),
        is_direct=direct is not None,
        direct=tuple(direct or ()),
        is_train=False,
    )


def test_a_passage_stands_where_its_best_chunk_does():
    assert record_of(asked(), np.array([0.0, 1.0, 3.0, 2.0])).ranking == ("a", "c", "b")


def test_equal_scores_keep_the_order_of_formula_s():
    assert record_of(asked(), np.zeros(4)).ranking == ("a", "b", "c")


def test_a_question_that_is_answered_without_links_keeps_what_it_found_whatever_trees_say():
    assert record_of(asked(direct=["c", "b"]), np.array([9.0, 1.0, 3.0, 2.0])).ranking == ("c", "b")


def test_a_report_says_what_a_system_is_above_another_by_question():
    better = [record_of(asked(str(number)), np.array([0.0, -1.0, 0.0, 1.0])) for number in range(4)]
    worse = [record_of(asked(str(number), gold=("a", "z")), np.zeros(4)) for number in range(4)]
    found = described({"formula": worse, "trained": better}, against="formula")
    assert found["systems"]["formula"]["recall@5"]["mean"] == 50.0
    assert found["above formula"]["trained"]["recall@5"] == {"mean": 50.0, "low": 50.0, "high": 50.0}
    assert "formula" not in found["above formula"]


def test_the_reach_counts_gold_passages_among_the_candidates_of_questions_that_follow_links():
    assert in_reach([asked(gold=("a", "z")), asked(direct=["b"], gold=("z",))]) == pytest.approx(50.0)
