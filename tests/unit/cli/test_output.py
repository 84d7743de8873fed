"""Output: text of documents cannot steer a terminal; columns align by what is shown."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.cli.output import Output, one_line, printable, table


@given(st.text())
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    shown = printable(text)
    assert not any(character < " " and character not in "\n\t" for character in shown)
    assert not any("\x7f" <= character <= "\x9f" or character in "\u200e\u200f\u202e\u2066" for character in shown)


@given(st.text(alphabet="abc é中文\n\t\u200d"))
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_an_escape_sequence_is_made_visible() -> None:
    assert printable("a\x1b[31mred\u202eb") == "a\\x1b[31mred\\u202eb"


def test_a_name_with_a_line_end_stays_on_one_line() -> None:
    assert one_line("two\nlines  here") == "two lines here"


def test_columns_align_where_chinese_is_twice_as_wide() -> None:
    assert table([("中文", "x"), ("abcd", "y"), ("a", "z")]) == ["中文  x", "abcd  y", "a     z"]


def test_a_table_without_rows_has_no_lines() -> None:
    assert table([]) == []


def test_the_json_result_carries_its_schema_and_keeps_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=True).result({"text": "港务局"}, ["not shown"])
    shown = capsys.readouterr().out
    assert json.loads(shown) == {"schema": "tadarag/1", "text": "港务局"}
    assert "港务局" in shown


def test_quiet_silences_notes_but_not_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(quiet=True)
    output.note("a note")
    output.result({}, ["the result"])
    assert capsys.readouterr() == ("the result\n", "")
