"""Numerals of English and Chinese text become exact decimals."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_MAGNITUDES = {"hundred": 100, "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9} | {
    word: 10**zeros
    for zeros, word in ((12, "trillion"), (2, "百"), (3, "千"), (4, "万"), (5, "十万"), (6, "百万"), (7, "千万"), (8, "亿"), (9, "十亿"))
}
_MAGNITUDES |= {"百亿": 10**10, "千亿": 10**11, "万亿": 10**12}


def chinese_digits(text: str) -> str:
    """Digits written one by one ("二〇二四", "２０２４" or "2024") as ASCII digits."""
    return "".join(str(_DIGITS[character]) if character in _DIGITS else str(int(character)) for character in text)


def chinese_integer(text: str) -> int | None:
    """The value of a Chinese numeral such as 一百二十 or 三万五千; None when the characters do not form one (七八, 万一)."""
    total = group = 0
    digit: int | None = None
    last_step, last_group = 10_000, 10**12
    for character in text:
        if character in _DIGITS:
            if digit:  # two digits side by side: "seven or eight", not a number
                return None
            digit = _DIGITS[character]
        elif character in _STEPS:
            step = _STEPS[character]
            if step >= last_step or digit == 0 or (digit is None and step != 10):
                return None
            group += (1 if digit is None else digit) * step
            digit, last_step = None, step
        elif character in _GROUPS:
            group += digit or 0
            if group == 0 or _GROUPS[character] >= last_group:
                return None
            total, last_group = total + group * _GROUPS[character], _GROUPS[character]
            group, digit, last_step = 0, None, 10_000
        else:
            return None
    return total + group + (digit or 0)


def decimal_text(number: str, magnitude: str = "") -> str:
    """The plain decimal of a number with thousands separators and a magnitude word: ("1.2", "million") -> "1200000"."""
    value = Decimal(number.replace(",", "").replace("，", "")) * _MAGNITUDES.get(magnitude.strip().lower(), 1)
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
