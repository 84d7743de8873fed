"""Where word pieces stand in a text, how spans of characters fall on them, and how long texts are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tadarag.models.onnx_encoder import SHIPPED_FOLDER
from tadarag.training.pieces import aligned, piece_spans, windows

TOKENIZER = Tokenizer.from_file(str(SHIPPED_FOLDER / "tokenizer.json"))
TEXTS = st.text(alphabet=st.sampled_from("ab C1.,!?\n 中国。（é"), max_size=120)


def test_pieces_stand_on_their_characters_without_the_space_before_a_word():
    text = "Marie Curie lived in Paris."
    assert {text[start:end] for start, end in piece_spans(text, TOKENIZER)} >= {"Marie", "Paris", "."}


def test_a_span_falls_on_the_pieces_that_it_begins_and_ends_with():
    text = "Marie Curie lived in Paris."
    first, last = aligned(piece_spans(text, TOKENIZER), 0, 11)
    pieces = piece_spans(text, TOKENIZER)
    assert (pieces[first][0], pieces[last][1]) == (0, 11)


@pytest.mark.parametrize("span", [(1, 11), (0, 9)])
def test_a_span_that_cuts_a_piece_falls_on_none(span):
    assert aligned([(0, 5), (6, 11)], *span) is None


def test_chinese_names_fall_on_pieces():
    text = "柳娟访问伊朗"
    pieces = piece_spans(text, TOKENIZER)
    assert aligned(pieces, 4, 6) is not None


@given(text=TEXTS)
def test_pieces_are_in_order_and_none_is_empty(text):
    pieces = piece_spans(text, TOKENIZER)
    assert all(0 <= start < end <= len(text) for start, end in pieces)
    assert pieces == sorted(pieces)


def test_a_short_text_is_one_window():
    assert list(windows("One. Two.", TOKENIZER, longest=50)) == [(0, 9)]


def test_a_long_text_is_cut_between_sentences():
    text = "The first sentence stands here. The second one follows it. The third one ends the text."
    cut = [text[start:end].strip() for start, end in windows(text, TOKENIZER, longest=14)]
    assert len(cut) > 1
    assert all(part.endswith(".") for part in cut)


def test_a_sentence_that_is_too_long_alone_is_cut_inside():
    text = "word " * 100
    cut = list(windows(text, TOKENIZER, longest=20))
    assert max(len(piece_spans(text[start:end], TOKENIZER)) for start, end in cut) <= 20 + 1  # white space at the end may be a piece


@given(text=TEXTS)
def test_windows_are_in_order_and_hold_every_word(text):
    cut = list(windows(text, TOKENIZER, longest=9))
    assert all(a[1] <= b[0] for a, b in pairwise(cut))
    assert "".join("".join(text[start:end].split()) for start, end in cut) == "".join(text.split())
