"""Stages of the answerer's recipe behind the network: its files, the answers that it could give to questions, and the choice between them."""

from __future__ import annotations

import json
from typing import Any

from tadarag.evaluation.beir import load_qrels, load_queries, shuffle_key
from tadarag.evaluation.indexing import open_base
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.models.answer_model import MANIFEST, AnswerModel
from tadarag.models.onnx_encoder import load_shipped
from tadarag.models.passage_reader import PassageReader
from tadarag.training.answerer.choice_data import WeighedQuestion, read_weighed, weigh_question, write_weighed
from tadarag.training.answerer.choice_fit import (
    ChoiceRecipe,
    choose,
    chosen_in_folds,
    figures_of_choice,
    fit_choice,
    threshold_for,
    write_choice,
)
from tadarag.training.answerer_export import export_answerer
from tadarag.training.selector.indexed import make_base
from tadarag.training.selector.question_sets import is_half_a, load_corpus
from tadarag.training.stage_run import StageRun

BASES = ".bases"
"""Where the indexed corpora are kept: hidden, for they are no artefact, and a stopped stage goes on with them."""
_TOLD_EVERY = 50
_RECIPE = "evidence-only"
"""Gives the passages and the route that an answerer is given."""


def export(run: StageRun) -> None:
    """Make the network's files of a fit (`weights`)."""
    export_answerer(run.inputs["weights"], run.folder)


def weigh_answers(run: StageRun) -> None:
    """Write NAME-train.npz and NAME-test.npz for each set: the answers that the network and the rules could give to its questions.

    Inputs `texts`, the data folder, and `answerer`, the network's files. Parameter `sets`, by name {corpus, queries, qrels, use: halves,
    train or test, limit}: files in BEIR layout, questions with their answers in their metadata; of halves, A is to train on and B to test.
    """
    data = run.inputs["texts"]
    encoder = load_shipped()
    reader, quoting = PassageReader(AnswerModel(run.inputs["answerer"]), encoder), ExtractiveAnswerer()
    for name, stated in run.parameters["sets"].items():
        gold = load_qrels(data / stated["qrels"])
        asked = [one for one in load_queries(data / stated["queries"]) if one.id in gold and one.metadata.get("answers")]
        asked.sort(key=lambda one: shuffle_key(one.id))
        folder = run.folder / BASES / stated["corpus"].rpartition("/")[0].replace("/", "-")
        make_base(folder, load_corpus(data, [stated["corpus"]]), run.report)
        weighed: dict[str, list[WeighedQuestion]] = {"train": [], "test": []}
        with open_base(folder, encoder) as base:
            for done, question in enumerate(asked[: stated.get("limit")]):
                if done % _TOLD_EVERY == 0:
                    run.report(f"{name}: {done} of {len(asked[: stated.get('limit')])} questions")
                part = stated["use"] if stated["use"] in weighed else "train" if is_half_a(question.id) else "test"
                answer = base.ask(question.text, pipeline=_RECIPE)
                weighed[part] += weigh_question(reader, quoting, question, answer.route, answer.evidence, gold[question.id])
        for part, found in weighed.items():
            run.report(f"{name}: {len(found)} readings to {part}")
            if found:
                write_weighed(found, run.folder / f"{name}-{part}.npz")


def fit_answer_choice(run: StageRun) -> None:
    """Fit the choice on all train questions, find its threshold in folds, and write it with report.json, its figures on test questions.

    Inputs: the stage `weigh_answers`, and `answerer`. Parameters: those of `ChoiceRecipe` but for the seed.
    """
    recipe = ChoiceRecipe(**run.parameters, seed=run.seed)
    folder = run.inputs["weighed"]
    train = {file.name.removesuffix("-train.npz"): read_weighed(file) for file in sorted(folder.glob("*-train.npz"))}
    questions = [one for part in train.values() for one in part]
    run.report(f"fitting on {len(questions)} readings")
    trees = fit_choice(questions, recipe)
    in_folds = chosen_in_folds(questions, recipe)
    threshold = threshold_for(in_folds, recipe.wrong_refusals)
    report: dict[str, Any] = {"threshold": threshold, "folds": figures_of_choice(in_folds, threshold), "sets": {}}
    pooled = []
    for file in sorted(folder.glob("*-test.npz")):
        chosen = choose(trees, read_weighed(file))
        pooled += chosen
        report["sets"][file.name.removesuffix("-test.npz")] = figures_of_choice(chosen, threshold)
    if pooled:
        report["pool"] = figures_of_choice(pooled, threshold)
    answerer = json.loads((run.inputs["answerer"] / MANIFEST).read_text("utf-8"))["fingerprint"]
    settings = {"n_trees": recipe.n_trees, "settings": dict(recipe.settings), "seed": run.seed}
    training = {"recipe": settings, "readings": {name: len(part) for name, part in train.items()}, "report": report}
    write_choice(run.folder, trees, threshold=threshold, answerer=answerer, training=training)
    (run.folder / "report.json").write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", "utf-8")
    run.report(json.dumps(report))
