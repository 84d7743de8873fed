"""The usual ways of cutting a text, each against what its source says it does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mom.sentences import split_sentences
from tadarag.evaluation.chunkers import CHUNKERS, SEGMENTERS, usual_chunkers, usual_segmenters
from tadarag.evaluation.chunkers.fixed import fixed_chunks
from tadarag.evaluation.chunkers.recursive import recursive_chunks
from tadarag.evaluation.chunkers.semantic import semantic_chunks
from tadarag.evaluation.chunkers.sentence_window import sentence_windows
from tadarag.evaluation.chunkers.texttiling import texttile
from tadarag.evaluation.text_vectors import TextVectors
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Span

ENCODER = HashingEncoder(32)
TEXTS = st.text(alphabet="ab .!?\n。，三水月", max_size=400)


def n_words(text: str) -> int:
    return len(text.split())


def sentences_of(text: str) -> list[Span]:
    return [Span(sentence.start, sentence.end) for sentence in split_sentences(text)]


def cut(text: str, chunks: list[Span]) -> list[str]:
    return [chunk.of(text) for chunk in chunks]


def test_fixed_chunks_are_as_long_as_they_may_be_and_cut_between_words():
    text = "one two three four five six seven"
    assert cut(text, fixed_chunks(text, n_tokens=3, count=n_words)) == ["one two three", " four five six", " seven"]


def test_fixed_chunks_overlap_by_the_tokens_asked_for_and_stop_at_the_end():
    text = "one two three four five six seven"
    chunks = cut(text, fixed_chunks(text, n_tokens=4, overlap=2, count=n_words))
    assert [chunk.split() for chunk in chunks] == [text.split()[:4], text.split()[2:6], text.split()[4:]]


def test_fixed_chunks_fall_between_chinese_characters():
    assert cut("水月三山江河", fixed_chunks("水月三山江河", n_tokens=4, count=ENCODER.count_tokens)) == ["水月三山", "江河"]


def test_fixed_chunks_hold_all_that_fits_where_a_token_is_several_characters():
    text = "水月" * 20
    chunks = fixed_chunks(text, n_tokens=3, count=lambda part: len(part) // 4)
    assert cut(text, chunks[:1]) == [text[:15]]


def test_a_word_of_too_many_tokens_stands_alone():
    text = "a bbbbbbbb c"
    assert cut(text, fixed_chunks(text, n_tokens=3, count=lambda part: len(part.replace(" ", "")))) == ["a", " bbbbbbbb", " c"]


@pytest.mark.parametrize("overlap", [-1, 3, 4])
def test_an_overlap_that_never_ends_is_refused(overlap):
    with pytest.raises(ValueError, match="overlap"):
        fixed_chunks("a b c d", n_tokens=3, overlap=overlap, count=n_words)


def test_recursive_chunks_end_at_the_strongest_separator_that_makes_them_short_enough():
    text = "One two. Three four five.\n\nSix seven.\nEight nine ten eleven twelve."
    chunks = cut(text, recursive_chunks(text, n_tokens=5, count=n_words))
    assert chunks == ["One two. Three four five.\n\n", "Six seven.\n", "Eight nine ten eleven twelve."]


def test_recursive_chunks_go_on_to_words_and_to_chinese_marks():
    assert cut("a b c d", recursive_chunks("a b c d", n_tokens=2, count=n_words)) == ["a b ", "c d"]
    text = "水月三山。江河湖海。"
    assert cut(text, recursive_chunks(text, n_tokens=5, count=ENCODER.count_tokens)) == ["水月三山。", "江河湖海。"]


def test_sentence_windows_take_three_sentences_at_a_time():
    sentences = [Span(start, start + 9) for start in range(0, 70, 10)]
    assert sentence_windows(sentences) == [Span(0, 29), Span(30, 59), Span(60, 69)]
    assert sentence_windows([]) == []


def test_semantic_chunks_end_where_neighbours_are_farthest_apart():
    sentences = [Span(start, start + 9) for start in range(0, 50, 10)]
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], np.float32)
    assert semantic_chunks(sentences, vectors, percentile=95) == [Span(0, 19), Span(20, 49)]


def test_semantic_chunks_of_one_sentence_and_of_equal_distances_are_one():
    one = np.array([[1, 0]], np.float32)
    assert semantic_chunks([Span(0, 5)], one, percentile=95) == [Span(0, 5)]
    assert semantic_chunks([Span(0, 5), Span(6, 9)], np.repeat(one, 2, axis=0), percentile=95) == [Span(0, 9)]
    assert semantic_chunks([], one[:0], percentile=95) == []


def test_texttiling_cuts_where_the_words_change():
    fish, tax = "The salmon swims up the river to spawn. ", "A tax return lists income and interest paid. "
    text = fish * 8 + tax * 8
    assert cut(text, texttile(text, sentences_of(text))) == [(fish * 8).strip(), (tax * 8).strip()]


def test_texttiling_keeps_a_text_of_one_word_field_whole():
    text = "The salmon swims up the river to spawn. " * 12
    assert len(texttile(text, sentences_of(text))) == 1


@given(TEXTS)
def test_every_chunker_keeps_all_that_is_not_white_space_and_its_order(text):
    vectors = TextVectors(ENCODER, lambda stage, done, total: None)
    chunkers = usual_chunkers(ENCODER.count_tokens, lambda texts: vectors.unit(texts, stage=""))
    sentences = sentences_of(text)
    for name, chunker in chunkers.items():
        chunks = chunker(text, sentences)
        assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks), name
        held = {place for chunk in chunks for place in range(chunk.start, chunk.end)}
        assert {place for place, character in enumerate(text) if not character.isspace()} <= held, name


@given(TEXTS, st.integers(1, 20))
def test_fixed_and_recursive_chunks_keep_the_length(text, n_tokens):
    for chunks in (
        fixed_chunks(text, n_tokens=n_tokens, count=ENCODER.count_tokens),
        recursive_chunks(text, n_tokens=n_tokens, count=ENCODER.count_tokens),
    ):
        counted = [ENCODER.count_tokens(part) for part in cut(text, chunks)]
        words = [ENCODER.count_tokens(word) for word in text.split()]
        assert max(counted, default=0) <= max([n_tokens, *words])


def test_the_names_of_the_baselines_are_those_that_reports_use():
    def vectors(texts):
        return np.zeros((len(texts), 2), np.float32)

    assert tuple(usual_segmenters(n_words, vectors)) == SEGMENTERS
    assert tuple(usual_chunkers(n_words, vectors)) == CHUNKERS
