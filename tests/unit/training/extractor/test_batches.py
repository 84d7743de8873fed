"""The order of batches: every text once before any comes again, sets as often as their weights say, and a place to go on from."""

import pytest

from tadarag.training.batches import BatchQueue


@pytest.fixture
def queue_of():
    def made(*corpora, batch_pieces=20, temperature=1.0, weights=None, seed=3):
        return BatchQueue(corpora, batch_pieces=batch_pieces, temperature=temperature, weights=weights or {}, seed=seed)

    return made


def test_every_text_comes_once_before_any_comes_again(queue_of, toy_corpus, toy_pairs):
    corpus = toy_corpus(toy_pairs[0])
    queue = queue_of(corpus)
    seen = []
    while len(seen) < len(corpus.examples):
        seen += queue.next()[1]
    assert sorted(seen) == list(range(len(corpus.examples)))


def test_a_batch_has_no_more_pieces_than_it_may(queue_of, toy_corpus, toy_pairs):
    queue = queue_of(toy_corpus(toy_pairs[0]), batch_pieces=17)
    assert max(len(queue.next()[1]) for _ in range(20)) == 17 // 5


def test_a_text_longer_than_a_batch_is_one_of_its_own(queue_of, toy_corpus, toy_pairs):
    queue = queue_of(toy_corpus(toy_pairs[0]), batch_pieces=2)
    assert len(queue.next()[1]) == 1


def test_a_weight_makes_a_set_come_more_often(queue_of, toy_corpus, toy_pairs):
    queue = queue_of(toy_corpus(toy_pairs[0], "a"), toy_corpus(toy_pairs[0], "b"), weights={"a": 9.0})
    drawn = [queue.next()[0].name for _ in range(400)]
    assert 0.85 < drawn.count("a") / len(drawn) < 0.95


def test_a_queue_at_the_position_of_another_goes_on_as_that_one(queue_of, toy_corpus, toy_pairs):
    corpora = toy_corpus(toy_pairs[0], "a"), toy_corpus(toy_pairs[1], "b")
    first, second = queue_of(*corpora), queue_of(*corpora, seed=99)
    for _ in range(5):
        first.next()
    second.go_to(first.position())
    assert [_named(first.next()) for _ in range(30)] == [_named(second.next()) for _ in range(30)]


def test_a_position_does_not_move_with_its_queue(queue_of, toy_corpus, toy_pairs):
    queue = queue_of(toy_corpus(toy_pairs[0]))
    queue.next()
    position = queue.position()
    after = [_named(queue.next()) for _ in range(10)]
    queue.go_to(position)
    assert [_named(queue.next()) for _ in range(10)] == after


def _named(batch):
    corpus, indexes = batch
    return corpus.name, indexes
