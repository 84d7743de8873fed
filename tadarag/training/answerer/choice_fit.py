"""Fits the choice between answers, trees on what speaks for each (LightGBM), and finds the confidence below which nothing is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.generation.answer_candidates import FEATURES, FORMS
from tadarag.generation.answer_choice import MANIFEST, SILENCE, TREES, answered_probability, expected_shares
from tadarag.generation.silence_features import SILENCE_FEATURES, silence_features
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
    "question_in_passage question_in_sentence question_in_way neighbour_in_question is_of_asked is_quoted quoted_overlap score n_same".split()
)
FALLING = frozenset({"clashes"})
"""Features that may only speak for a candidate, and those that may only speak against it: so trees say less about corpora unlike those they saw."""


RISING_OF_SILENCE = frozenset({"share", "second_share", "sum_of_shares"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRecipe:
    """How the trees are made: the number of those that choose and LightGBM's settings, the same of those that say whether to speak, the folds in
    which confidence is measured, and the share of answerable questions that may wrongly be refused, as a mean over sets."""

    n_trees: int
    settings: Mapping[str, Any]
    silence_trees: int
    silence_settings: Mapping[str, Any]
    n_folds: int
    wrong_refusals: float
    seed: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The trees that say what F1 to expect of a candidate, and those that say whether the question is answered at all."""

    trees: Trees
    silence: Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is chosen for a question: its confidence, and the F1 that it is worth."""

    confidence: float
    share: float
    answerable: bool


Sets = Mapping[str, Sequence[WeighedQuestion]]
_Shared = tuple[WeighedQuestion, NDArray[np.float64]]
"""A question, and what is expected of each of its candidates."""


def fit_choice(sets: Sets, recipe: ChoiceRecipe) -> tuple[Choice, dict[str, list[Chosen]]]:
    """The choice, and by set what is chosen for each question by trees that have not seen it; both forms of a question are in one fold.

    The trees that say whether to speak learn from shares that trees expect of questions that they have not seen, as they will in use.
    """
    every = [(name, one) for name, part in sets.items() for one in part]
    folds = np.array([int(sha256(one.id.encode()).hexdigest()[:8], 16) % recipe.n_folds for _, one in every])
    shared: list[_Shared] = [(one, np.zeros(0)) for _, one in every]
    for left_out in range(recipe.n_folds):
        trees = fit_shares([one for (_, one), fold in zip(every, folds, strict=True) if fold != left_out], recipe)
        for index in np.flatnonzero(folds == left_out).tolist():
            one = every[index][1]
            shared[index] = one, expected_shares(trees, one.features)
    in_folds: dict[str, list[Chosen]] = {name: [] for name in sets}
    for left_out in range(recipe.n_folds):
        silence = fit_silence([one for one, fold in zip(shared, folds, strict=True) if fold != left_out], recipe)
        for index in np.flatnonzero(folds == left_out).tolist():
            in_folds[every[index][0]].append(_chosen(silence, *shared[index]))
    return Choice(fit_shares([one for _, one in every], recipe), fit_silence(shared, recipe)), in_folds


def fit_shares(questions: Sequence[WeighedQuestion], recipe: ChoiceRecipe) -> Trees:
    """Trees whose logistic is the token F1 to expect of a candidate. A question counts once however many candidates it has.

    What rules have settled is hidden from them: sides and yes and no look like any others, so that trees learn to choose between those that
    no rule settles, and spans that the rules alone have found are left out.
    """
    rows = np.concatenate([one.features for one in questions])
    shares = np.concatenate([one.shares for one in questions])
    weights = np.concatenate([np.full(len(one.shares), 4.0 / (3.0 + len(one.shares))) for one in questions])
    settled, form = FEATURES.index("is_decided"), FEATURES.index("form")
    shown = (rows[:, settled] <= 0) | (rows[:, form] != FORMS.index("span"))
    rows, shares, weights = rows[shown], shares[shown], weights[shown]
    rows[:, settled] = 0.0
    directions = [int(name in RISING) - int(name in FALLING) for name in FEATURES]
    return _fit(rows, shares, weights, directions, recipe.n_trees, {**recipe.settings, "seed": recipe.seed})


def fit_silence(shared: Sequence[_Shared], recipe: ChoiceRecipe) -> Trees:
    """Trees whose logistic is the chance that the evidence answers a question; where the documents do but the evidence does not, nothing is learned."""
    known = [(one, shares) for one, shares in shared if one.found == one.answerable]
    rows = np.stack([silence_features(shares, one.features) for one, shares in known])
    answered = np.array([float(one.found) for one, _ in known])
    directions = [int(name in RISING_OF_SILENCE) for name in SILENCE_FEATURES]
    return _fit(rows, answered, np.ones(len(known)), directions, recipe.silence_trees, {**recipe.silence_settings, "seed": recipe.seed})


def _fit(
    rows: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    directions: Sequence[int],
    n_trees: int,
    settings: Mapping[str, Any],
) -> Trees:
    import lightgbm

    dataset = lightgbm.Dataset(rows, targets, weight=weights)
    booster = lightgbm.train({**FIXED, **DETERMINISTIC, **settings, "monotone_constraints": list(directions)}, dataset, n_trees)
    return from_dump(booster.dump_model()["tree_info"])


def choose(choice: Choice, questions: Sequence[WeighedQuestion]) -> list[Chosen]:
    """The likeliest candidate of each question."""
    return [_chosen(choice.silence, one, expected_shares(choice.trees, one.features)) for one in questions]


def _chosen(silence: Trees, one: WeighedQuestion, shares: NDArray[np.float64]) -> Chosen:
    confidence = answered_probability(silence, shares, one.features)
    return Chosen(confidence=confidence, share=float(one.shares[int(shares.argmax())]), answerable=one.answerable)


def pooled(sets: Mapping[str, Sequence[Chosen]]) -> list[Chosen]:
    """All of them."""
    return [one for part in sets.values() for one in part]


def threshold_for(parts: Sequence[Sequence[Chosen]], wrong_refusals: float) -> float:
    """The highest confidence to ask for, to three places, at which no more than that share of answerable questions is refused: the mean of sets."""
    of_sets = [np.array([one.confidence for one in part if one.answerable]) for part in parts]
    of_sets = [confidences for confidences in of_sets if len(confidences)]
    allowed = [
        threshold
        for threshold in (np.arange(1001) / 1000).tolist()
        if of_sets and float(np.mean([(confidences < threshold).mean() for confidences in of_sets])) <= wrong_refusals
    ]
    return max(allowed, default=0.0)


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


def write_choice(folder: Path, choice: Choice, *, threshold: float, answerer: str, training: Mapping[str, Any]) -> None:
    """Write both trees and answer_choice.json so that equal ones give equal bytes. answerer: the fingerprint of the network that was read."""
    said = {
        "name": "choice between the answers that could be given to a question",
        "answerer": answerer,
        "features": list(FEATURES),
        "silence_features": list(SILENCE_FEATURES),
        "threshold": threshold,
    }
    write_trees(folder, {TREES: choice.trees, SILENCE: choice.silence}, said, manifest=MANIFEST, training=training)


def _percent(values: Sequence[float] | NDArray[np.float64]) -> float:
    return round(100 * float(np.mean(values)), 2) if len(values) else 0.0
