"""Where in a found span the answer begins and ends: whole words and dates, whole pairs of marks, no particles at its ends."""

from __future__ import annotations

import re

from tadarag.analysis import is_cjk
from tadarag.chinese import simplify
from tadarag.generation.question_form import QuestionForm

_YEAR_ALONE = re.compile(r"哪一?年(?![^，。？?]*(?:月|日))|年份|几几年|何年")
_EN_YEAR_ALONE = re.compile(r"\b(?:what|which) year\b", re.IGNORECASE)
_EN_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_ZH_NUMERAL = "元一二三四五六七八九十〇零廿卅"
_ZH_DATE = re.compile(
    rf"(?:(?:公元前?|前)?\d{{1,4}}年|[\u4e00-\u9fff]{{2}}[{_ZH_NUMERAL}]{{1,4}}年(?:\s*[（(]\s*(?:公元前?|前)?\d{{1,4}}年\s*[)）])?)"
    r"(?:\s*\d{1,2}月(?:\s*\d{1,2}[日号])?)?"
)
_ZH_OPENING = re.compile(r"^(?:位于|[的于])")
_ZH_CLOSING = re.compile(r"[的之起]$")
"""Particles that people who mark answers leave outside; "in", "because" and what repeats the question they take in or leave out about as often."""
_PAIRS = {"(": ")", "（": "）", "「": "」", "『": "』", "《": "》", "“": "”", "[": "]", "【": "】"}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}
_BRACKETS = "()（）[]【】"


def answer_bounds(text: str, start: int, end: int, form: QuestionForm) -> tuple[int, int]:
    """The bounds of the answer in a span [start, end) of a text; never empty, and unchanged where nothing applies."""
    start, end = _whole_words(text, start, end)
    if form.language != "zh":
        start, end = balanced(text, start, end)
        return _year_of(text, start, end) if _EN_YEAR_ALONE.search(form.text) else (start, end)
    if form.kind == "date" and not _YEAR_ALONE.search(simplify(form.text)):
        start, end = _whole_date(text, start, end)
    return _without_particles(text, *balanced(text, start, end), form)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """With the rest of a word that the span cuts; Chinese characters are words of their own."""
    while end < len(text) and _goes_on(text[end - 1], text[end]):
        end += 1
    while start > 0 and _goes_on(text[start - 1], text[start]):
        start -= 1
    return start, end


def _goes_on(left: str, right: str) -> bool:
    return left.isalpha() and right.isalpha() and not is_cjk(left) and not is_cjk(right)


def balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """A span that holds one half of a pair: with the other half where that stands right at its end, else of quotation marks what stands within, of
    brackets what stands outside."""
    if text[end : end + 1] in _OPENING and text.count(text[end], start, end) < text.count(_OPENING[text[end]], start, end):
        end += 1
    first, last, opened = start, end, list[int]()
    for place in range(start, end):
        if text[place] in _PAIRS:
            opened.append(place)
        elif opened and text[place] == _PAIRS[text[opened[-1]]]:
            opened.pop()
        elif text[place] in _PAIRS.values():
            first, last = (place + 1, last) if text[place] in _BRACKETS else (first, min(last, place))
    for place in opened:
        if first <= place < last:
            first, last = (first, place) if text[place] in _BRACKETS and place > first else (place + 1, last)
    while last > first and not text[last - 1].isalnum() and text[last - 1] not in _PAIRS.values() and (first, last) != (start, end):
        last -= 1
    while first < last and text[first].isspace():
        first += 1
    return (first, last) if first < last else (start, end)


def _year_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The year of a date."""
    years = list(_EN_YEAR.finditer(text, start, end))
    return years[0].span() if len(years) == 1 else (start, end)


def _whole_date(text: str, start: int, end: int) -> tuple[int, int]:
    """A date of which the span holds a part."""
    for match in _ZH_DATE.finditer(text):
        if match.start() <= start < match.end() and end - start <= len(match.group()) + 1:
            return match.start(), max(match.end(), end)
    return start, end


def _without_particles(text: str, start: int, end: int, form: QuestionForm) -> tuple[int, int]:
    opening = _ZH_OPENING.match(simplify(text[start:end]))
    if opening is not None and form.kind != "person" and end - start - opening.end() >= 2:
        start += opening.end()
    if _ZH_CLOSING.search(text[start:end]) and end - start >= 3:
        end -= 1
    return start, end
