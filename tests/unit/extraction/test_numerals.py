"""Numerals become exact decimals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.extraction.numerals import chinese_integer, decimal_text

_DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """The Chinese numeral of 1..9999, as schools teach it."""
    text, gap = "", False
    for step, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + sign
        gap = digit == 0
    return text


@given(st.integers(1, 9999))
def test_every_written_number_is_read_back(number: int) -> None:
    assert chinese_integer(written(number)) == number


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_groups_of_ten_thousand_are_read_back(high: int, low: int) -> None:
    joined = written(high) + "万" + ("零" if low < 1000 else "") + written(low)
    assert chinese_integer(joined) == high * 10_000 + low


@pytest.mark.parametrize("text", ["七八", "万一", "千", "十百", "一万一万"])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert chinese_integer(text) is None


def test_a_magnitude_multiplies_exactly() -> None:
    assert decimal_text("1.2", "million") == "1200000"
    assert decimal_text("0.30") == "0.3"
    assert decimal_text("1,234.50") == "1234.5"
