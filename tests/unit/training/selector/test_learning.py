"""What is learned from which questions."""

from dataclasses import replace

import numpy as np
import pytest

from tadarag.errors import TrainingError
from tadarag.training.selector.evaluation import evaluate
from tadarag.training.selector.feature_file import Asked
from tadarag.training.selector.learning import Recipe, calibrate, cross_fitted, fold_of, learn
from tadarag.training.selector.question_sets import QuestionSet

RECIPE = Recipe(
    settings={"num_leaves": 7, "min_data_in_leaf": 5, "learning_rate": 0.3},
    n_trees=15,
    n_models=1,
    formula_weight=1.0,
    set_weights={},
    seed=1,
)


def asked(number, generator, *, is_train=True, column=1):
    """A question whose gold passage is the candidate with the highest value in one column; formula S knows nothing."""
    features = generator.normal(size=(12, 4)).round(6)
    ids = tuple(f"{number}-{place}" for place in range(12))
    return Asked(
        id=str(number),
        ids=ids,
        gold=frozenset({ids[int(features[:, column].argmax())]}),
        features=features,
        formula=np.linspace(1.0, 0.5, 12),
        is_direct=False,
        direct=(),
        is_train=is_train,
    )


def made(n, seed, **options):
    generator = np.random.default_rng(seed)
    return [asked(number, generator, **options) for number in range(n)]


def test_questions_of_no_train_part_and_direct_ones_teach_nothing():
    (one,) = made(1, 0)
    assert one.teaches
    assert not replace(one, is_train=False).teaches
    assert not replace(one, is_direct=True).teaches
    assert not replace(one, gold=frozenset({"elsewhere"})).teaches
    with pytest.raises(TrainingError, match="no question"):
        learn({"made": [replace(one, is_train=False)]}, RECIPE)


def test_a_question_is_judged_by_trees_that_did_not_see_it():
    pytest.importorskip("lightgbm")
    questions = made(80, 2)
    scores = cross_fitted({"made": questions}, RECIPE, [("made", one) for one in questions])
    poisoned = [replace(one, gold=frozenset({one.ids[0]})) if fold_of("made", one.id) == 0 else one for one in questions]
    again = cross_fitted({"made": poisoned}, RECIPE, [("made", one) for one in poisoned])
    for one in questions:
        if fold_of("made", one.id) == 0:
            assert scores["made", one.id].tolist() == again["made", one.id].tolist()


def test_the_report_compares_trees_that_saw_a_set_with_trees_that_did_not_and_with_formula_s():
    pytest.importorskip("lightgbm")
    sets = {"one": [*made(60, 3), *made(30, 4, is_train=False)], "other": [*made(60, 5), *made(30, 6, is_train=False, column=1)]}
    questions = [QuestionSet(name=name, family=name, corpus=name, use="halves") for name in sets]
    report = evaluate(sets, questions, learn(sets, RECIPE), RECIPE, lambda said: None)
    above = report["sets"]["one"]["above formula"]
    assert above["zero-shot"]["recall@5"]["low"] > 0
    assert report["all"]["n_questions"] == 60
    assert report["default"]["trees_may_be_default"]


def test_a_probability_is_calibrated_on_the_questions_that_teach():
    pytest.importorskip("lightgbm")
    slope, _ = calibrate({"made": made(60, 7)}, RECIPE)
    assert slope > 0
