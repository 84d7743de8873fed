"""The number that a heading's numeral stands for: Arabic, Chinese, Roman, circled, or a letter."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {character: value for value, characters in enumerate(("零〇", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
           for character in characters}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = "万萬"
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_WORDS = {word: value for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)}

CHINESE_NUMERAL = "[" + "".join(_DIGITS) + "".join(_UNITS) + _MYRIADS + "]"


def parse_numeral(numeral: str) -> int | None:
    """The value of a numeral, or None when it is none.

    十 -> 10, 一百零五 -> 105, 一千零一 -> 1001, 二〇二四 -> 2024, ② -> 2, Ⅳ and IV -> 4, １２ -> 12, Three -> 3; a single letter that is no
    Roman numeral counts from A = 1. Source: mom.md 4.1.
    """
    folded = unicodedata.normalize("NFKC", numeral).strip()
    if folded.isascii() and folded.isdigit():
        return int(folded)
    if folded and all(character in _DIGITS or character in _UNITS or character in _MYRIADS for character in folded):
        return _parse_chinese(folded)
    upper = folded.upper()
    if upper and _ROMAN_FORM.fullmatch(upper):
        return _parse_roman(upper)
    if len(upper) == 1 and "A" <= upper <= "Z":
        return ord(upper) - ord("A") + 1
    return _WORDS.get(folded.lower())


def _parse_chinese(numeral: str) -> int | None:
    if all(character in _DIGITS for character in numeral):  # a year or a page read digit by digit: 二〇二四
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            total = (total + section + digit) * 10_000
            section = digit = 0
    return total + section + digit


def _parse_roman(numeral: str) -> int:
    values = [_ROMAN[character] for character in numeral]
    return sum(-value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True))
