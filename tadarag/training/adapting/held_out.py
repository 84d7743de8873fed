"""Stages that measure adapting on a domain that training never saw: a draw of labelled records, and what three systems find on the rest.

In the recipe `extractor-held-out-domains` a set NAME is drawn by the stage NAME; NAME_adapted goes on from the extractor `start`, and NAME_tagger
learns from the same records alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tadarag.errors import TrainingError
from tadarag.evaluation.bootstrap import CONFIDENCE, N_DRAWS, SEED
from tadarag.evaluation.extraction_data import GoldText, load_gold
from tadarag.evaluation.extraction_run import JudgedText, run_extraction
from tadarag.evaluation.measures.typed_spans import Counts, f1_figures
from tadarag.extraction.small import load_shipped_extractor
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.adapting.labels import read_labels
from tadarag.training.adapting.parts import CHOSEN_ON, HELD_BACK, LEARNED, TYPES, part, write_parts
from tadarag.training.adapting.stages import FIGURES
from tadarag.training.adapting.tagger import load_tagger
from tadarag.training.adapting.tagger_reading import TaggerExtractor
from tadarag.training.extractor.folds import DEV, TRAIN
from tadarag.training.extractor.stages import TRUNK_LAYER
from tadarag.training.extractor_export import export_extractor
from tadarag.training.stage_run import StageRun
from tadarag.training.trunk_states import Trunk

ZERO_SHOT, ADAPTED, TAGGER = "zero_shot", "adapted", "tagger"
START = "start"


def draw(run: StageRun) -> None:
    """Write the parts of a set: its dev to measure on, and of its train the `n` records whose hash is lowest (parameter), as `part` deals them.

    Input: one set. Records whose text stands in dev, or twice in train, are not drawn. Raises TrainingError for a set of fewer records.
    """
    (folder,) = run.inputs.values()
    n = run.parameters["n"]
    template = load_gold(folder / TRAIN, limit=1)[0].template
    measured_on = read_labels(folder / DEV, None, template)
    known = {one.text for one in measured_on}
    train = {one.text: one for one in read_labels(folder / TRAIN, None, template) if one.text not in known}
    drawn = sorted(train.values(), key=lambda one: sha256(one.text.encode()).hexdigest())[:n]
    if len(drawn) < n:
        raise TrainingError(f"the set has {len(drawn)} records to draw from, and {n} are to be drawn", "lower n")
    write_parts(part(drawn, held_back=0.5, measured_on=measured_on), template, run.folder)


def compare(run: StageRun) -> None:
    """Write figures.json: for each set the entities' figures of the three systems on its dev, and the adapted extractor minus the other two.

    Inputs: `start`, and NAME, NAME_adapted and NAME_tagger of every set. Strict micro F1, with intervals over texts.
    """
    states = Trunk(TRUNK_LAYER)
    found: dict[str, Any] = {}
    for name, folder in sorted(run.inputs.items()):
        if not (folder / HELD_BACK).is_file():
            continue
        texts = load_gold(folder / HELD_BACK, types=folder / TYPES)
        judged = {
            ZERO_SHOT: _read(texts, run.inputs[START]),
            ADAPTED: _read(texts, run.inputs[f"{name}_{ADAPTED}"]),
            TAGGER: _judged(texts, TaggerExtractor(load_tagger(run.inputs[f"{name}_{TAGGER}"]), states)),
        }
        found[name] = {**_described(judged), "n_drawn": sum(len(load_gold(folder / file)) for file in (LEARNED, CHOSEN_ON))}
        shown = (f"{system} {100 * found[name][system]['entities']['f1']:.1f}" for system in judged)
        run.report(f"{name}: {', '.join(shown)}")
    (run.folder / FIGURES).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def f1_difference(ours: Sequence[Counts], theirs: Sequence[Counts]) -> dict[str, float]:
    """Micro F1 of ours minus theirs in [-1, 1] with its percentile interval over texts drawn anew; entry i of both is the same text."""
    counts = np.array([[(one.n_right, one.n_found, one.n_gold) for one in side] for side in (ours, theirs)], np.float64)

    def difference(rows: Any) -> float:
        first, second = (2 * right / max(1.0, n_found + n_gold) for right, n_found, n_gold in counts[:, rows].sum(1))
        return float(first - second)

    generator = np.random.default_rng(SEED)
    n = counts.shape[1]
    drawn = [difference(generator.integers(0, n, n)) for _ in range(N_DRAWS)]
    low, high = np.quantile(drawn, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return {"mean": round(difference(slice(None)), 6), "low": round(float(low), 6), "high": round(float(high), 6)}


def _read(texts: Sequence[GoldText], weights: Path) -> tuple[JudgedText, ...]:
    """With the files that `--tier small:FOLDER` would read, made of the weights of a fit."""
    with TemporaryDirectory() as folder:
        export_extractor(weights, Path(folder))
        return _judged(texts, load_shipped_extractor(load_shipped(), folder))


def _judged(texts: Sequence[GoldText], extractor: Any) -> tuple[JudgedText, ...]:
    return run_extraction(texts, extractor, load_shipped().count_tokens).texts


def _described(judged: Mapping[str, Sequence[JudgedText]]) -> dict[str, Any]:
    names = {system: [text.names for text in texts] for system, texts in judged.items()}
    figures: dict[str, Any] = {}
    for system, texts in judged.items():
        figures[system] = {"entities": f1_figures(names[system])}
        if any(text.relations.n_gold for text in texts):
            figures[system]["relations"] = f1_figures([text.relations for text in texts])
    return {
        **figures,
        "n_texts": len(names[ADAPTED]),
        "adapted_minus": {other: f1_difference(names[ADAPTED], names[other]) for other in (ZERO_SHOT, TAGGER)},
    }
