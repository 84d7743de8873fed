"""Scores every candidate span of the evidence with the shipped weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.candidate_spans import Candidate, candidate_spans
from tadarag.generation.sentence_features import Reading, SentenceView
from tadarag.generation.span_features import SpanFeatures, span_features, span_rarity
from tadarag.generation.span_rules import rule_logit

MAX_SENTENCES = 10
MAX_CANDIDATES = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWeights:
    """Linear weights of one language: of sentences, of spans (dense, then by category), of support, and the refusal threshold."""

    sentence: NDArray[np.float64]
    span: NDArray[np.float64]
    categories: Mapping[str, float]
    support: NDArray[np.float64]
    support_bias: float
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswererWeights:
    """What the recipe made: weights for each language with cosines and ("-lexical") without, and frozen term weights."""

    languages: Mapping[str, LanguageWeights]
    terms: Mapping[str, float]
    unknown: float

    def weight(self, term: str) -> float:
        """Frozen weight of a term: inverse document frequency in the training passages, `unknown` for rare terms."""
        return self.terms.get(term, self.unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSpan:
    """A candidate with its sentence, its logit and its share of the question's probability."""

    view: SentenceView
    candidate: Candidate
    text: str
    logit: float
    probability: float
    features: SpanFeatures


@cache
def shipped_weights() -> AnswererWeights:
    """The weights in `weights.json`; its header says on what they were fitted."""
    return parse_weights(json.loads(files("tadarag.generation").joinpath("weights.json").read_text("utf-8")))


def parse_weights(content: Mapping[str, Any]) -> AnswererWeights:
    """Read the JSON form that `tadarag.training.answerer_weights` writes."""
    languages = {
        name: LanguageWeights(
            sentence=np.array(part["sentence"]),
            span=np.array(part["span"]),
            categories=part["categories"],
            support=np.array(part["support"]),
            support_bias=part["support_bias"],
            threshold=part["threshold"],
        )
        for name, part in content["languages"].items()
    }
    weights = {term: value / 100 for value, row in ((int(key), row) for key, row in content["terms"].items()) for term in row.split()}
    return AnswererWeights(languages=languages, terms=weights, unknown=content["unknown"])


def best_sentences(reading: Reading, weights: NDArray[np.float64], *, limit: int = MAX_SENTENCES) -> list[tuple[float, SentenceView]]:
    """The sentences most likely to hold the answer, best first, ties by hit and place."""
    scored = [(float(view.features @ weights), view) for view in reading.sentences if view.text.strip()]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].hit, pair[1].index))[:limit]


def rank_spans(
    reading: Reading, weights: LanguageWeights, word_weights: AnswererWeights, *, limit_sentences: int = MAX_SENTENCES
) -> list[ScoredSpan]:
    """All candidates of the best sentences, best first; probabilities sum to 1 over them. Empty when there is no sentence."""
    rows = featured_spans(reading, [view for _, view in best_sentences(reading, weights.sentence, limit=limit_sentences)], word_weights)
    if not rows:
        return []
    logits = np.array([_logit(reading, weights, *row) for row in rows])
    odds = np.exp(logits - logits.max())
    shares = odds / odds.sum()
    order = sorted(range(len(rows)), key=lambda i: (-logits[i], rows[i][0].hit, rows[i][0].index, rows[i][1].start, rows[i][1].end))
    return [
        ScoredSpan(
            view=rows[i][0],
            candidate=rows[i][1],
            text=rows[i][0].text[rows[i][1].start : rows[i][1].end],
            logit=float(logits[i]),
            probability=float(shares[i]),
            features=rows[i][2],
        )
        for i in order
    ]


def _logit(reading: Reading, weights: LanguageWeights, view: SentenceView, candidate: Candidate, features: SpanFeatures) -> float:
    fitted = float(np.concatenate([features.dense, view.features]) @ weights.span)
    return fitted + sum(weights.categories.get(name, 0.0) for name in features.categories) + rule_logit(reading, view, candidate)


def featured_spans(
    reading: Reading, views: Sequence[SentenceView], word_weights: AnswererWeights
) -> list[tuple[SentenceView, Candidate, SpanFeatures]]:
    """Candidates of the given sentences with their features, at most MAX_CANDIDATES, in the order of the sentences."""
    found: list[tuple[SentenceView, Candidate, SpanFeatures]] = []
    lowered = [view.text.lower() for view in reading.sentences]
    repeated: dict[str, int] = {}
    for view in views:
        for candidate in candidate_spans(view.text, question=reading.form.text):
            if len(found) >= MAX_CANDIDATES:
                return found
            span = view.text[candidate.start : candidate.end].lower()
            if span not in repeated:
                repeated[span] = sum(span in text for text in lowered) - 1
            found.append((view, candidate, span_features(reading, view, candidate, span_rarity(span, word_weights.weight), repeated[span])))
    return found
