"""A candidate span beside the question: its type, its neighbourhood, and the question words around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from tadarag.chinese import simplify
from tadarag.generation.answer_types import clashes, names_asked
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.generation.term_matching import LocatedTerm, locate_terms

SPAN_FEATURES = (
    "in_question",
    "question_in_span",
    "near",
    "near_left",
    "near_right",
    "near_attribute",
    "before_left",
    "after_right",
    "before_right",
    "after_left",
    "clause_cover",
    "rarity",
    "repeated",
    "is_subject",
    "in_parenthesis",
    "length",
    "length_squared",
    "starts_sentence",
    "ends_sentence",
    "adjacent_left",
    "adjacent_right",
    "cut_name",
    "clashes",
    "names_asked",
    "crosses_clause",
)
_LEFT_WORDS = frozenset(
    "in on at by of to for from with as is was are were the a an and or that which who named called until since between about over than nearly "
    "approximately around born near after before through into".split()
)
_MARK = re.compile(r"[,;:()\"“”.!?，；：。（）、]")


@dataclass(frozen=True, slots=True)
class SpanFeatures:
    """dense: float64[len(SPAN_FEATURES)], without those of the sentence; categories: names of the binary features that hold."""

    dense: NDArray[np.float64]
    categories: tuple[str, ...]


def span_features(reading: Reading, view: SentenceView, candidate: Candidate, rarity: float, repeated: int) -> SpanFeatures:
    """Features of one candidate. rarity: mean weight of its terms; repeated: how many other sentences of the evidence hold it."""
    form, text, located = reading.form, view.text, view.located
    matches, weights = reading.matcher.matches, reading.matcher.weights
    starts = [term.start for term in located]
    first = bisect_left(starts, candidate.start)  # Chinese bigrams that cross the span's start count to its left
    last = bisect_left(starts, candidate.end)
    content = [term.term for term in located[first:last] if term.term]
    asked = {index for term in content for index, _ in matches.get(term, ())}
    total = sum(weights) or 1.0
    step = 1 if form.language == "en" else 2
    before = [place for place in view.matched if place < first]
    after = [place for place in view.matched if place >= last]
    left_best, left_attribute = _nearness(reading, view, [(place, first - 1 - place) for place in before[::-1]], step)
    right_best, right_attribute = _nearness(reading, view, [(place, place - last) for place in after], step)
    left_window = [located[place].term for place in before if place >= first - 4 * step]
    right_window = [located[place].term for place in after if place < last + 4 * step]
    span_text = text[candidate.start : candidate.end]
    words = max(1, last - first) if form.language == "en" else max(1, len(span_text)) / 2
    subject = reading.subjects[view.hit]
    dense = np.array(
        [
            sum(term in matches for term in content) / len(content) if content else 0.0,
            sum(weights[index] for index in asked) / total,
            sum(max(left_best.get(i, 0.0), right_best.get(i, 0.0)) * weights[i] for i in {*left_best, *right_best}) / total,
            sum(value * weights[index] for index, value in left_best.items()) / total,
            sum(value * weights[index] for index, value in right_best.items()) / total,
            max(left_attribute, right_attribute),
            _aligned(form.before[-3:], left_window, reading),
            _aligned(form.after[:3], right_window, reading),
            _aligned(form.before[-3:], right_window, reading),
            _aligned(form.after[:3], left_window, reading),
            _clause_cover(reading, view, candidate, before, after),
            rarity / 8,
            min(3.0, log(1 + repeated)),
            float(bool(subject) and simplify(span_text).lower() == subject),
            float(text[: candidate.start].rstrip().endswith(("(", "（"))),
            log(words),
            log(words) ** 2,
            float(candidate.start == 0),
            float(not text[candidate.end :].strip(" .。!！?？")),
            float(bool(before) and before[-1] == first - 1),
            float(bool(after) and after[0] == last),
            float(_cuts_name(text, candidate)),
            float(clashes(form, candidate, span_text)),
            float(names_asked(form, span_text)),
            float(any(mark in span_text for mark in "，；、,;")),
        ]
    )
    left = located[first - 1] if first else None
    right = located[last] if last < len(located) else None
    return SpanFeatures(dense, _categories(form, text, candidate, left, right))


def _nearness(reading: Reading, view: SentenceView, outward: list[tuple[int, int]], step: int) -> tuple[dict[int, float], float]:
    """For each matched question term its nearness (1 beside the span, falling by e in six words), and that of the attribute."""
    best: dict[int, float] = {}
    attribute = 0.0
    form = reading.form
    for place, distance in outward:
        if distance > 40:
            break
        for index, strength in reading.matcher.matches[view.located[place].term]:
            value = strength * exp(-distance / (6 * step))
            if value > best.get(index, 0.0):
                best[index] = value
                if form.terms[index] in form.attribute:
                    attribute = max(attribute, value)
    return best, attribute


def _aligned(wanted: tuple[str, ...], window: list[str], reading: Reading) -> float:
    """Share of the wanted terms that words of the window stand for."""
    if not wanted or not window:
        return 0.0
    stands_for = {reading.matcher.terms[index] for term in window for index, _ in reading.matcher.matches[term]}
    return sum(term in stands_for for term in wanted) / len(wanted)


def _clause_cover(reading: Reading, view: SentenceView, candidate: Candidate, before: list[int], after: list[int]) -> float:
    """Cover of the question by the clause around the span, the span itself left out."""
    opening = bisect_left(view.clauses, candidate.start + 1)
    start = view.clauses[opening - 1] if opening else 0
    closing = bisect_left(view.clauses, candidate.end + 1)
    end = view.clauses[closing] if closing < len(view.clauses) else len(view.text)
    located = view.located
    return reading.matcher.cover(
        located[place].term for place in (*before, *after) if start <= located[place].start and located[place].end <= end
    )


def _cuts_name(text: str, candidate: Candidate) -> bool:
    """Whether the word before or after the span belongs to the same capitalised name."""
    before = re.search(r"(\b[A-Z][\w’'-]*)\s$", text[: candidate.start])
    after = re.match(r"\s[A-Z]", text[candidate.end :])
    first, last = text[candidate.start], text[candidate.end - 1]
    return bool(before and first.isupper() and before.start() > 0) or bool(
        after and last.isalpha() and text[candidate.start : candidate.end].split()[-1][0].isupper()
    )


def _shape(span: str) -> str:
    words = span.split()
    if any(character.isdigit() for character in span):
        return "digits" if len(words) == 1 else "digits+"
    capitals = sum(word[0].isupper() for word in words)
    if capitals == len(words):
        return f"caps{min(4, len(words))}"
    return "mixed" if capitals else f"lower{min(4, len(words))}"


def _categories(
    form: QuestionForm, text: str, candidate: Candidate, left: LocatedTerm | None, right: LocatedTerm | None
) -> tuple[str, ...]:
    span = text[candidate.start : candidate.end]
    before, after = text[: candidate.start].rstrip(), text[candidate.end :].lstrip()
    if form.language == "en":
        previous = (
            "^" if left is None else before[-1:] if _MARK.search(text[left.end : candidate.start]) else text[left.start : left.end].lower()
        )
        following = (
            "$"
            if right is None
            else after[:1]
            if _MARK.search(text[candidate.end : right.start])
            else text[right.start : right.end].lower()
        )
        previous = previous if previous in _LEFT_WORDS or not previous.isalnum() else "word"
        following = following if following in _LEFT_WORDS or not following.isalnum() else "word"
        first = span.split()[0].lower()
        opening = first if first in _LEFT_WORDS else ""
        shape = _shape(span)
    else:
        previous, following = before[-1:] or "^", after[:1] or "$"
        opening = span[0]
        shape = f"n{min(8, len(span))}" if not any(c.isdigit() for c in span) else "digits"
    kind = candidate.kind
    key = f"{form.asks}/{form.kind}"
    last = simplify(span[-1]) if form.language == "zh" else ""
    return (
        f"{key}|{kind}",
        f"{key}|{shape}",
        f"{form.asks}|<{previous}",
        f"{form.asks}|>{following}",
        f"{kind}|<{previous}",
        f"{kind}|>{following}",
        f"{kind}|{shape}",
        f"{form.head}|{kind}",
        f"{form.head}|{shape}",
        f"{key}|^{opening}",
        f"{form.asks}|${last}",
        f"{form.head}|${last}",
    )


def span_rarity(span: str, weight: Callable[[str], float]) -> float:
    """Mean frozen weight of a span's terms, 0 for a span without any."""
    found = [weight(term.term) for term in locate_terms(span) if term.term]
    return sum(found) / len(found) if found else 0.0
