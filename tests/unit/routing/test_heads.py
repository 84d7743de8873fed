"""The trained heads: exact sums, probabilities, reasons, and files that are equal for equal heads."""

from math import exp, isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.models.onnx_encoder import shipped_fingerprint
from tadarag.routing.heads import (
    Head,
    document_head,
    judge_vector,
    judge_words,
    main_reasons,
    question_heads,
    read_heads,
    write_heads,
)
from tadarag.templates.library import shipped_templates

HEAD = Head(
    labels=("list", "fact"),
    bias=(0, 500),
    features={"the word 'all'": (2000, -500), "a year": (0, 300)},
    rows=np.array([[127, 0, 0], [0, 127, 0]], np.int8),
    row_scale=1 / 127,
    temperature=2.0,
)
EAST = np.array([1.0, 0.0, 0.0], np.float32)


def test_a_head_adds_bias_features_and_vector_and_divides_by_its_temperature():
    verdict = judge_vector(HEAD, {"the word 'all'": 1}, EAST)
    expected = 1 / (1 + exp((0.5 - 0.5 - (2.0 + 1.0)) / 2.0))
    assert isclose(verdict.probabilities["list"], expected, rel_tol=1e-6)
    assert verdict.best() == ("list", round(expected, 3))


def test_features_that_a_head_does_not_know_count_nothing():
    assert judge_vector(HEAD, {"unheard of": 3}, EAST) == judge_vector(HEAD, {}, EAST)


def test_labels_that_are_not_allowed_get_no_probability():
    assert judge_vector(HEAD, {"the word 'all'": 1}, EAST, allowed={"fact"}).probabilities == {"fact": 1.0}


def test_words_are_divided_by_the_root_of_their_number():
    one, four = judge_words(HEAD, {}, [0]), judge_words(HEAD, {}, [0, 1, 2, 2])
    assert one.of_vector == {"list": 1.0, "fact": 0.0}
    assert four.of_vector == {"list": 0.5, "fact": 0.5}


def test_a_text_without_words_is_told_by_bias_and_features_alone():
    assert judge_words(HEAD, {}, []).best()[0] == "fact"


def test_the_reasons_are_the_features_that_speak_most_for_the_label():
    verdict = judge_vector(HEAD, {"the word 'all'": 1, "a year": 1}, EAST)
    assert main_reasons(HEAD, verdict, "list") == ("the word 'all'", "its meaning")


@given(st.permutations(["the word 'all'", "a year"]), st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3).filter(any))
def test_the_order_of_the_features_does_not_matter(order, raw):
    vector = np.array(raw, np.float32)
    told = judge_vector(HEAD, dict.fromkeys(order, 1), vector)
    assert told.probabilities == judge_vector(HEAD, {"a year": 1, "the word 'all'": 1}, vector).probabilities
    assert isclose(sum(told.probabilities.values()), 1)


def test_heads_come_back_from_their_file_as_they_went_and_equal_heads_are_equal_bytes(tmp_path):
    write_heads(tmp_path / "a.npz", {"task": HEAD}, {"encoder": "e"})
    write_heads(tmp_path / "b.npz", {"task": HEAD}, {"encoder": "e"})
    header, heads = read_heads(tmp_path / "a.npz")
    assert header["encoder"] == "e"
    assert heads["task"].features == HEAD.features
    assert (heads["task"].rows == HEAD.rows).all()
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_shipped_heads_read_the_shipped_encoder_and_know_the_shipped_domains():
    domains = {template.name for template in shipped_templates()}
    assert question_heads().encoder == shipped_fingerprint()
    assert set(question_heads().domain.labels) == set(document_head().labels) == domains
    assert set(question_heads().task.labels) == {"fact", "bridge", "comparison", "list", "temporal", "overview"}


@pytest.mark.parametrize("head", [question_heads().domain, question_heads().task, document_head()])
def test_the_shipped_heads_have_a_weight_of_every_feature_for_every_label(head):
    assert all(len(weights) == len(head.labels) for weights in head.features.values())
    assert len(head.rows) == len(head.bias) == len(head.labels)
