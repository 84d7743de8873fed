"""Yes or no, when one sentence decides it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tadarag.generation.readable_values import read_value
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading, SentenceView

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|n't|denied|denies|refused|rejected|forbidden|prohibited|excluded|"
    r"failed to|ruled out|must not|may not)\b|n't\b"
    r"|不|没有|沒有|未|非|禁止|拒绝|拒絕|否认|否認|无法|無法|不得|严禁",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MIN_COVER = 0.72  # share of the question's weighted terms that a deciding sentence (with its heading) must hold
MIN_REST = 0.7  # the same for the terms that are no names: a sentence about the right thing that says something else decides nothing
WORDS = {("en", True): "Yes", ("en", False): "No", ("zh", True): "是", ("zh", False): "否"}


@dataclass(frozen=True, slots=True)
class Decision:
    """The sentence that decides a yes/no question and which way."""

    view: SentenceView
    yes: bool


def decide(reading: Reading) -> Decision | None:
    """The decision of the best covering sentence, None when no sentence covers the question.

    A number of the question that the sentence replaces by another of the same unit makes it a no, as does one negation more than the question has.
    """
    cover, near = SENTENCE_FEATURES.index("cover_with_path"), SENTENCE_FEATURES.index("cover_of_rest")
    able = [
        view
        for view in reading.sentences
        if view.features[cover] >= MIN_COVER and view.features[near] >= MIN_REST and view.names_found >= 0.99
    ]
    if not able:
        return None
    best = max(able, key=lambda view: (view.features[cover] + 0.5 * view.features[near], -view.hit, -view.index))
    asked = set(_NUMBER.findall(reading.form.text))
    stated = set(_NUMBER.findall(best.text))
    if asked and not asked <= stated:
        return Decision(best, yes=False) if _other_value(reading.form.text, best.text) else None
    return Decision(best, yes=not _is_denied(reading.form.text, best.text))


def _is_denied(question: str, sentence: str) -> bool:
    """Whether one of both is negated and the other not, or both are, and the sentence an odd number of times more or less: "may not ... without
    consent" denies "may ... without consent"."""
    asked, stated = (len(_NEGATION.findall(text)) for text in (question, sentence))
    return bool(asked) != bool(stated) or (stated - asked) % 2 == 1


def _other_value(question: str, sentence: str) -> bool:
    asked = read_value(_NUMBER.sub(lambda match: match.group(), question[next(iter(_NUMBER.finditer(question))).start() :]))
    return asked is not None and any(
        value is not None and value.unit == asked.unit and value.amount != asked.amount
        for match in _NUMBER.finditer(sentence)
        if (value := read_value(sentence[match.start() :]))
    )
