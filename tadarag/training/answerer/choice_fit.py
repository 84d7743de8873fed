"""Fits the choice between answers, trees on what speaks for each (LightGBM), and finds the confidence below which nothing is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.answer_candidates import FEATURES
from tadarag.generation.answer_choice import MANIFEST, TREES, expected_shares
from tadarag.models.trees import Trees
from tadarag.training.answerer.choice_data import WeighedQuestion
from tadarag.training.selector.boosting import DETERMINISTIC, from_dump
from tadarag.training.trees_file import write_trees

FIXED = {
    "objective": "cross_entropy",
    "boost_from_average": False,
    "bagging_freq": 1,
    "verbose": -1,
    "num_threads": 1,
    "use_missing": False,
}
RISING = frozenset(
    "margin_alone margin_led margin_together answered_alone answered_led answered_together kind_together margin_below_best answered_below_best "
    "question_in_passage question_in_sentence question_in_way neighbour_in_question is_quoted quoted_overlap score n_same".split()
)
FALLING = frozenset({"clashes"})
"""Features that may only speak for a candidate, and those that may only speak against it: so trees say less about corpora unlike those they saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRecipe:
    """How the trees are made: their number, LightGBM's settings, the folds in which confidence is measured, and the share of answerable
    questions that may wrongly be refused."""

    n_trees: int
    settings: Mapping[str, Any]
    n_folds: int
    wrong_refusals: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is chosen for a question: its confidence, and the F1 that it is worth."""

    confidence: float
    share: float
    answerable: bool


def fit_choice(questions: Sequence[WeighedQuestion], recipe: ChoiceRecipe) -> Trees:
    """Trees whose logistic is the token F1 to expect of a candidate. A question counts once however many candidates it has."""
    import lightgbm

    rows = np.concatenate([one.features for one in questions])
    shares = np.concatenate([one.shares for one in questions])
    weights = np.concatenate([np.full(len(one.shares), 4.0 / (3.0 + len(one.shares))) for one in questions])
    dataset = lightgbm.Dataset(rows, shares, weight=weights)
    directions = [int(name in RISING) - int(name in FALLING) for name in FEATURES]
    settings = {**FIXED, **DETERMINISTIC, **recipe.settings, "monotone_constraints": directions, "seed": recipe.seed}
    booster = lightgbm.train(settings, dataset, recipe.n_trees)
    return from_dump(booster.dump_model()["tree_info"])


def choose(trees: Trees, questions: Sequence[WeighedQuestion]) -> list[Chosen]:
    """The likeliest candidate of each question."""
    chosen = []
    for one in questions:
        shares = expected_shares(trees, one.features)
        best = int(shares.argmax())
        chosen.append(Chosen(confidence=float(shares[best]), share=float(one.shares[best]), answerable=one.answerable))
    return chosen


def chosen_in_folds(questions: Sequence[WeighedQuestion], recipe: ChoiceRecipe) -> list[Chosen]:
    """What trees choose for questions that they have not seen; both forms of a question are in one fold."""
    fold = [int(sha256(one.id.encode()).hexdigest()[:8], 16) % recipe.n_folds for one in questions]
    found: list[Chosen] = []
    for left_out in range(recipe.n_folds):
        trees = fit_choice([one for one, own in zip(questions, fold, strict=True) if own != left_out], recipe)
        found += choose(trees, [one for one, own in zip(questions, fold, strict=True) if own == left_out])
    return found


def threshold_for(chosen: Sequence[Chosen], wrong_refusals: float) -> float:
    """The highest confidence to ask for, to three places, at which no more than that share of answerable questions is refused."""
    confidences = np.sort([one.confidence for one in chosen if one.answerable])
    allowed = int(wrong_refusals * len(confidences))
    return int(1000 * confidences[allowed]) / 1000 if len(confidences) else 0.0


def figures_of_choice(chosen: Sequence[Chosen], threshold: float) -> dict[str, float]:
    """In percent: the F1 of answerable questions with a refusal counted 0 and without any, and the shares of right and wrong refusals."""
    answerable = [one for one in chosen if one.answerable]
    others = [one for one in chosen if not one.answerable]
    refused = [one.confidence < threshold for one in answerable]
    found = {
        "f1": _percent([0.0 if gone else one.share for one, gone in zip(answerable, refused, strict=True)]),
        "f1_without_refusals": _percent([one.share for one in answerable]),
        "wrong_refusals": _percent(refused),
    }
    return found | ({"right_refusals": _percent([one.confidence < threshold for one in others])} if others else {})


def write_choice(folder: Path, trees: Trees, *, threshold: float, answerer: str, training: Mapping[str, Any]) -> None:
    """Write trees.npz and answer_choice.json so that equal ones give equal bytes. answerer: the fingerprint of the network that was read."""
    said = {
        "name": "choice between the answers that could be given to a question",
        "answerer": answerer,
        "features": list(FEATURES),
        "threshold": threshold,
    }
    write_trees(folder, trees, said, file=TREES, manifest=MANIFEST, training=training)


def _percent(values: Sequence[float] | NDArray[np.float64]) -> float:
    return round(100 * float(np.mean(values)), 2) if len(values) else 0.0
