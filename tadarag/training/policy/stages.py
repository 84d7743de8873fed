"""Stages of policy A's recipe: questions with their candidates, the supervised start, reinforcement, and what each is worth at equal tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tadarag.components import default_components
from tadarag.errors import TrainingError
from tadarag.evaluation.bootstrap import interval, paired_interval
from tadarag.graph.policy_network import PolicyNetwork, network_of
from tadarag.graph.question_candidates import find_candidates
from tadarag.models.answer_model import SHIPPED_ANSWERER
from tadarag.models.onnx_encoder import load_shipped
from tadarag.models.passage_reader import PassageReader, load_passage_reader
from tadarag.on_the_fly import N_UNITS, ReadUnits, question_readings
from tadarag.store.embedded import EmbeddedStore
from tadarag.training.asked_sets import AskedSet, ask_set
from tadarag.training.manifest import hash_files
from tadarag.training.policy.artefact import write_graph_policy
from tadarag.training.policy.frozen_answerer import FrozenAnswerer
from tadarag.training.policy.in_product import figures_in_product, graphs_of
from tadarag.training.policy.items import PolicyItem, make_item, read_items, write_items
from tadarag.training.policy.measuring import PLAIN, SCORES, answers_of
from tadarag.training.policy.reinforced import BUDGETS, ReinforcedSettings, fit_reinforced
from tadarag.training.policy.supervised import SupervisedSettings, fit_supervised
from tadarag.training.rewards.weighted import read_weights
from tadarag.training.selector.question_sets import is_half_a
from tadarag.training.stage_run import StageRun

ITEMS, WEIGHTS, LOG, FIGURES = "items.jsonl.gz", "policy.npz", "log.jsonl", "figures.json"


def make_items(run: StageRun) -> None:
    """Write items.jsonl.gz: the questions of every set with the candidates of their graphs.

    Input `texts`, the data folder. Parameter `sets`, by name {corpus, queries, qrels, limit}: files in BEIR layout, questions with their answers in
    their metadata. Half A of each set is to train on, half B to test (parity of the md5 of the id).
    """
    data, encoder = run.inputs["texts"], load_shipped()
    items: list[PolicyItem] = []
    for name, stated in run.parameters["sets"].items():
        found = ask_set(name, stated, data, run.folder, encoder, run.report)
        items += _items_of(name, found)
        run.report(f"{name}: {len(found.asked)} questions")
    write_items(items, run.folder / ITEMS)


def _items_of(name: str, found: AskedSet) -> Iterator[PolicyItem]:
    components, remembered = default_components(load_shipped()), ReadUnits()
    with closing(EmbeddedStore(found.base)) as store, closing(store.snapshot()) as snapshot:
        for question, answer in found.asked:
            hits = answer.evidence.hits[:N_UNITS]
            readings = question_readings(answer.route, hits, snapshot, components, remembered, workers=2)
            candidates = find_candidates([hit.passage for hit in hits], readings.extractions, readings.template)
            item = make_item(
                question, name, answer.route, hits, candidates, readings.template, found.gold[question.id], is_train=is_half_a(question.id)
            )
            if item.nodes:
                yield item


def supervise(run: StageRun) -> None:
    """Write policy.npz, fitted to gold evidence on the train items (input `items`). Parameters: those of `SupervisedSettings`."""
    items = [item for item in read_items(run.inputs["items"] / ITEMS) if item.is_train]
    settings = SupervisedSettings(**run.parameters)
    network, losses = fit_supervised(items, settings, seed=run.seed, report=run.report)
    _write_policy(run.folder, network)
    _write_log(run.folder, [{"step": epoch, "loss": round(loss, 6)} for epoch, loss in enumerate(losses, start=1)])


def reinforce(run: StageRun) -> None:
    """Write policy.npz, reinforced from the stage `supervised` on the train items, and log.jsonl.

    Parameters: those of `ReinforcedSettings`; weights, mode: of the reward (`read_weights`). Raises TrainingError when the answerer's
    files are others after the run than before.
    """
    parameters = dict(run.parameters)
    weights = read_weights(parameters.pop("weights", None), mode=parameters.pop("mode", "both"))
    items = [item for item in read_items(run.inputs["items"] / ITEMS) if item.is_train]
    settings = ReinforcedSettings(**parameters)
    start = _read_policy(run.inputs["supervised"])
    before = hash_files(SHIPPED_ANSWERER)
    network, rows = fit_reinforced(start, items, FrozenAnswerer(_reader()), weights, settings, seed=run.seed, report=run.report)
    if hash_files(SHIPPED_ANSWERER) != before:
        raise TrainingError(
            "the answerer that judges graphs has changed during the run", "run it again, with nothing else at work on its files"
        )
    _write_policy(run.folder, network)
    _write_log(run.folder, rows)


def compare(run: StageRun) -> None:
    """Write figures.json: policies on the test items at each budget, with paired intervals of the reinforced policy minus every other.

    The reinforced policy's own graphs come first; every other system then has for each item as many tokens as those have: the supervised policy
    (cut by what is likeliest), the untrained scores, and the passages as they are. `filled` are both policies filled up to the budget.
    """
    items = [item for item in read_items(run.inputs["items"] / ITEMS) if not item.is_train]
    answerer = FrozenAnswerer(_reader())
    supervised, reinforced = (_read_policy(run.inputs[name]) for name in ("supervised", "reinforced"))
    document: dict[str, Any] = {"n_items": len(items), "answerer": answerer.fingerprint, "budgets": {}}
    for budget in BUDGETS:
        whole = [budget] * len(items)
        own = answers_of(items, reinforced, answerer, budgets=whole, stops=True)
        equal = own["tokens"].astype(int).tolist()
        others = {
            "supervised": answers_of(items, supervised, answerer, budgets=equal),
            "scores": answers_of(items, SCORES, answerer, budgets=equal),
            "passages": answers_of(items, PLAIN, answerer, budgets=equal),
            "supervised, filled": answers_of(items, supervised, answerer, budgets=whole),
            "reinforced, filled": answers_of(items, reinforced, answerer, budgets=whole),
        }
        document["budgets"][str(budget)] = {
            "reinforced": _described(items, own),
            **{name: {**_described(items, found), "reinforced_minus": _minus(own, found)} for name, found in others.items()},
        }
        run.report(
            f"{budget} tokens: "
            + ", ".join(f"{name} {100 * found['f1'].mean():.2f}" for name, found in {"reinforced": own, **others}.items())
        )
    (run.folder / FIGURES).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", "utf-8")


def compare_in_product(run: StageRun) -> None:
    """Write figures.json: the question graphs of the product with the formula's, the supervised and the reinforced scores, on half B.

    Inputs `texts`, `items` (its indexed corpora), `supervised`, `reinforced`. Parameter `sets`: as of `make_items`.
    """
    scorers = {"formula": None, **{name: _read_policy(run.inputs[name]) for name in ("supervised", "reinforced")}}
    encoder = load_shipped()
    asked = [
        one
        for name, stated in run.parameters["sets"].items()
        for one in graphs_of(ask_set(name, stated, run.inputs["texts"], run.inputs["items"], encoder, run.report), scorers, of_half_a=False)
    ]
    document = figures_in_product(asked, FrozenAnswerer(_reader()), ours="reinforced", budgets=BUDGETS)
    (run.folder / FIGURES).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", "utf-8")


def export(run: StageRun) -> None:
    """Write the files of the reinforced policy that the product reads, with the figures of the stages `figures` and `in_product`."""
    figures = {name: json.loads((run.inputs[name] / FIGURES).read_text("utf-8")) for name in ("figures", "in_product")}
    network = _read_policy(run.inputs["reinforced"])
    write_graph_policy(run.folder, network, encoder=load_shipped().fingerprint, training={"seed": run.seed, **figures})


def _described(items: Sequence[PolicyItem], found: Mapping[str, Any]) -> dict[str, Any]:
    """Means of an answering, F1 in percent with its interval and by set."""
    sets = sorted({item.dataset for item in items})
    return {
        **{measure: round(float(np.mean(found[measure])), 4) for measure in ("loss", "tokens", "evidence")},
        "f1": asdict(interval((100 * found["f1"]).tolist())),
        "f1_by_set": {one: round(100 * float(found["f1"][[item.dataset == one for item in items]].mean()), 2) for one in sets},
    }


def _minus(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    return asdict(paired_interval((100 * ours["f1"]).tolist(), (100 * theirs["f1"]).tolist()))


def _reader() -> PassageReader:
    reader = load_passage_reader(load_shipped())
    if reader is None:
        raise TrainingError(
            "this installation holds no answerer, which judges graphs", "reinstall tadarag: pip install --force-reinstall tadarag"
        )
    return reader


def _write_policy(folder: Path, network: PolicyNetwork) -> None:
    arrays: dict[str, Any] = network.arrays()
    np.savez(folder / WEIGHTS, **arrays)


def _read_policy(folder: Path) -> PolicyNetwork:
    with np.load(folder / WEIGHTS) as arrays:
        return network_of(dict(arrays))


def _write_log(folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    (folder / LOG).write_text("".join(f"{json.dumps(row, sort_keys=True)}\n" for row in rows), "utf-8")
