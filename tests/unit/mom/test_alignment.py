"""Anchors that a model copied, found again in the text."""

from __future__ import annotations

import pytest

from mom.alignment import Alignment, Anchors, align, find_anchor
from mom.values import Span

TRIAL = "The trial began in May. Patients received 5 mg daily. Results were published in June. Side effects were mild."


def starts(alignment: Alignment) -> list[int]:
    return [chunk.span.start for chunk in alignment.chunks]


def test_golden_values_of_an_inexact_head_and_an_exact_tail() -> None:
    (head,) = find_anchor(TRIAL, "Patients recieved")
    (tail,) = find_anchor(TRIAL, "in June.")
    assert len(TRIAL) == 109
    assert (head.span.start, head.distance) == (24, 2)
    assert head.share == pytest.approx(0.117647058824, abs=1e-9)
    assert (tail.span.start, tail.distance, tail.share) == (77, 0, 0.0)
    assert Span(head.span.start, tail.span.end) == Span(24, 85)


def test_chunks_run_from_head_to_head_and_tile_the_text() -> None:
    alignment = align(TRIAL, [Anchors("trial began", "in May."), Anchors("Patients recieved", "in June."), Anchors("Side", "mild.")])
    assert [chunk.span for chunk in alignment.chunks] == [Span(0, 24), Span(24, 86), Span(86, 109)]
    assert alignment.score == pytest.approx(1 - 2 / 17 / 3)
    assert not alignment.is_rejected


def test_a_repeated_phrase_is_told_apart_by_the_tail_before_it() -> None:
    text = "It rained. All was well. It rained. Then came the sun. It rained. The end."
    alignment = align(text, [Anchors("It rained.", "the sun."), Anchors("It rained.", "The end.")])
    assert starts(alignment) == [0, 55]


def test_repeated_heads_are_placed_one_after_the_other() -> None:
    text = "It rained. All was well. It rained. Then came the sun."
    assert starts(align(text, [Anchors("It rained.", "well."), Anchors("It rained.", "sun.")])) == [0, 25]


def test_a_missing_tail_costs_less_than_skipping() -> None:
    alignment = align(TRIAL, [Anchors("The trial", ""), Anchors("Results were", "nowhere at all")])
    assert starts(alignment) == [0, 54]
    assert [chunk.gap for chunk in alignment.chunks] == [False, True]


def test_a_tail_far_from_the_end_of_its_chunk_is_a_gap() -> None:
    alignment = align(TRIAL, [Anchors("The trial", "Patients"), Anchors("Side effects", "mild.")])
    assert [chunk.gap for chunk in alignment.chunks] == [True, False]


@pytest.mark.parametrize("anchor", [".*", "(a+)+$", "[MASK]", "\\d{3}", "a|b", "?", "C++ (v1.2)"])
def test_special_characters_stand_for_themselves(anchor: str) -> None:
    text = f"First comes this. Then {anchor} and the rest of it."
    assert starts(align(text, [Anchors("First", "this."), Anchors(anchor, "of it.")])) == [0, 23]


def test_items_in_swapped_order_are_skipped_not_reordered() -> None:
    alignment = align(TRIAL, [Anchors("Results were", "in June."), Anchors("The trial", "in May."), Anchors("Side effects", "mild.")])
    assert starts(alignment) == sorted(starts(alignment))
    assert alignment.n_skipped == 1
    assert alignment.is_rejected


def test_the_core_of_a_skipped_item_goes_to_the_chunk_that_holds_its_tail() -> None:
    items = [Anchors("The trial", "in May."), Anchors("zzzzzzzzzz", "published in June."), Anchors("Side effects", "mild.")]
    assert [chunk.others for chunk in align(TRIAL, items).chunks] == [(1,), ()]


def test_an_item_that_stands_nowhere_is_dropped_and_counted() -> None:
    alignment = align(TRIAL, [Anchors("The trial", "in May."), Anchors("zzzzzzzzzz", "qqqqqqqqqq"), Anchors("Side effects", "mild.")])
    assert alignment.dropped == (1,)
    assert alignment.is_rejected  # a third of the items


def test_an_anchor_across_a_line_break_is_found() -> None:
    text = "One thing ends here.\nAnother\n  thing begins here."
    assert starts(align(text, [Anchors("One thing", "here."), Anchors("Another thing", "begins here.")])) == [0, 21]


def test_quotes_dashes_and_wide_forms_are_compared_in_one_form() -> None:
    text = "Vorwort.\n“Well—known”, she said: ＡＢＣ１２３ is it. 他说：「好」。"
    assert starts(align(text, [Anchors('"Well-known", she', "ABC123 is it."), Anchors('他说:"好"', "")])) == [0, text.index("他")]


def test_chinese_anchors_with_a_wrong_character_are_found() -> None:
    text = "黄河大桥建成于1998年。全长三公里，耗资五亿元。王工程师负责设计，获得国家奖。"
    items = [Anchors("黄河大桥", "1998年。"), Anchors("全长三公理，耗资", "五亿元。"), Anchors("王工程师", "国家奖。")]
    assert starts(align(text, items)) == [0, text.index("全长"), text.index("王工程师")]


def test_a_text_without_any_anchor_is_rejected() -> None:
    alignment = align(TRIAL, [Anchors("wholly invented words", "that stand nowhere")])
    assert alignment.chunks == ()
    assert alignment.score == 0.0
    assert alignment.is_rejected


def test_no_items_at_all_are_rejected() -> None:
    assert align(TRIAL, []).is_rejected
