"""The answerer without a model: the shortest spans that answer, or "not found"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tadarag.chinese import simplify
from tadarag.generation.bridge import BridgedSpan, bridge, split_question
from tadarag.generation.comparison import Compared, both_state, compare
from tadarag.generation.compose import CitationList, answer_text, not_found, not_found_text, statement
from tadarag.generation.enumeration import members
from tadarag.generation.overview import choose_sentences, overview_support
from tadarag.generation.question_form import is_instruction, read_question
from tadarag.generation.readable_values import Value, read_value
from tadarag.generation.sections import section_draft
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading, read_evidence
from tadarag.generation.span_model import AnswererWeights, LanguageWeights, ScoredSpan, rank_spans, shipped_weights
from tadarag.generation.support import support
from tadarag.generation.yes_no import WORDS, decide
from tadarag.values import Draft, Evidence, Route

OVERVIEW_SUPPORT = 0.45
BRIDGE_MARGIN = 0.0  # logits by which a bridged span must beat the direct one
_OVERVIEW = re.compile(
    r"^what (?:happened|is known|do we know)\b|^what did .+ (?:do|show|change|find)\b.*\?$|\band (?:how|what|why)\b|概述|总结|主要内容|简述",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\b(?:correct(?:ed|ion)|restated?|amended|revised|instead|final|updated|now|not \d)|更正|修订|修改|最终|重述|调整|而非", re.IGNORECASE
)


class ExtractiveAnswerer:
    """Answers by quoting. A class because it holds the weights.

    use_cosines: False when the encoder is not the shipped one, whose cosines the weights know.
    """

    def __init__(self, weights: AnswererWeights | None = None, *, use_cosines: bool = True) -> None:
        self._weights = weights
        self._use_cosines = use_cosines

    def draft(self, question: str, route: Route, evidence: Evidence, *, on_text: Callable[[str], None] | None = None) -> Draft:
        """Draft an answer from the best spans; `found` is False when the evidence does not support one. Deterministic."""
        drafted = self._draft(question, route, evidence)
        if on_text is not None:
            language = read_question(question, route).language
            on_text(answer_text(drafted.statements, language) if drafted.found else not_found_text(language))
        return drafted

    def _draft(self, question: str, route: Route, evidence: Evidence) -> Draft:
        words = self._weights or shipped_weights()
        form = read_question(question, route)
        use_cosines = self._use_cosines and any(hit.sentence_cosines for hit in evidence.hits)
        reading = read_evidence(form, evidence, words.weight, use_cosines=use_cosines)
        if not reading.sentences or not form.terms:
            return not_found(0.0)
        if is_overview(question, route):
            return _overview(reading, use_cosines=use_cosines, is_comparison=route.task == "comparison")
        if (section := section_draft(question, evidence.hits)) is not None:
            return section
        weights = words.languages[form.language if use_cosines else f"{form.language}-lexical"]
        spans = rank_spans(reading, weights, words)
        confidence = support(reading, spans, weights)
        if route.task == "comparison" or form.asks == "yesno":
            compared = compare(reading, spans)
            if compared is not None and compared.winner is not None and (both_state(compared) or confidence >= weights.threshold / 2):
                return _comparison(reading, compared, confidence)
        if form.asks == "yesno":
            return _yes_no(reading, confidence)
        if route.task == "bridge" or split_question(question, form.language) is not None:
            bridged = bridge(question, route, evidence, weights, words, use_cosines=use_cosines)
            if bridged and confidence >= weights.threshold / 2 and bridged[0].logit >= BRIDGE_MARGIN + spans[0].logit:
                return _bridge(reading, bridged[0], confidence)
        if not spans or confidence < weights.threshold:
            return not_found(confidence)
        if form.wants_list:
            return _list(reading, spans, confidence)
        return _fact(reading, spans, weights, confidence)


def is_overview(question: str, route: Route) -> bool:
    """Whether a question wants several sentences about a thing, and not one fact."""
    return route.task == "overview" or is_instruction(question) or bool(_OVERVIEW.search(simplify(question)))


def _fact(reading: Reading, spans: Sequence[ScoredSpan], weights: LanguageWeights, confidence: float) -> Draft:
    rivals = [spans[0], *_contradicting(reading, spans)]
    if reading.form.wants_latest:
        rivals.sort(
            key=lambda span: (bool(_CORRECTED.search(span.view.text)), reading.hits[span.view.hit].passage.date, span.logit), reverse=True
        )
    citations = CitationList()
    statements = []
    for span in rivals:
        date = reading.hits[span.view.hit].passage.date
        text = f"{span.text} ({date})" if len(rivals) > 1 and date else span.text
        numbers = [
            citations.cite_sentence(reading, span.view),
            *citations.cite_path(reading.form.text, reading.hits, reading.hits[span.view.hit]),
        ]
        statements.append(statement(text, numbers))
    return Draft(found=True, short=rivals[0].text, statements=tuple(statements), citations=citations.citations, confidence=confidence)


def _bridge(reading: Reading, found: BridgedSpan, confidence: float) -> Draft:
    citations = CitationList()
    numbers = [citations.cite_sentence(reading, found.span.view), citations.cite_sentence(reading, found.link)]
    return Draft(
        found=True,
        short=found.span.text,
        statements=(statement(found.span.text, numbers),),
        citations=citations.citations,
        confidence=confidence,
    )


def _contradicting(reading: Reading, spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The best span of another source that gives another value of the same kind and unit in an equally fitting "
    "sentence, if there is one."""
    best = spans[0]
    value = _value(best)
    if value is None:
        return []
    cover = SENTENCE_FEATURES.index("cover_with_heading")
    source = reading.hits[best.view.hit].passage.source
    for span in spans[1:80]:
        other = _value(span)
        if (
            reading.hits[span.view.hit].passage.source != source
            and span.candidate.kind == best.candidate.kind
            and other is not None
            and (other.kind, other.unit) == (value.kind, value.unit)
            and other.amount != value.amount
            and best.logit - span.logit < (3.0 if reading.form.wants_latest else 1.5)
            and span.view.features[cover] >= best.view.features[cover] - 0.1
        ):
            return [span]
    return []


