"""Outline lines and scenarios of different number."""

from __future__ import annotations

from mom.pairing import pair_outline
from mom.reply import OutlineLine
from mom.word_table import shipped_word_table

DAM, WATER, COST = OutlineLine("the dam"), OutlineLine("water"), OutlineLine("cost of the works")
TABLE = shipped_word_table()


def titles(lines: list[OutlineLine], cores: list[str]) -> list[tuple[str | None, list[str]]]:
    return [(pair.line and pair.line.text, [line.text for line in pair.parents]) for pair in pair_outline(lines, cores, TABLE)]


def test_equal_numbers_are_paired_in_order() -> None:
    assert titles([DAM, WATER], ["anything", "whatever"]) == [("the dam", []), ("water", [])]


def test_an_extra_line_becomes_the_parent_of_the_next_core() -> None:
    assert titles([OutlineLine("Orsk"), DAM, WATER], ["a dam", "much water"]) == [("the dam", ["Orsk"]), ("water", [])]


def test_an_extra_line_at_the_end_is_not_lost() -> None:
    assert titles([DAM, COST], ["the dam is high"]) == [("the dam", ["cost of the works"])]


def test_an_extra_core_has_no_line() -> None:
    assert titles([DAM, COST], ["a dam", "much water", "what the works cost"]) == [("the dam", []), (None, []), ("cost of the works", [])]


def test_cores_without_any_outline_have_no_lines() -> None:
    assert titles([], ["a dam", "much water"]) == [(None, []), (None, [])]


def test_lines_without_cores_pair_with_nothing() -> None:
    assert titles([DAM], []) == []
