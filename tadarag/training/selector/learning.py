"""Learns an order of candidates from sets of asked questions: with all of them, with one family left out, or in folds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import TrainingError
from tadarag.models.trees import Trees
from tadarag.retrieval.features import FEATURES
from tadarag.retrieval.learned_selector import blend
from tadarag.training.selector.boosting import Groups, fit_trees, joined
from tadarag.training.selector.calibration import fit_logistic
from tadarag.training.selector.feature_file import Asked
from tadarag.training.selector.question_sets import QuestionSet

N_FOLDS = 4
AskedSets = Mapping[str, Sequence[Asked]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How trees are fitted. settings: LightGBM's. n_trees: of each of n_models, whose scores are averaged.

    formula_weight: of S beside the trees. set_weights: of the questions of a set, 1 where none is given. free_features: those that may speak for
    a passage or against it; a higher value of any other must not lower its score. None: all are free.
    """

    settings: Mapping[str, Any]
    n_trees: int
    n_models: int
    formula_weight: float
    set_weights: Mapping[str, float]
    seed: int
    free_features: Sequence[str] | None = None

    def lightgbm_settings(self) -> dict[str, Any]:
        """What LightGBM is told: `settings`, and which features only rise."""
        if self.free_features is None:
            return dict(self.settings)
        return {**self.settings, "monotone_constraints": [int(name not in self.free_features) for name in FEATURES]}

    def scores(self, trees: Trees, asked: Asked) -> NDArray[np.float64]:
        """Blended scores of a question's candidates, as the product's selector has them."""
        return blend(trees.scores(asked.features), asked.formula, formula_weight=self.formula_weight)


def learn(sets: AskedSets, recipe: Recipe, *, keep: Callable[[str, Asked], bool] = lambda name, asked: True) -> Trees:
    """Trees from the train questions of some sets that no shortcut answers. keep: of these, the ones to learn from. Raises TrainingError when none is left."""
    chosen = [
        (asked, recipe.set_weights.get(name, 1.0))
        for name, questions in sorted(sets.items())
        for asked in questions
        if asked.teaches and keep(name, asked)
    ]
    if not chosen:
        raise TrainingError("no question is left to learn from", "give the recipe a set whose use is `train` or `halves`")
    groups = Groups(
        rows=np.concatenate([asked.features for asked, _ in chosen]),
        answers=np.concatenate([asked.answers for asked, _ in chosen]),
        sizes=[len(asked.ids) for asked, _ in chosen],
        weights=np.concatenate([np.full(len(asked.ids), weight) for asked, weight in chosen]),
    )
    settings = recipe.lightgbm_settings()
    return joined([fit_trees(groups, settings, n_trees=recipe.n_trees, seed=recipe.seed + number) for number in range(recipe.n_models)])


def learn_without(families: Collection[str], sets: AskedSets, described: Sequence[QuestionSet], recipe: Recipe) -> Trees:
    """Trees that saw no question of some families."""
    family = {one.name: one.family for one in described}
    return learn({name: questions for name, questions in sets.items() if family[name] not in families}, recipe)


def cross_fitted(sets: AskedSets, recipe: Recipe, questions: Sequence[tuple[str, Asked]]) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Blended scores of questions by trees that did not see them: 4 folds by the md5 of set and id. Keys are (set, question id).

    Questions of all folds may be asked, of train or test; a fold's trees learn from the train questions of the others.
    """
    scores: dict[tuple[str, str], NDArray[np.float64]] = {}
    for fold in range(N_FOLDS):
        trees = learn(sets, recipe, keep=lambda name, asked, fold=fold: fold_of(name, asked.id) != fold)  # type: ignore[misc]
        scores |= {(name, asked.id): recipe.scores(trees, asked) for name, asked in questions if fold_of(name, asked.id) == fold}
    return scores


def fold_of(name: str, question_id: str) -> int:
    """The fold of a question of a set."""
    return int(md5(f"{name}\0{question_id}".encode()).hexdigest(), 16) % N_FOLDS


def calibrate(sets: AskedSets, recipe: Recipe) -> tuple[float, float]:
    """Slope and offset of the probability that a candidate answers, from cross-fitted scores of the train questions."""
    questions = [(name, asked) for name, part in sorted(sets.items()) for asked in part if asked.teaches]
    scores = cross_fitted(sets, recipe, questions)
    values = np.concatenate([scores[name, asked.id] for name, asked in questions])
    return fit_logistic(values, np.concatenate([asked.answers for _, asked in questions]))
