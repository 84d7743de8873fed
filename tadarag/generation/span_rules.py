"""What is known about answers without any data: penalties and bonuses in logits beside the fitted weights."""

from __future__ import annotations

import re

from tadarag.generation.answer_types import clashes, names_asked
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.generation.term_matching import locate_terms

CLASH = -3.0  # a span that cannot be of the kind asked for
LOOSE = -1.0  # a phrase around a number or date where the number or date itself is a candidate
REPEATS_QUESTION = -2.5  # every word of the span stands in the question
KNOWN_NAME = -2.0  # a person or firm whose name the question gives
COUNTED_NOUN = 1.5  # "how many days": the number stands with "days"
LABEL = 2.5  # a table cell or field whose label says what is asked for
_LABEL = re.compile(r"^\s*[-*]?\s*([^:：|\n]{1,50})[:：]\s*")


def rule_logit(reading: Reading, view: SentenceView, candidate: Candidate) -> float:
    """Sum of the rules that hold for a candidate."""
    form = reading.form
    span = view.text[candidate.start : candidate.end]
    terms = [term.term for term in view.located if term.start >= candidate.start and term.end <= candidate.end and term.term]
    total = CLASH if clashes(form, candidate, span) else 0.0
    if form.kind in ("number", "date") and candidate.kind not in ("number", "date", "year", "cell"):
        total += LOOSE
    if terms and all(term in reading.matcher.matches and _is_said(reading, term) for term in terms):
        total += REPEATS_QUESTION
    elif form.kind in ("person", "organization") and names_asked(form, span):
        total += KNOWN_NAME
    if form.asks == "howmany" and form.language == "en" and form.head and _counts(form, view, candidate):
        total += COUNTED_NOUN
    return total + LABEL * _label_match(reading, view, candidate)


def _is_said(reading: Reading, term: str) -> bool:
    return any(strength == 1.0 for _, strength in reading.matcher.matches[term])


def _counts(form: QuestionForm, view: SentenceView, candidate: Candidate) -> bool:
    """Whether the counted noun stands in the span or right after it."""
    wanted = {term.term for term in locate_terms(form.head)}
    near = [term.term for term in view.located if candidate.start <= term.start <= candidate.end + 14]
    return any(character.isdigit() for character in view.text[candidate.start : candidate.end]) and bool(wanted & set(near))


def _label_match(reading: Reading, view: SentenceView, candidate: Candidate) -> float:
    """Share of the label's words that stand for question terms: of "price: 310 korla", or of the column in a table row."""
    label = _label_of(view, candidate)
    terms = [term.term for term in locate_terms(label) if term.term]
    return sum(term in reading.matcher.matches for term in terms) / len(terms) if terms else 0.0


def _label_of(view: SentenceView, candidate: Candidate) -> str:
    match = _LABEL.match(view.text)
    if match and candidate.start >= match.end() and "|" not in view.text:
        return match.group(1)
    if view.columns and "|" in view.text:
        column = view.text.count("|", 0, candidate.start)
        return view.columns[column] if column < len(view.columns) else ""
    return ""
