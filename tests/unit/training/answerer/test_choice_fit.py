"""The choice between answers learns what speaks for the right one, and is silent where nothing does."""

from dataclasses import replace

import numpy as np
import pytest

from tadarag.errors import ModelFileDamaged
from tadarag.generation.answer_candidates import ASKS, FEATURES, FORMS
from tadarag.generation.answer_choice import MANIFEST, SILENCE, TREES, expected_shares, load_choice
from tadarag.training.answerer.choice_data import WeighedQuestion

pytest.importorskip("lightgbm")

from tadarag.training.answerer.choice_fit import (
    ChoiceRecipe,
    Chosen,
    choose,
    figures_of_choice,
    fit_choice,
    fit_shares,
    fit_silence,
    threshold_for,
    write_choice,
)

SETTINGS = {"num_leaves": 4, "min_data_in_leaf": 5}
RECIPE = ChoiceRecipe(n_trees=40, settings=SETTINGS, silence_trees=40, silence_settings=SETTINGS, n_folds=3, wrong_refusals=0.1, seed=3)
MARGIN = FEATURES.index("margin_alone")


def questions(n=150):
    """A world in which the candidate with the highest margin is right where one is above zero, and none is right elsewhere."""
    random = np.random.default_rng(5)
    made = []
    for number in range(n):
        features = random.normal(size=(4, len(FEATURES)))
        features[:, FEATURES.index("is_decided")] = 0.0
        answerable = number % 2 == 0
        features[:, MARGIN] = -2.0 - random.random(4)
        shares = np.zeros(4)
        if answerable:
            right = int(random.integers(4))
            features[right, MARGIN], shares[right] = 2.0, 1.0
        made.append(WeighedQuestion(id=f"q{number // 2}", features=features, shares=shares, answerable=answerable, found=answerable))
    return made


@pytest.fixture(scope="module")
def fitted():
    return fit_choice({"one": questions(), "two": questions(60)}, RECIPE)


def test_it_finds_the_right_answer_of_questions_that_it_has_not_seen(fitted):
    _, in_folds = fitted
    assert {name: len(part) for name, part in in_folds.items()} == {"one": 150, "two": 60}
    assert np.mean([one.share for one in in_folds["one"] if one.answerable]) > 0.95


def test_it_is_surer_where_there_is_an_answer(fitted):
    chosen = choose(fitted[0], questions(40))
    assert min(one.confidence for one in chosen if one.answerable) > max(one.confidence for one in chosen if not one.answerable)


def test_an_answer_that_was_not_found_teaches_nothing_of_silence(fitted):
    unfound = [replace(one, found=False, shares=one.shares * 0) for one in questions() if one.answerable]
    again, _ = fit_choice({"one": questions(), "two": questions(60)}, RECIPE)
    shared = [(one, expected_shares(again.trees, one.features)) for one in (*questions(), *unfound)]
    with_them, without = (fit_silence(some, RECIPE).arrays() for some in (shared, shared[:150]))
    assert all(np.array_equal(with_them[name], without[name]) for name in without)


def test_a_higher_margin_never_speaks_against_an_answer():
    trees = fit_shares(questions(), RECIPE)
    rows = np.repeat(questions(1)[0].features[:1], 50, axis=0)
    rows[:, MARGIN] = np.linspace(-5, 5, 50)
    assert (np.diff(trees.scores(rows)) >= 0).all()


def test_what_rules_have_settled_is_certain_whatever_the_trees_say(fitted):
    rows = questions(1)[0].features
    rows[3, FEATURES.index("is_decided")] = 1.0
    shares = expected_shares(fitted[0].trees, rows)
    assert shares[3] == 1.0
    assert (shares[:3] < 1.0).all()


def test_equal_questions_give_equal_trees():
    first, second = (fit_choice({"one": questions()}, RECIPE)[0] for _ in range(2))
    for one, other in ((first.trees, second.trees), (first.silence, second.silence)):
        assert all(np.array_equal(one.arrays()[name], other.arrays()[name]) for name in one.arrays())


