"""Whether a span can be the kind of thing that is asked for at all."""

from __future__ import annotations

import re

from tadarag.chinese import simplify
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.question_form import QuestionForm

_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|dozen|none|no)\b",
    re.IGNORECASE,
)
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十百千万亿两零〇半]")
_TIME = re.compile(
    r"\d|century|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday", re.IGNORECASE
)
_CHINESE_TIME = re.compile(r"\d{3}|[年月日号点时周天夜季代期早晚午前后]|世纪|[一二三四五六七八九十]")
_OTHER_MEASURE = re.compile(
    r"^\W*[$€£¥]\s?\d|^\D{0,6}\d[\d,.]*\s?(?:[%％]|(?:thousand |million |billion )?(?:per ?cent|dollars?|euros?|pounds|km|kg|metres?|meters?|miles?|people)\b"
    r"|[百千万亿]*(?:元|美元|米|公里|千米|公斤|千克|吨|人|名)(?!\d))\W*$",
    re.IGNORECASE,
)
"""A number of something that is no time."""
_ASKS_PERCENT = re.compile(r"\b(?:what|which|how many) (?:\w+ )?per ?cent(?:age)?\b|百分之(?:几|多少)|百分比", re.IGNORECASE)
_PERCENT = re.compile(r"[%％]|\bper ?cent|分之|成", re.IGNORECASE)
_TITLES = frozenset("the a an of de la van von der di da del bin ibn and dr mr mrs ms sir".split())
MAX_NUMBER = 14  # characters of a Chinese number with its unit


def clashes(form: QuestionForm, candidate: Candidate, span: str) -> bool:
    """Whether a span of this form cannot answer a question of this kind: a number without digits, a person in lower case, and so on."""
    if form.language == "zh":
        return _clashes_chinese(form, candidate, simplify(span))
    has_digit = any(character.isdigit() for character in span)
    if form.kind == "number":
        return (not has_digit and not _NUMBER_WORD.search(span)) or candidate.kind in ("date", "year") or _is_no_percentage(form, span)
    if form.kind == "date":
        return not _TIME.search(span) or _OTHER_MEASURE.search(span) is not None
    if form.kind == "person":
        return has_digit or not all(word[0].isupper() or word.lower() in _TITLES for word in span.split())
    if form.kind in ("place", "organization"):
        return not any(word[0].isupper() for word in span.split()) or candidate.kind in ("date", "year")
    return False


def _clashes_chinese(form: QuestionForm, candidate: Candidate, span: str) -> bool:
    has_digit = any(character.isdigit() for character in span)
    if form.kind == "number":
        is_no_number = (not has_digit and not _CHINESE_NUMBER.search(span)) or candidate.kind in ("date", "year") or len(span) > MAX_NUMBER
        return is_no_number or _is_no_percentage(form, span)
    if form.kind == "date":
        return not _CHINESE_TIME.search(span) or len(span) > MAX_NUMBER or _OTHER_MEASURE.search(span) is not None
    if form.kind == "person":
        return has_digit or len(span) > 14 or len(span) < 2
    if form.kind in ("place", "organization"):
        return candidate.kind in ("date", "year", "number")
    return False


def _is_no_percentage(form: QuestionForm, span: str) -> bool:
    """Whether a percentage is asked for, and the span is a number of something else: it says neither per cent nor a part."""
    return _ASKS_PERCENT.search(simplify(form.text)) is not None and _PERCENT.search(span) is None


def names_asked(form: QuestionForm, span: str) -> bool:
    """Whether the span is a name of the question or a part of one: it repeats what the asker knows."""
    folded = simplify(span).lower()
    return any(folded in simplify(name).lower() or simplify(name).lower() in folded for name in form.names)
