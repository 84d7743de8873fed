"""Stages of the answerer's recipe behind the network: its files, the answers that it could give to questions, and the choice between them."""

from __future__ import annotations

import json
from typing import Any

from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.models.answer_model import MANIFEST, AnswerModel
from tadarag.models.onnx_encoder import load_shipped
from tadarag.models.passage_reader import PassageReader
from tadarag.training.answerer.choice_data import WeighedQuestion, read_weighed, weigh_question, write_weighed
from tadarag.training.answerer.choice_fit import ChoiceRecipe, choose, figures_of_choice, fit_choice, pooled, threshold_for, write_choice
from tadarag.training.answerer_export import export_answerer
from tadarag.training.asked_sets import ask_set
from tadarag.training.selector.question_sets import is_half_a
from tadarag.training.stage_run import StageRun


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
        found_set = ask_set(name, stated, data, run.folder, encoder, run.report, also_without_gold=True)
        weighed: dict[str, list[WeighedQuestion]] = {"train": [], "test": []}
        for question, answer in found_set.asked:
            part = stated["use"] if stated["use"] in weighed else "train" if is_half_a(question.id) else "test"
            without = found_set.without_gold[question.id].evidence
            weighed[part] += weigh_question(reader, quoting, question, answer.route, answer.evidence, without, found_set.gold[question.id])
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
    train, test = (
        {file.name.removesuffix(f"-{part}.npz"): read_weighed(file) for file in sorted(folder.glob(f"*-{part}.npz"))}
        for part in ("train", "test")
    )
    run.report(f"fitting on {sum(map(len, train.values()))} readings")
    choice, in_folds = fit_choice(train, recipe)
    threshold = threshold_for(list(in_folds.values()), recipe.wrong_refusals)
    report: dict[str, Any] = {"threshold": threshold, "folds": figures_of_choice(pooled(in_folds), threshold), "sets": {}}
    of_test = {name: choose(choice, part) for name, part in test.items()}
    report["sets"] = {name: figures_of_choice(part, threshold) for name, part in of_test.items()}
    if of_test:
        report["pool"] = figures_of_choice(pooled(of_test), threshold)
    answerer = json.loads((run.inputs["answerer"] / MANIFEST).read_text("utf-8"))["fingerprint"]
    training = {
        "recipe": {**run.parameters, "seed": run.seed},
        "readings": {name: len(part) for name, part in train.items()},
        "report": report,
    }
    write_choice(run.folder, choice, threshold=threshold, answerer=answerer, training=training)
    (run.folder / "report.json").write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", "utf-8")
    run.report(json.dumps(report))
