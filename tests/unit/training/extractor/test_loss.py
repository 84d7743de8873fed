# ruff: noqa: E402  # torch is not installed everywhere
"""The loss: what is unsure or not asked for does not count, and texts of a batch count alike however they are grouped."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.training.extractor.loss import MAX_PAIRS, _some_pairs, batch_loss, padded
from tadarag.training.extractor.names import NameVectors, NamingShares
from tadarag.training.extractor.network import Extractor, Shape

PLAIN = NamingShares(own=0, coarse=0, synonym=0, dropping=0, dropped=0, foreign=0)
PAIR = [("Anna", "Paris")]


@pytest.fixture
def loss_of():
    torch.manual_seed(1)
    network = Extractor(Shape(trunk_layer=4, n_layers=1, max_width=3, inner=16)).eval()
    vectors = NameVectors(HashingEncoder(384))

    def loss(corpus, indexes=(0,), shares=PLAIN):
        return float(batch_loss(network, corpus, indexes, vectors, shares, np.random.default_rng(3)).detach())

    return loss


def changed(corpus, **fields):
    return replace(corpus, examples=tuple(replace(one, **fields) for one in corpus.examples))


def test_an_unsure_relation_is_neither_true_nor_false(loss_of, toy_corpus):
    none = changed(toy_corpus(PAIR), relations=())
    unsure = changed(none, unsure=((1, 0, "Live_In"),))
    assert loss_of(unsure) < loss_of(none)


def test_spans_of_a_type_that_is_not_in_the_template_are_not_asked_for(loss_of, toy_corpus):
    corpus = changed(toy_corpus(PAIR), relations=(), relation_types=(), entities=())
    fewer = changed(corpus, entity_types=("PER",))
    assert loss_of(fewer) < loss_of(corpus)


def test_a_foreign_type_that_is_found_costs(loss_of, toy_corpus):
    corpus = changed(toy_corpus(PAIR), relations=(), relation_types=(), entities=(), entity_types=("Disease",))
    assert loss_of(corpus, shares=replace(PLAIN, foreign=1.0)) > loss_of(corpus)


def test_a_text_without_two_entities_has_no_pairs(loss_of, toy_corpus):
    one = changed(toy_corpus(PAIR), entities=((0, 0, "PER"),), clusters=("T1",), relations=())
    assert loss_of(one) == loss_of(changed(one, relation_types=()))


def test_equal_texts_have_the_loss_of_one(loss_of, toy_corpus):
    # spans are summed over texts and divided by gold and texts, so doubling both changes nothing
    assert loss_of(toy_corpus(PAIR * 2), (0, 1)) == pytest.approx(loss_of(toy_corpus(PAIR)), rel=1e-4)


def test_a_shorter_text_is_padded_with_zeros(toy_corpus):
    corpus = toy_corpus([("Anna", "Paris"), ("Boris", "Rome")])
    short = replace(corpus, states=corpus.states[:8], starts=np.array([0, 5, 8]))
    states, mask = padded(short, [0, 1])
    assert mask.tolist() == [[True] * 5, [True] * 3 + [False] * 2]
    assert (states[1, 3:] == 0).all()


def test_of_too_many_pairs_those_that_are_related_stay():
    related = {(30, 2), (7, 29)}
    pairs = _some_pairs(31, related, np.random.default_rng(1))
    assert related <= set(pairs)
    assert len(pairs) == len(set(pairs)) == MAX_PAIRS
