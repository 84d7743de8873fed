"""Questions with a clause that names something without its name: the clause is answered first, then the question about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tadarag.analysis import capitalised_names, name_tokens
from tadarag.chinese import simplify
from tadarag.generation.question_form import read_question
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading, SentenceView, read_evidence
from tadarag.generation.span_model import AnswererWeights, LanguageWeights, ScoredSpan, rank_spans
from tadarag.values import Evidence, Route

_RELATIVE = re.compile(r"\b(?:(?:to|in|on|of|from|by|for|at|with)\s+(?:which|whom|whose)|that|which|who|whose|where)\b", re.IGNORECASE)
_CHINESE_NAME = re.compile(r"[“「『《]([^”」』》]{2,20})[”」』》]")
MIN_COVER = 0.45  # share of the clause's terms that the linking sentence must hold
LINK_WEIGHT = 4.0  # logits for a link whose sentence covers the whole clause


@dataclass(frozen=True, slots=True)
class BridgedSpan:
    """A span and the sentence that leads to it."""

    span: ScoredSpan
    link: SentenceView
    logit: float


def split_question(question: str, language: str) -> tuple[str, str] | None:
    """The question without its clause, and the clause: ("Who founded the workshop", "makes the BK-9 bearing kit"); None without one."""
    if language == "zh":
        match = re.match(r"^(.{4,40}?)的([^，,。？?]{2,30}[？?]?)$|^(.{4,40}?)的([^，,。？?]{1,12}，.{2,30})$", question.strip())
        if match is None:
            return None
        clause, main = (match.group(1), match.group(2)) if match.group(1) else (match.group(3), match.group(4))
        return main, clause
    found = [match for match in _RELATIVE.finditer(question) if match.start() > 8]
    if found:
        return question[: found[0].start()].strip() + "?", question[found[0].end() :].strip(" ?")
    return None


def bridge(
    question: str, route: Route, evidence: Evidence, weights: LanguageWeights, words: AnswererWeights, *, use_cosines: bool
) -> list[BridgedSpan]:
    """Spans that answer the main question about something that a linking sentence names, best first; empty without clause or link."""
    form = read_question(question, route)
    split = split_question(question, form.language)
    if split is None:
        return []
    main, clause = split
    about = read_evidence(read_question(clause, route), evidence, words.weight, use_cosines=use_cosines)
    links = _links(about, question)
    if not links:
        return []
    reading = read_evidence(read_question(main, route), evidence, words.weight, use_cosines=use_cosines)
    found = []
    for span in rank_spans(reading, weights, words, limit_sentences=24)[:400]:
        if simplify(span.text).lower() in simplify(question).lower():
            continue
        best = max((_strength(reading, span, link) for link in links), key=lambda pair: pair[0], default=None)
        if best is not None and best[0] > 0:
            found.append(BridgedSpan(span, best[1], span.logit + LINK_WEIGHT * best[0]))
    return sorted(found, key=lambda item: (-item.logit, item.span.view.hit, item.span.view.index, item.span.candidate.start))


@dataclass(frozen=True, slots=True)
class _Link:
    view: SentenceView
    names: tuple[str, ...]
    cover: float


def _links(about: Reading, question: str) -> list[_Link]:
    """Sentences that cover the clause, with the names in them that the question does not give."""
    column = SENTENCE_FEATURES.index("cover_with_heading")
    views = sorted(about.sentences, key=lambda view: (-view.features[column], view.hit, view.index))[:6]
    folded = simplify(question).lower()
    found = []
    for view in views:
        cover = float(view.features[column])
        if cover < MIN_COVER:
            continue
        names = [view.text[name.start : name.end] for name in capitalised_names(view.text)]
        names += [match.group(1) for match in _CHINESE_NAME.finditer(view.text)]
        names += [hit.passage.subject for hit in about.hits if len(hit.passage.subject) > 1 and hit.passage.subject in view.text]
        names.append(about.hits[view.hit].passage.subject)
        fresh = tuple(dict.fromkeys(name for name in names if len(name) > 1 and simplify(name).lower() not in folded))
        if fresh:
            found.append(_Link(view, fresh, cover))
    return found


def _strength(reading: Reading, span: ScoredSpan, link: _Link) -> tuple[float, SentenceView]:
    """How strongly a link leads to the span's sentence: its cover where the sentence or its heading holds a name of the link."""
    if (span.view.hit, span.view.index) == (link.view.hit, link.view.index):
        return 0.0, link.view
    passage = reading.hits[span.view.hit].passage
    place = f"{span.view.text} {' '.join(passage.heading_path)} {passage.subject}"
    present = {token.text for token in name_tokens(place)}
    folded = simplify(place).lower()
    for name in link.names:
        if simplify(name).lower() == simplify(span.text).lower():
            continue
        tokens = [token.text for token in name_tokens(name)]
        if simplify(name).lower() in folded or (tokens and all(token in present for token in tokens)):
            return link.cover, link.view
    return 0.0, link.view
