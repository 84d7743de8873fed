"""A candidate span beside the question: its type, its neighbourhood, and the question words around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from tadarag.chinese import simplify
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.generation.term_matching import LocatedTerm, locate_terms

SPAN_FEATURES = (
    "in_question", "question_in_span", "near", "near_left", "near_right", "near_attribute", "before_left", "after_right", "before_right", "after_left",
    "clause_cover", "rarity", "repeated", "is_subject", "in_parenthesis", "length", "length_squared", "starts_sentence", "ends_sentence", "adjacent_left", "adjacent_right", "cut_name",
)  # fmt: skip
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
    form, text = reading.form, view.text
    matches = reading.matcher.matches
    inside = [term for term in view.located if term.start < candidate.end and term.end > candidate.start]
    left = [term for term in view.located if term.end <= candidate.start]
    right = [term for term in view.located if term.start >= candidate.end]
    content = [term for term in inside if term.term]
    asked = [term for term in content if term.term in matches]
    total = sum(reading.matcher.weights) or 1.0
    step = 1 if form.language == "en" else 2
    left_near, left_best, left_attribute = _nearness(reading, left[::-1], step)
    right_near, right_best, right_attribute = _nearness(reading, right, step)
    span_text = text[candidate.start : candidate.end]
    words = max(1, len(inside)) if form.language == "en" else max(1, len(span_text)) / 2
    subject = simplify(reading.hits[view.hit].passage.subject).lower()
    dense = np.array(
        [
            len(asked) / len(content) if content else 0.0,
            sum(reading.matcher.weights[i] for i in {index for term in asked for index, _ in matches[term.term]}) / total,
            sum(max(left_best.get(i, 0.0), right_best.get(i, 0.0)) * reading.matcher.weights[i] for i in {*left_best, *right_best}) / total,
            left_near / total,
            right_near / total,
            max(left_attribute, right_attribute),
            _aligned(form.before[-3:], left[-4 * step :], reading),
            _aligned(form.after[:3], right[: 4 * step], reading),
            _aligned(form.before[-3:], right[: 4 * step], reading),
            _aligned(form.after[:3], left[-4 * step :], reading),
            _clause_cover(reading, view, candidate),
            rarity / 8,
            min(3.0, log(1 + repeated)),
            float(bool(subject) and simplify(span_text).lower() == subject),
            float(text[: candidate.start].rstrip()[-1:] in ("(", "（") and text[: candidate.start].rstrip()[-1:] != ""),
            log(words),
            log(words) ** 2,
            float(candidate.start == 0),
            float(not text[candidate.end :].strip(" .。!！?？")),
            float(bool(left) and bool(left[-1].term) and left[-1].term in matches),
            float(bool(right) and bool(right[0].term) and right[0].term in matches),
            float(_cuts_name(text, candidate)),
        ]
    )
    return SpanFeatures(dense, _categories(form, text, candidate, span_text, left, right))


def _nearness(reading: Reading, outward: list[LocatedTerm], step: int) -> tuple[float, dict[int, float], float]:
    """Weighted nearness of matched question terms, the best by question term, and the nearest attribute term."""
    best: dict[int, float] = {}
    attribute = 0.0
    form = reading.form
    for distance, term in enumerate(outward[:40]):
        for index, strength in reading.matcher.matches.get(term.term, ()):
            value = strength * exp(-distance / (6 * step))
            best[index] = max(best.get(index, 0.0), value)
            if form.terms[index] in form.attribute:
                attribute = max(attribute, value)
    return sum(value * reading.matcher.weights[index] for index, value in best.items()), best, attribute


def _aligned(wanted: tuple[str, ...], window: list[LocatedTerm], reading: Reading) -> float:
    if not wanted:
        return 0.0
    stands_for = {reading.matcher.terms[index] for term in window for index, _ in reading.matcher.matches.get(term.term, ())}
    return sum(term in stands_for for term in wanted) / len(wanted)


def _clause_cover(reading: Reading, view: SentenceView, candidate: Candidate) -> float:
    """Cover of the question by the clause around the span, the span itself left out."""
    start = max((match.end() for match in _MARK.finditer(view.text, 0, candidate.start)), default=0)
    stop = _MARK.search(view.text, candidate.end)
    end = stop.start() if stop else len(view.text)
    return reading.matcher.cover(
        term.term
        for term in view.located
        if start <= term.start and term.end <= end and (term.end <= candidate.start or term.start >= candidate.end)
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
    form: QuestionForm, text: str, candidate: Candidate, span: str, left: list[LocatedTerm], right: list[LocatedTerm]
) -> tuple[str, ...]:
    before = text[: candidate.start].rstrip()
    after = text[candidate.end :].lstrip()
    if form.language == "en":
        word = left[-1] if left else None
        previous = (
            "^"
            if word is None
            else text[word.start : word.end].lower()
            if not _MARK.search(text[word.end : candidate.start])
            else before[-1:]
        )
        following = (
            "$"
            if not right
            else text[right[0].start : right[0].end].lower()
            if not _MARK.search(text[candidate.end : right[0].start])
            else after[:1]
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
        f"{key}|{kind}", f"{key}|{shape}", f"{form.asks}|<{previous}", f"{form.asks}|>{following}", f"{kind}|<{previous}", f"{kind}|>{following}",
        f"{kind}|{shape}", f"{form.head}|{kind}", f"{form.head}|{shape}", f"{key}|^{opening}", f"{form.asks}|${last}", f"{form.head}|${last}",
    )  # fmt: skip


def span_rarity(span: str, weight: Callable[[str], float]) -> float:
    """Mean frozen weight of a span's terms, 0 for a span without any."""
    found = [weight(term.term) for term in locate_terms(span) if term.term]
    return sum(found) / len(found) if found else 0.0
