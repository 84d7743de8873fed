"""Which spans become names, on probabilities made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tadarag.extraction.asked_names import AskedNames
from tadarag.extraction.span_decoding import choose_names, place_names
from tadarag.findings import FoundName
from tadarag.values import Span

TEXT = "Ada Byron met Babbage. London calls."
SENTENCES = (Span(0, 22), Span(23, 36))
ASKED = AskedNames(labels=("researcher", "town"), kinds=("person", "location", "concept"), relations=(), allowed={})


def offsets_of(text: str) -> NDArray[np.int32]:
    """One token a word, which takes in the space before it, as word pieces do."""
    ends = [index for index in range(1, len(text)) if text[index] == " "]
    return np.array(list(zip([0, *ends], [*ends, len(text)], strict=True)), np.int32)


def chosen(
    *scored: tuple[int, int, int, float], offsets: NDArray[np.int32] | None = None, text: str = TEXT
) -> list[tuple[str, str, str, float]]:
    """(text, kind, label, probability) of the names chosen; scored: first token, last token, column, probability."""
    offsets = offsets_of(text) if offsets is None else offsets
    probabilities = np.zeros((len(offsets), 4, len(ASKED.kinds)), np.float32)
    for first, last, column, probability in scored:
        probabilities[first, last - first, column] = probability
    names = choose_names(probabilities, offsets, text, SENTENCES, ASKED, threshold=0.5)
    return [(one.name.span.of(text), one.name.kind, one.name.label, one.name.probability) for one in names]


def test_a_span_from_the_threshold_on_is_a_name_of_its_likeliest_type() -> None:
    assert chosen((0, 1, 0, 0.5), (0, 1, 1, 0.4)) == [("Ada Byron", "person", "researcher", 0.5)]
    assert chosen((0, 1, 0, 0.49)) == []


def test_names_come_in_order_of_place() -> None:
    assert [name for name, *_ in chosen((3, 3, 0, 0.7), (0, 1, 0, 0.6))] == ["Ada Byron", "Babbage."]


def test_the_likelier_of_two_spans_that_touch_stays() -> None:
    assert [name for name, *_ in chosen((0, 1, 0, 0.8), (0, 0, 0, 0.9), (1, 2, 0, 0.7))] == ["Ada", "Byron met"]


def test_of_equally_likely_spans_the_earlier_and_shorter_stays() -> None:
    assert [name for name, *_ in chosen((0, 1, 0, 0.75), (0, 0, 0, 0.75), (1, 1, 0, 0.75))] == ["Ada", "Byron"]


def test_a_span_of_the_template_goes_before_a_likelier_one_that_only_has_a_core_type() -> None:
    assert chosen((0, 1, 0, 0.6), (0, 2, 2, 0.9)) == [("Ada Byron", "person", "researcher", 0.6)]


def test_a_span_with_a_core_type_alone_has_no_label() -> None:
    assert chosen((0, 1, 2, 0.9)) == [("Ada Byron", "concept", "", 0.9)]


def test_a_likelier_core_type_tells_the_kind_beside_the_label() -> None:
    assert chosen((0, 1, 0, 0.6), (0, 1, 2, 0.9)) == [("Ada Byron", "concept", "researcher", 0.6)]


def test_a_span_across_sentences_is_dropped_and_blocks_nothing() -> None:
    assert [name for name, *_ in chosen((3, 4, 0, 0.9), (4, 4, 1, 0.6))] == ["London"]


def test_a_span_that_reaches_beyond_the_text_is_dropped() -> None:
    offsets = offsets_of(TEXT)
    probabilities = np.zeros((len(offsets), 4, 3), np.float32)
    probabilities[-1, 1, 0] = 0.9
    assert choose_names(probabilities, offsets, TEXT, SENTENCES, ASKED, threshold=0.5) == []


def test_tokens_of_the_context_make_no_name() -> None:
    offsets = np.array([[-9, -2], [-2, -1], [-1, 3], [3, 9]], np.int32)
    assert [name for name, *_ in chosen((0, 0, 0, 0.9), (1, 3, 0, 0.9), (2, 3, 0, 0.8), offsets=offsets)] == ["Ada Byron"]


def test_white_space_alone_is_no_name() -> None:
    offsets = np.array([[0, 3], [3, 4], [4, 9]], np.int32)
    assert chosen((1, 1, 0, 0.9), offsets=offsets) == []


def test_two_tokens_of_one_character_make_one_name_at_most() -> None:
    offsets = np.array([[0, 3], [0, 3]], np.int32)  # a character that normalisation wrote out
    assert [name for name, *_ in chosen((0, 0, 0, 0.9), (1, 1, 0, 0.8), offsets=offsets)] == ["Ada"]


def test_probabilities_have_two_places() -> None:
    assert chosen((0, 1, 0, 0.7777))[0][3] == 0.78


@pytest.mark.parametrize(("span", "tokens"), [(Span(0, 9), (0, 1)), (Span(4, 9), (1, 1)), (Span(14, 21), (3, 3))])
def test_a_given_name_lies_on_the_tokens_that_it_touches(span: Span, tokens: tuple[int, int]) -> None:
    placed = place_names([FoundName(span=span, kind="", label="town")], offsets_of(TEXT), SENTENCES, max_width=4)
    assert (placed[0].first, placed[0].last, placed[0].sentence) == (*tokens, 0)


def test_a_given_name_that_is_too_wide_or_beyond_the_tokens_is_left_out() -> None:
    names = [FoundName(span=Span(0, 21), kind=""), FoundName(span=Span(23, 29), kind=""), FoundName(span=Span(90, 95), kind="")]
    assert {index: one.sentence for index, one in place_names(names, offsets_of(TEXT), SENTENCES, max_width=2).items()} == {1: 1}
