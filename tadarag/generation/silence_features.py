"""What speaks for the evidence holding an answer at all: the likeliest candidate, what the others say, and the best that any passage offers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.answer_candidates import FEATURES

Array = NDArray[np.float64]
_OF_BEST = tuple(name for name in FEATURES if "title" not in name)
"""Titles tell much in an encyclopaedia, where passages are named after what questions ask of, and mislead in files named otherwise."""
_OVER_ALL = (
    "margin_alone",
    "margin_led",
    "answered_alone",
    "answered_led",
    "relevant_alone",
    "relevant_led",
    "question_in_passage",
    "question_in_sentence",
    "question_in_way",
    "score",
    "lead_relevant",
)
_BEST_COLUMNS, _COLUMNS = (np.array([FEATURES.index(name) for name in names]) for names in (_OF_BEST, _OVER_ALL))
SILENCE_FEATURES = (
    "share",
    "second_share",
    "sum_of_shares",
    *_OF_BEST,
    *(f"most_{name}" for name in _OVER_ALL),
    *(f"mean_{name}" for name in _OVER_ALL),
)


def silence_features(shares: Array, features: Array) -> Array:
    """float64[len(SILENCE_FEATURES)], rounded to 1e-6.

    shares: float64[n], what F1 each candidate is expected to have, n >= 1; features: float64[n, len(FEATURES)], of candidates.
    """
    order = np.argsort(-shares, kind="stable")
    second = float(shares[order[1]]) if len(order) > 1 else 0.0
    over_all = features[:, _COLUMNS]
    row = np.concatenate(
        [[shares[order[0]], second, shares.sum()], features[order[0], _BEST_COLUMNS], over_all.max(axis=0), over_all.mean(axis=0)]
    )
    return np.round(row, 6)
