"""Clauses of a sentence that say the same of different things: "乙方负责日常保养，甲方负责大修", "the tenant repairs the lamps, the landlord the roof"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tadarag.analysis import terms
from tadarag.chinese import simplify

_MARK = re.compile("[，,；;]")
_PARALLEL = re.compile(r"[，,；;]|\b(?:and|while|but|whereas)\b|而", re.IGNORECASE)
_ASKS = re.compile("谁|什么|哪[个里些年位]?|多少|何时|[吗呢？?]")


def is_in_other_clause(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether [start, end) of a sentence lies in a clause that lacks a term of the question, and another clause has all of them. Chinese only: English
    clauses share their subjects and verbs (checked on the training sets: of 6,173 Chinese answers one stands so, of 14,152 English ones 271)."""
    wanted = {term for part in _ASKS.split(simplify(question)) for term in terms(part)}
    places = list(_clauses(_MARK, simplify(sentence)))
    own = next((place for place in places if place[0] <= start < place[1]), None)
    if not wanted or own is None or end > own[1] or any(term.isascii() for term in wanted):
        return False
    held = {place: wanted & set(terms(simplify(sentence)[place[0] : place[1]])) for place in places}
    return held[own] < wanted and any(held[place] == wanted for place in places)


def is_across_clauses(question: str, sentence: str) -> bool:
    """Whether what a sentence has of a question's terms stands in no one clause, and one of them stands in two: it says one thing of one and another of
    the other. A sentence is cut at its commas, and before "and", "while", "but"."""
    said = set(terms(question)) & set(terms(sentence))
    held = [said & set(terms(sentence[start:end])) for start, end in _clauses(_PARALLEL, sentence)]
    return said not in held and any(sum(term in one for one in held) > 1 for term in said)


def _clauses(mark_between: re.Pattern[str], sentence: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in mark_between.finditer(sentence):
        yield start, mark.start()
        start = mark.end()
    yield start, len(sentence)
