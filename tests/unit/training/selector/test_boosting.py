"""Trees that LightGBM fits are taken over exactly."""

import numpy as np
import pytest

from tadarag.training.selector.boosting import Groups, fit_trees, from_dump, joined

SETTINGS = {"num_leaves": 7, "learning_rate": 0.3, "min_data_in_leaf": 5}


def leaf(value):
    return {"leaf_value": value}


def node(column, threshold, left, right, decision="<="):
    return {"split_feature": column, "threshold": threshold, "decision_type": decision, "left_child": left, "right_child": right}


def questions(n=60, seed=3):
    """Groups in which the second column alone tells which row answers."""
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(n * 10, 4)).round(6)
    answers = np.zeros(n * 10, np.bool_)
    for question in range(n):
        answers[question * 10 + int(np.argmax(rows[question * 10 : question * 10 + 10, 1]))] = True
    return Groups(rows=rows, answers=answers, sizes=[10] * n, weights=np.ones(n * 10))


def test_a_dumped_tree_scores_as_it_is_read():
    tree = node(0, 0.5, node(1, 1.0, leaf(1.0), leaf(2.0)), node(1, -1.0, leaf(3.0), leaf(4.0)))
    trees = from_dump([{"tree_structure": tree}, {"tree_structure": leaf(0.5)}])
    rows = np.array([[0.0, 1.0], [0.0, 1.5], [1.0, -1.0], [1.0, 0.0]])
    assert trees.scores(rows).tolist() == [1.5, 2.5, 3.5, 4.5]


def test_a_node_that_does_not_compare_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        from_dump([{"tree_structure": node(0, 0.5, leaf(1.0), leaf(2.0), decision="==")}])


def test_joined_trees_score_the_mean_of_their_parts():
    one = from_dump([{"tree_structure": node(0, 0.5, leaf(1.0), leaf(3.0))}])
    other = from_dump([{"tree_structure": node(0, 0.0, node(1, 0.0, leaf(0.0), leaf(2.0)), leaf(5.0))}])
    rows = np.array([[0.25, 0.0], [1.0, 1.0], [-1.0, 1.0]])
    assert joined([one, other]).scores(rows).tolist() == ((one.scores(rows) + other.scores(rows)) / 2).tolist()


def test_arrays_score_as_lightgbm_does():
    lightgbm = pytest.importorskip("lightgbm")
    groups = questions()
    dataset = lightgbm.Dataset(groups.rows, groups.answers.astype(int), group=list(groups.sizes))
    booster = lightgbm.train({"objective": "lambdarank", "verbose": -1, "num_threads": 1, **SETTINGS}, dataset, 20)
    trees = from_dump(booster.dump_model()["tree_info"])
    assert np.abs(trees.scores(groups.rows) - booster.predict(groups.rows)).max() < 1e-5


def test_the_same_groups_and_seed_give_the_same_trees_and_they_find_what_answers():
    pytest.importorskip("lightgbm")
    groups = questions()
    trees, again = (fit_trees(groups, SETTINGS, n_trees=30, seed=5) for _ in range(2))
    assert all((trees.arrays()[name] == again.arrays()[name]).all() for name in trees.arrays())
    best = trees.scores(groups.rows).reshape(-1, 10).argmax(axis=1)
    assert (groups.answers.reshape(-1, 10).argmax(axis=1) == best).mean() > 0.9
