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
    places: dict[tuple[int, int], _Place] = {}
    for span in rank_spans(reading, weights, words, limit_sentences=12)[:400]:
        if simplify(span.text).lower() in simplify(question).lower():
            continue
        key = (span.view.hit, span.view.index)
        if key not in places:
            places[key] = _place(reading, span.view)
        strength, link = max(((_strength(places[key], span, link), link) for link in links), key=lambda pair: pair[0])
        if strength > 0:
            found.append(BridgedSpan(span, link.view, span.logit + LINK_WEIGHT * strength))
    return sorted(found, key=lambda item: (-item.logit, item.span.view.hit, item.span.view.index, item.span.candidate.start))


@dataclass(frozen=True, slots=True)
class _Link:
    """A sentence that covers the clause, with the names in it: folded, and as tokens."""

    view: SentenceView
    names: tuple[tuple[str, frozenset[str]], ...]
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
            pairs = tuple((simplify(name).lower(), frozenset(token.text for token in name_tokens(name))) for name in fresh)
            found.append(_Link(view, pairs, cover))
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence with its headings, folded, and the name tokens in it."""

    folded: str
    tokens: frozenset[str]


def _place(reading: Reading, view: SentenceView) -> _Place:
    passage = reading.hits[view.hit].passage
    text = f"{view.text} {' '.join(passage.heading_path)} {passage.subject}"
    return _Place(simplify(text).lower(), frozenset(token.text for token in name_tokens(text)))


def _strength(place: _Place, span: ScoredSpan, link: _Link) -> float:
    """How strongly a link leads to the span's sentence: its cover where the sentence or its heading holds a name of the link."""
    if (span.view.hit, span.view.index) == (link.view.hit, link.view.index):
        return 0.0
    answer = simplify(span.text).lower()
    for name, tokens in link.names:
        if name != answer and (name in place.folded or (tokens and tokens <= place.tokens)):
            return link.cover
    return 0.0
