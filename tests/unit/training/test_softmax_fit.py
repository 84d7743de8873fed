"""The fit behind the router's heads: it finds what tells, balances what it is given, and is rounded to whole numbers."""

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.heads import judge_vector
from tadarag.training.router_sources import Labelled
from tadarag.training.softmax_fit import balanced_weights, fit_softmax, fit_temperature, rounded_head

GENERATOR = np.random.default_rng(5)
INPUTS = GENERATOR.normal(size=(300, 3))
LABELS = (INPUTS[:, 0] > 0).astype(np.int64)
EVEN = np.ones(300)


def row(label, language="en", source="a"):
    return Labelled(text="?", label=label, language=language, source=source)


def test_the_fit_finds_which_feature_tells():
    matrix, _ = fit_softmax(INPUTS, LABELS, EVEN, np.full(3, 1e-3), n_labels=2)
    assert matrix[1, 0] > 10 * np.abs(matrix[1, 1:]).max()
    assert np.allclose(matrix[0], -matrix[1], atol=1e-6)


def test_a_heavier_penalty_gives_smaller_weights():
    light, heavy = (fit_softmax(INPUTS, LABELS, EVEN, np.full(3, penalty), n_labels=2)[0] for penalty in (1e-3, 1e-1))
    assert np.abs(heavy).sum() < np.abs(light).sum()


def test_a_row_that_weighs_two_is_two_rows():
    doubled = np.concatenate([INPUTS, INPUTS[:50]])
    twice = fit_softmax(doubled, np.concatenate([LABELS, LABELS[:50]]), np.ones(350), np.full(3, 1e-2), n_labels=2, iterations=500)
    weighed = fit_softmax(INPUTS, LABELS, np.where(np.arange(300) < 50, 2.0, 1.0), np.full(3, 1e-2), n_labels=2, iterations=500)
    assert np.allclose(twice[0], weighed[0], atol=1e-3)


def test_labels_weigh_alike_however_many_rows_they_have():
    rows = [row("many", source=f"s{place % 4}") for place in range(90)] + [row("few") for _ in range(10)]
    weights = balanced_weights(rows)
    assert isclose(weights[:90].sum(), weights[90:].sum())


def test_a_large_source_weighs_as_the_root_of_its_size():
    rows = [row("x", source="large")] * 400 + [row("x", source="small")] * 100
    weights = balanced_weights(rows)
    assert isclose(weights[:400].sum() / weights[400:].sum(), 2.0)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_the_temperature_undoes_the_scale_of_the_logits(temperature):
    right = np.array([[1.0, 0.0]] * 731 + [[0.0, 1.0]] * 269)  # a logit of 1 is right 73.1 % of the time
    logits = np.tile([[temperature, 0.0]], (1000, 1))
    assert fit_temperature(logits, right.argmax(axis=1), np.ones(1000)) == pytest.approx(temperature, rel=0.04)


@given(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4).filter(lambda values: max(map(abs, values)) > 0.1))
def test_a_rounded_head_says_nearly_what_the_weights_say(values):
    matrix = np.array([values, values[::-1]])
    vector = np.array([1, 0, 0, 0], np.float32)
    head = rounded_head(["a", "b"], ["odd"], matrix, np.array([[0.25], [0.0]]), np.array([0.5, 0.0]), temperature=1.0)
    verdict = judge_vector(head, {"odd": 2}, vector)
    logit = 0.5 + 2 * 0.25 + matrix[0, 0] - matrix[1, 0]
    assert verdict.probabilities["a"] == pytest.approx(1 / (1 + np.exp(-logit)), abs=0.02)


def test_features_that_round_to_nothing_go():
    head = rounded_head(["a", "b"], ["some", "none"], np.eye(2), np.array([[0.25, 0.0002], [0.0, -0.0002]]), np.zeros(2), temperature=1.0)
    assert set(head.features) == {"some"}
