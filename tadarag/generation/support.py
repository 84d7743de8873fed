"""Whether the evidence supports an answer at all: the probability that decides between a span and "not found"."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading
from tadarag.generation.span_features import SPAN_FEATURES
from tadarag.generation.span_model import LanguageWeights, ScoredSpan

# What is taken from the best span, and what from the best value over all sentences of the evidence.
_FROM_SPAN = ("in_question", "near", "near_attribute", "clause_cover", "repeated")
_FROM_SENTENCE = (
    "cover",
    "cover_with_heading",
    "cover_with_neighbours",
    "cover_passage",
    "cover_with_path",
    "cover_of_rest",
    "attribute",
    "attribute_near",
    "names",
    "names_in_sentence",
    "characters",
    "cosine",
    "cosine_below_best",
    "hit_rank",
    "missing_weight",
    "length",
)
_BEST_OF_ALL = ("cover", "cover_with_neighbours", "cover_with_path", "attribute", "cosine", "names")
SUPPORT_FEATURES = (
    *(f"span_{name}" for name in _FROM_SPAN),
    *(f"sentence_{name}" for name in _FROM_SENTENCE),
    *(f"best_{name}" for name in _BEST_OF_ALL),
    "logit",
    "log_probability",
    "agreement",
    "never_matched",
    "share_never_matched",
    "full_cover",
    "cosine_squared",
    "cosine_gap",
    "is_number",
    "is_person",
    "is_date",
    "is_place",
)

# What each feature may say: 1 for an answer, -1 against one, 0 either.
_AGAINST = frozenset(("span_in_question", "sentence_missing_weight", "never_matched", "share_never_matched"))
_EITHER = frozenset(
    ("sentence_length", "is_number", "is_person", "is_date", "is_place", "span_repeated", "cosine_gap", "sentence_hit_rank")
)
SUPPORT_SIGNS = tuple(-1.0 if name in _AGAINST else 0.0 if name in _EITHER else 1.0 for name in SUPPORT_FEATURES)


def support_features(reading: Reading, spans: Sequence[ScoredSpan]) -> NDArray[np.float64]:
    """float64[len(SUPPORT_FEATURES)] for the best of `spans` (which must not be empty)."""
    best = spans[0]
    dense, sentence = best.features.dense, best.view.features
    table = np.array([view.features for view in reading.sentences])
    present = {term.term for view in reading.sentences for term in view.located}
    weights = reading.matcher.weights
    reached = {index for term in present for index, _ in reading.matcher.matches.get(term, ())}
    never = [weights[index] for index in range(len(weights)) if index not in reached]
    agreeing = sum(span.probability for span in spans[:20] if span.text in best.text or best.text in span.text)
    cosines = np.sort(table[:, SENTENCE_FEATURES.index("cosine")])[::-1]
    cosine = sentence[SENTENCE_FEATURES.index("cosine")]
    cover = sentence[SENTENCE_FEATURES.index("cover_with_path")]
    return np.array(
        [
            *(dense[SPAN_FEATURES.index(name)] for name in _FROM_SPAN),
            *(sentence[SENTENCE_FEATURES.index(name)] for name in _FROM_SENTENCE),
            *(table[:, SENTENCE_FEATURES.index(name)].max() for name in _BEST_OF_ALL),
            best.logit / 10,
            log(max(best.probability, 1e-6)),
            agreeing,
            max(never, default=0.0) / 8,
            sum(never) / (sum(weights) or 1.0),
            float(cover > 0.95),
            cosine * abs(cosine),
            float(cosines[0] - cosines[min(len(cosines) - 1, 5)]),
            *(float(reading.form.kind == kind) for kind in ("number", "person", "date", "place")),
        ]
    )


# Logits taken off when every term of the question is one that no passage holds. SQuAD's passages hold nearly all terms of their questions
# even after the answer is taken away, so the fit cannot learn what a small base shows at once: nothing in it speaks of the attribute.
# Chinese terms are bigrams, of which many are never matched in any case.
UNSAID = {"en": 4.0, "zh": 0.0}


def support(reading: Reading, spans: Sequence[ScoredSpan], weights: LanguageWeights) -> float:
    """Probability in [0, 1] that the evidence answers the question; 0 without candidates."""
    if not spans:
        return 0.0
    features = support_features(reading, spans)
    logit = float(features @ weights.support) + weights.support_bias
    logit -= UNSAID[reading.form.language] * float(features[SUPPORT_FEATURES.index("share_never_matched")])
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))