def test_no_more_are_wrongly_refused_than_allowed():
    chosen = [Chosen(confidence=number / 100, share=1.0, answerable=True) for number in range(100)]
    threshold = threshold_for([chosen], 0.1)
    assert threshold == pytest.approx(0.1)
    assert figures_of_choice(chosen, threshold)["wrong_refusals"] == 10.0


def test_every_set_counts_the_same_towards_what_is_wrongly_refused():
    sure = [Chosen(confidence=0.9, share=1.0, answerable=True)] * 900
    unsure = [Chosen(confidence=number / 100, share=1.0, answerable=True) for number in range(100)]
    assert threshold_for([sure, unsure], 0.1) == pytest.approx(0.2)


def test_a_refused_answer_is_worth_nothing():
    chosen = [Chosen(confidence=0.9, share=1.0, answerable=True), Chosen(confidence=0.1, share=1.0, answerable=True)]
    figures = figures_of_choice([*chosen, Chosen(confidence=0.1, share=0.0, answerable=False)], 0.5)
    assert figures == {"f1": 50.0, "f1_without_refusals": 100.0, "wrong_refusals": 50.0, "right_refusals": 100.0}


def test_what_is_written_is_read_and_checked(tmp_path, fitted):
    write_choice(tmp_path, fitted[0], threshold=0.25, answerer="net", training={})
    choice = load_choice(tmp_path)
    assert (choice.threshold, choice.answerer) == (0.25, "net")
    (one,) = questions(1)
    shares = choice.shares(one.features)
    assert np.allclose(shares, expected_shares(fitted[0].trees, one.features))
    assert choice.confidence(shares, one.features) == choose(fitted[0], [one])[0].confidence


@pytest.mark.parametrize(("asked", "left"), [("who", 0.5), ("howmany", 0.5), ("when", 0.1), ("what", 1.0)])
def test_words_that_cannot_be_what_is_asked_for_count_less(asked, left):
    trees = fit_shares(questions(), RECIPE)
    features = np.repeat(questions(1)[0].features[:1], 2, axis=0)
    features[:, FEATURES.index("form")], features[:, FEATURES.index("asks")] = FORMS.index("span"), ASKS.index(asked)
    features[:, FEATURES.index("clashes")] = [0.0, 1.0]
    plain, lowered = expected_shares(trees, features)
    assert lowered <= plain * left + 1e-9


@pytest.mark.parametrize(("form", "is_certain"), [("side", True), ("yes_no", True), ("span", False)])
def test_what_passages_about_both_things_decide_is_never_withheld(tmp_path, fitted, form, is_certain):
    write_choice(tmp_path, fitted[0], threshold=0.25, answerer="net", training={})
    choice = load_choice(tmp_path)
    features = questions(1)[0].features.copy()
    features[0, FEATURES.index("is_decided")], features[0, FEATURES.index("form")] = 1.0, FORMS.index(form)
    assert (choice.confidence(choice.shares(features), features) == 1.0) == is_certain


@pytest.mark.parametrize("name", ["margin_alone", "second_share"])
def test_trees_for_other_features_are_refused(tmp_path, fitted, name):
    write_choice(tmp_path, fitted[0], threshold=0.25, answerer="net", training={})
    manifest = (tmp_path / MANIFEST).read_text("utf-8")
    (tmp_path / MANIFEST).write_text(manifest.replace(f'"{name}"', '"other"'), "utf-8")
    with pytest.raises(ModelFileDamaged, match="other features"):
        load_choice(tmp_path)


@pytest.mark.parametrize("file", [TREES, SILENCE])
def test_a_flipped_byte_is_noticed(tmp_path, fitted, file):
    write_choice(tmp_path, fitted[0], threshold=0.25, answerer="net", training={})
    data = bytearray((tmp_path / file).read_bytes())
    data[100] ^= 1
    (tmp_path / file).write_bytes(data)
    with pytest.raises(ModelFileDamaged):
        load_choice(tmp_path)
