"""Numbers and dates as they stand in English and Chinese text, made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tadarag.chinese import simplify

_SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "兆": 1e12,
}
_ZH_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?")
_ZH_NUMBER = re.compile(r"[零一二三四五六七八九十百千万亿两〇]+")
NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
} | {
    word: float(value)
    for word, value in zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
}
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_UNIT = re.compile(r"^[\s]*([^\W\d]+|%|％)")


@dataclass(frozen=True, slots=True)
class Value:
    """A comparable value: kind "date" (days, roughly) or "number", with the unit that follows, folded to lower case."""

    kind: str
    amount: float
    unit: str = ""


def read_value(text: str) -> Value | None:
    """The first number or date of a text, None when there is none."""
    folded = simplify(text).strip()
    return _read_date(folded) or read_number(folded)


def _read_date(text: str) -> Value | None:
    iso = re.search(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text) or re.search(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})[日号])?", text)
    if iso:
        year, month, day = (int(part) if part else 1 for part in (iso.group(1), iso.group(2), iso.group(3)))
        return Value("date", year * 372 + month * 31 + day)
    month_name = re.search(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", text, re.IGNORECASE)
    year_match = re.search(r"\b(1[0-9]\d\d|20\d\d)\b(?!\s*(?:[a-z%]|,\d))", text)
    if month_name and year_match:
        day_match = re.search(r"\b(\d{1,2})\b", text.replace(year_match.group(), ""))
        return Value(
            "date",
            int(year_match.group()) * 372 + _MONTHS[month_name.group(1).lower()] * 31 + (int(day_match.group(1)) if day_match else 1),
        )
    if year_match and re.fullmatch(r"(?:in |by |since )?\d{4}", text):
        return Value("date", int(year_match.group()) * 372 + 31 + 1)
    return None


def read_number(text: str) -> Value | None:
    match = _NUMBER.search(text)
    if match is None:
        chinese = _ZH_NUMBER.search(text)
        if chinese:
            amount, end = _chinese_number(chinese.group()), chinese.end()
        else:
            for word in re.findall(r"[a-z]+", text.lower()):
                if word in NUMBER_WORDS:
                    return Value("number", NUMBER_WORDS[word], _unit(text[text.lower().index(word) + len(word) :]))
            return None
    else:
        amount, end = float(match.group().replace(",", "").replace("−", "-")), match.end()
    scale = re.match(r"\s*(hundred|thousand|million|billion|trillion|[百千万亿兆]+)", text[end:], re.IGNORECASE)
    if scale:
        word = scale.group(1).lower()
        for part in [word] if word in _SCALE else list(word):
            amount *= _SCALE[part]
        end += scale.end()
    return Value("number", amount, _unit(text[end:]))


def _unit(rest: str) -> str:
    match = _UNIT.match(rest)
    return match.group(1).lower().rstrip("s") if match else ""


def _chinese_number(text: str) -> float:
    """A number in Chinese characters, e.g. 两万三千 = 23000."""
    total, section, digit = 0.0, 0.0, 0.0
    for character in text:
        if character in _ZH_DIGITS:
            digit = _ZH_DIGITS[character]
        elif character in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _SCALE[character]
            section = digit = 0
    return total + section + digit
