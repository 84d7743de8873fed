"""The stages of the recipe `selector`: features of questions over indexed corpora, trees, and what they are worth."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tadarag.errors import TrainingError
from tadarag.models.model_files import read_manifest
from tadarag.models.onnx_encoder import load_shipped, shipped_fingerprint
from tadarag.retrieval.learned_selector import MANIFEST, LearnedSelector
from tadarag.training.selector.artefact import write_selector
from tadarag.training.selector.asking import ask_all
from tadarag.training.selector.card import CARD, model_card
from tadarag.training.selector.evaluation import evaluate, evaluate_cross_fitted
from tadarag.training.selector.feature_file import Asked, read_asked, write_asked
from tadarag.training.selector.foreign_passages import undisturbed
from tadarag.training.selector.indexed import make_base, mixed, opened
from tadarag.training.selector.learning import Recipe, calibrate, learn
from tadarag.training.selector.question_sets import QuestionSet, load_corpus, load_judged, read_sets
from tadarag.training.stage_run import StageRun

REPORT = "report.json"
BASES = ".bases"
"""Where the features stage keeps the indexed corpora: hidden, for they are no artefact, and a stopped stage goes on with them."""


def make_features(run: StageRun) -> None:
    """Index every corpus and write the candidates and features of every set's questions, one NAME.npz a set.

    inputs: "texts", the data folder. parameters: `corpora`, the files of each by name; `sets`, with the fields of `QuestionSet`.
    """
    data, bases = run.inputs["texts"], run.folder / BASES
    for name, files in run.parameters["corpora"].items():
        make_base(bases / name, load_corpus(data, files), run.report)
    for one in read_sets(run.parameters["sets"]):
        run.report(f"asking the questions of {one.name}")
        with opened(bases / one.corpus) as base:
            write_asked(run.folder / f"{one.name}.npz", list(ask_all(base, load_judged(data, one), run.report)))


def fit(run: StageRun) -> None:
    """Fit the trees on all train questions and write trees.npz and selector.json.

    inputs: the features stage. parameters: `sets` as there; `trees`, the recipe of the trees.
    """
    sets, recipe = _sets(run), _recipe(run)
    run.report("fitting")
    trees = learn(sets, recipe)
    run.report("calibrating on folds")
    learned_from = {name: sum(asked.teaches for asked in part) for name, part in sets.items()}
    write_selector(
        run.folder,
        trees,
        calibration=calibrate(sets, recipe),
        formula_weight=recipe.formula_weight,
        encoder=shipped_fingerprint(),
        training={"recipe": asdict(recipe), "questions": {name: n for name, n in sorted(learned_from.items()) if n}},
    )


def judge(run: StageRun) -> None:
    """Write report.json, what the selector is worth on questions that it did not see, beside the selector and its card.

    inputs: "texts", the features stage and the fit. parameters: `sets` and `trees` as for these; `control`: `sets`, whose questions are asked
    again of a base with `n` passages of `corpora` mixed in.
    """
    sets, recipe, described = _sets(run), _recipe(run), read_sets(run.parameters["sets"])
    fitted = run.inputs["fit"]
    selector = LearnedSelector(fitted)
    report = evaluate(sets, described, selector.trees, recipe, run.report)
    run.report("both halves in folds")
    report["cross_fitted"] = evaluate_cross_fitted(sets, described, recipe)
    report["foreign_passages"] = _foreign(run, described, selector)
    (run.folder / REPORT).write_text(json.dumps(report, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    for file in sorted(fitted.iterdir()):
        shutil.copyfile(file, run.folder / file.name)
    manifest = read_manifest(run.folder / MANIFEST, required=frozenset({"training", "files"}))
    (run.folder / CARD).write_text(model_card(manifest, report), encoding="utf-8")


def _foreign(run: StageRun, described: tuple[QuestionSet, ...], selector: LearnedSelector) -> dict[str, Any]:
    """The share of questions whose first five passages stay, by set and system, in percent."""
    control, bases = run.parameters["control"], run.inputs["features"] / BASES
    if not bases.is_dir():
        raise TrainingError("the corpora that the features stage indexed are gone", "make them again: --again features")
    found: dict[str, Any] = {"n_passages": control["n"], "corpora": control["corpora"], "sets": {}}
    for one in (one for one in described if one.name in control["sets"]):
        run.report(f"mixing foreign passages into {one.corpus}")
        questions = [question.text for question in load_judged(run.inputs["texts"], one) if not question.is_train][: control["questions"]]
        foreign = [bases / name for name in control["corpora"]]
        with (
            TemporaryDirectory() as folder,
            opened(bases / one.corpus) as own,
            mixed(bases / one.corpus, foreign, Path(folder), n=control["n"]) as other,
        ):
            same = undisturbed(questions, own.snapshot, other, load_shipped(), selector)
        found["sets"][one.name] = {"n_questions": len(questions), **{name: round(100 * share, 2) for name, share in same.items()}}
    return found


def _sets(run: StageRun) -> dict[str, list[Asked]]:
    return {one.name: read_asked(run.inputs["features"] / f"{one.name}.npz") for one in read_sets(run.parameters["sets"])}


def _recipe(run: StageRun) -> Recipe:
    return Recipe(**run.parameters["trees"], seed=run.seed)
