"""The form in which copied text is compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis.strategies import text as texts

from mom.normalisation import normalise


def test_white_space_quotes_dashes_and_wide_characters_take_one_form() -> None:
    assert normalise("  “Ａ” —\n\n b‑c\u3000 ").text == '"A" - b-c'


def test_each_character_knows_its_source() -> None:
    source = "a \n  ½ e\u0301"
    found = normalise(source)
    assert found.text == "a 1⁄2 é"
    assert [source[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == ["a", " ", "½", "½", "½", " ", "e\u0301"]


def test_what_has_no_width_is_left_out() -> None:
    assert normalise("so\u00adft\u200b ly").text == "soft ly"


@given(texts())
def test_sources_rise_and_lie_in_the_text(source: str) -> None:
    found = normalise(source)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert list(found.starts) == sorted(found.starts)
    assert all(0 <= start < end <= len(source) for start, end in zip(found.starts, found.ends, strict=True))


@given(texts())
def test_normal_text_stays_as_it_is(source: str) -> None:
    once = normalise(source).text
    assert normalise(once).text.replace(" ", "") == once.replace(" ", "")