def _value(span: ScoredSpan) -> Value | None:
    """The value of a span; the words after it give the unit that it may leave out."""
    return read_value(span.text) and read_value(span.view.text[span.candidate.start : span.candidate.end + 16])


def _list(reading: Reading, spans: Sequence[ScoredSpan], confidence: float) -> Draft:
    citations = CitationList()
    found = members(reading, spans)
    joint = "、" if reading.form.language == "zh" else ", "
    statements = []
    for view in dict.fromkeys((member.view.hit, member.view.index) for member in found):
        mine = [member for member in found if (member.view.hit, member.view.index) == view]
        numbers = [
            citations.cite_sentence(reading, mine[0].view),
            *citations.cite_path(reading.form.text, reading.hits, reading.hits[mine[0].view.hit]),
        ]
        statements.append(statement(joint.join(member.text for member in mine), numbers))
    short = joint.join(member.text for member in found)
    return Draft(found=True, short=short, statements=tuple(statements), citations=citations.citations, confidence=confidence)


def _comparison(reading: Reading, compared: Compared, confidence: float) -> Draft:
    assert compared.winner is not None
    citations = CitationList()
    colon = "：" if reading.form.language == "zh" else ": "
    numbers = [citations.cite_sentence(reading, span.view) for span in compared.spans]
    sides = [
        statement(f"{name}{colon}{span.text}", [number]) for name, span, number in zip(compared.names, compared.spans, numbers, strict=True)
    ]
    winner = compared.names[compared.winner]
    return Draft(
        found=True, short=winner, statements=(statement(winner, numbers), *sides), citations=citations.citations, confidence=confidence
    )


def _yes_no(reading: Reading, confidence: float) -> Draft:
    decision = decide(reading)
    if decision is None:
        return not_found(min(confidence, 0.5))
    citations = CitationList()
    word = WORDS[reading.form.language, decision.yes]
    numbers = [
        citations.cite_sentence(reading, decision.view),
        *citations.cite_path(reading.form.text, reading.hits, reading.hits[decision.view.hit]),
    ]
    return Draft(
        found=True, short=word, statements=(statement(word, numbers),), citations=citations.citations, confidence=max(confidence, 0.5)
    )


def _overview(reading: Reading, *, use_cosines: bool, is_comparison: bool) -> Draft:
    confidence = overview_support(reading, is_comparison=is_comparison)
    chosen = choose_sentences(reading, use_cosines=use_cosines) if confidence >= OVERVIEW_SUPPORT else []
    if not chosen:
        return not_found(confidence)
    citations = CitationList()
    statements = tuple(statement(" ".join(view.text.split()), [citations.cite_sentence(reading, view)]) for view in chosen)
    return Draft(found=True, short="", statements=statements, citations=citations.citations, confidence=confidence)
