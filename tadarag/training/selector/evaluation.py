"""Says what the selector is worth: trained, trained without the set that it is measured on, and against formula S."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tadarag.models.trees import Trees
from tadarag.training.selector.feature_file import Asked
from tadarag.training.selector.judging import Run, described, difference, in_reach, record_of
from tadarag.training.selector.learning import AskedSets, Recipe, cross_fitted, learn_without
from tadarag.training.selector.question_sets import QuestionSet

FORMULA, TRAINED, ZERO_SHOT = "formula", "trained", "zero-shot"
LOSS_THAT_IS_BORNE = -0.5
"""How far in points of recall the zero-shot variant may be below formula S on a set that trees are shipped as the default for."""


def evaluate(
    sets: AskedSets, questions: Sequence[QuestionSet], trees: Trees, recipe: Recipe, report: Callable[[str], None]
) -> dict[str, Any]:
    """The report on all test questions: every set alone, all together, and whether the zero-shot variant may be the default.

    Zero-shot: for a set of which some questions were trained on, trees that saw none of its family; for all others the trees themselves. It is
    judged on both halves of a halved set, for it saw neither.
    """
    trained_on = {one.family for one in questions if one.use != "test"}
    runs: dict[str, dict[str, Run]] = {}
    unseen: dict[str, dict[str, Run]] = {}
    found: dict[str, Any] = {}
    without: dict[str, Trees] = {}
    for one in (one for one in questions if one.use != "train"):
        report(f"judging {one.name}")
        if one.family in trained_on and one.family not in without:
            without[one.family] = learn_without({one.family}, sets, questions, recipe)
        others = without.get(one.family, trees)
        runs[one.name] = _runs([asked for asked in sets[one.name] if not asked.is_train], recipe, {TRAINED: trees, ZERO_SHOT: others})
        unseen[one.name] = _runs(sets[one.name], recipe, {ZERO_SHOT: others})
        found[one.name] = {
            **described(runs[one.name], against=FORMULA),
            "both_halves": described(unseen[one.name], against=FORMULA),
            "gold_in_candidates": in_reach(sets[one.name]),
        }
    pooled = {"all": described(_pooled(runs), against=FORMULA), "all_both_halves": described(_pooled(unseen), against=FORMULA)}
    return {"sets": found, **pooled, "default": _verdict(unseen)}


def _runs(questions: Sequence[Asked], recipe: Recipe, models: Mapping[str, Trees]) -> dict[str, Run]:
    by_model = {name: [record_of(asked, recipe.scores(trees, asked)) for asked in questions] for name, trees in models.items()}
    return {FORMULA: [record_of(asked, asked.formula) for asked in questions], **by_model}


def evaluate_cross_fitted(sets: AskedSets, questions: Sequence[QuestionSet], recipe: Recipe) -> dict[str, Any]:
    """Both halves of each halved set together, each question judged by trees that did not see it (4 folds)."""
    chosen = [(one.name, asked) for one in questions if one.use == "halves" for asked in sets[one.name]]
    as_train = {one.name: [replace(asked, is_train=True) for asked in sets[one.name]] for one in questions if one.use != "test"}
    scores = cross_fitted(as_train, recipe, chosen)
    return {
        name: described(
            {
                FORMULA: [record_of(asked, asked.formula) for asked in sets[name]],
                TRAINED: [record_of(asked, scores[name, asked.id]) for asked in sets[name]],
            },
            against=FORMULA,
        )
        for name in sorted({name for name, _ in chosen})
    }


def _pooled(runs: Mapping[str, Mapping[str, Run]]) -> dict[str, Run]:
    """The records of all sets together, by system."""
    systems = next(iter(runs.values()))
    return {system: [record for of_set in runs.values() for record in of_set[system]] for system in systems}


def _verdict(unseen: Mapping[str, Mapping[str, Run]]) -> dict[str, Any]:
    """Whether the zero-shot variant is above formula S over all sets, interval and all, and on no set below by more than half a point."""
    pooled = _pooled(unseen)
    together = difference(pooled[ZERO_SHOT], pooled[FORMULA])
    by_set = {name: round(100 * difference(run[ZERO_SHOT], run[FORMULA]).mean, 2) for name, run in unseen.items()}
    is_above = together.low > 0 and min(by_set.values()) >= LOSS_THAT_IS_BORNE
    return {"zero_shot_above_formula_by_set": by_set, "pooled_low": round(100 * together.low, 2), "trees_may_be_default": is_above}
