# torch is not installed everywhere
"""Spans that are chosen from scores, and counts of what was right, by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from tadarag.training.extractor.scoring import Counts, Reading, choose_spans, entity_counts, given_counts, relation_counts
from tadarag.training.extractor.thresholds import Thresholds, choose_thresholds, figures

PAIR = [("Anna", "Paris")]
SCORES = st.lists(st.floats(0, 1, width=32), min_size=24, max_size=24).map(lambda values: np.array(values, np.float32).reshape(4, 3, 2))


def reading(spans=((0, 0, "PER", 0.9), (3, 3, "LOC", 0.8)), pairs=((0, 1, "Live_In", 0.7),), between_gold=((0, 1, "Live_In", 0.7),)):
    return Reading(spans=tuple(spans), pairs=tuple(pairs), between_gold=tuple(between_gold))


def test_the_better_of_two_spans_that_cross_is_chosen():
    scores = np.zeros((4, 3, 2), np.float32)
    scores[0, 2, 0], scores[2, 1, 1], scores[3, 0, 0] = 0.6, 0.9, 0.7  # pieces 0-2, 2-3, 3
    assert [one[:3] for one in choose_spans(scores, 0.5)] == [(2, 3, 1)]


def test_a_span_that_reaches_over_the_end_is_none():
    scores = np.zeros((2, 3, 1), np.float32)
    scores[1, 1, 0] = 0.9
    assert choose_spans(scores, 0.5) == []


@given(scores=SCORES)
def test_the_spans_of_a_higher_threshold_are_those_of_a_lower_one_that_reach_it(scores):
    assert choose_spans(scores, 0.7) == [one for one in choose_spans(scores, 0.2) if one[3] >= 0.7]


@given(scores=SCORES)
def test_chosen_spans_do_not_touch(scores):
    chosen = choose_spans(scores, 0.1)
    assert all(a[1] < b[0] for a, b in pairwise(chosen))


def test_precision_recall_and_f1_are_those_of_the_counts():
    counts = Counts(n_right=1, n_found=2, n_gold=4)
    assert (counts.precision, counts.recall, counts.f1) == (50.0, 25.0, pytest.approx(100 / 3))


def test_an_entity_is_right_with_both_ends_and_its_type(toy_corpus):
    wrong_type = reading(spans=((0, 0, "LOC", 0.9), (3, 3, "LOC", 0.9)))
    assert entity_counts(toy_corpus(PAIR), [wrong_type], 0.5) == Counts(1, 2, 2)


def test_gold_entities_that_cannot_be_found_are_missed(toy_corpus):
    corpus = toy_corpus(PAIR)
    lost = replace(corpus, examples=(replace(corpus.examples[0], n_lost=3),))
    assert entity_counts(lost, [reading()], 0.5) == Counts(2, 2, 5)


def test_a_relation_needs_both_its_ends_to_be_found(toy_corpus):
    assert relation_counts(toy_corpus(PAIR), [reading()], 0.5, 0.5) == Counts(1, 1, 1)
    assert relation_counts(toy_corpus(PAIR), [reading()], 0.85, 0.5) == Counts(0, 0, 1)


def test_with_boundaries_alone_the_types_of_the_ends_do_not_matter(toy_corpus):
    found = reading(spans=((0, 0, "LOC", 0.9), (3, 3, "LOC", 0.9)))
    assert relation_counts(toy_corpus(PAIR), [found], 0.5, 0.5) == Counts(0, 1, 1)
    assert relation_counts(toy_corpus(PAIR), [found], 0.5, 0.5, with_types=False) == Counts(1, 1, 1)


def test_windows_of_one_record_are_counted_once(toy_corpus):
    corpus = toy_corpus(PAIR * 2)
    windows = replace(corpus, examples=tuple(replace(one, record="r0") for one in corpus.examples))
    assert given_counts(windows, [reading(), reading()], 0.5) == Counts(1, 1, 1)


def test_any_two_mentions_of_two_things_tell_their_relation(toy_corpus):
    corpus = toy_corpus(PAIR)
    (example,) = corpus.examples
    twice = replace(example, entities=(*example.entities, (1, 1, "PER")), clusters=("T1", "T2", "T1"))
    told = reading(between_gold=((2, 1, "Live_In", 0.6), (0, 2, "Live_In", 0.9)))  # the second joins a thing with itself
    assert given_counts(replace(corpus, examples=(twice,)), [told], 0.5) == Counts(1, 1, 1)


def test_the_thresholds_are_those_with_the_best_figures(toy_corpus):
    unsure = reading(
        spans=((0, 0, "PER", 0.31), (3, 3, "LOC", 0.33), (4, 4, "LOC", 0.29)),
        pairs=((0, 1, "Live_In", 0.61), (1, 0, "Live_In", 0.58)),
        between_gold=((0, 1, "Live_In", 0.61), (1, 0, "Live_In", 0.58)),
    )
    assert choose_thresholds([(toy_corpus(PAIR), [unsure])]) == Thresholds(span=0.3, pair=0.6)


def test_a_set_without_relations_has_no_figures_of_them(toy_corpus):
    corpus = toy_corpus(PAIR)
    plain = replace(corpus, examples=(replace(corpus.examples[0], relations=(), facts=(), relation_types=()),))
    assert set(figures(plain, [reading(pairs=(), between_gold=())], Thresholds(0.5, 0.5))) == {"n_texts", "entities"}
    assert "relations_gold_entities" in figures(corpus, [reading()], Thresholds(0.5, 0.5))
