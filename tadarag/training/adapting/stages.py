"""Stages of the recipe `extractor-adapt` that the other recipes of extractors have not: the start, the files of the extractor, what it is worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tadarag.evaluation.extraction_data import GoldText, load_gold
from tadarag.evaluation.extraction_run import ExtractionRun, describe_extraction, run_extraction
from tadarag.extraction.small import load_shipped_extractor
from tadarag.models.extractor_model import SHIPPED_EXTRACTOR
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.adapting.parts import HELD_BACK, TYPES
from tadarag.training.extractor_export import export_extractor
from tadarag.training.extractor_import import import_extractor
from tadarag.training.stage_run import StageRun

BEFORE, AFTER, FIGURES = "before", "after", "figures.json"


def start(run: StageRun) -> None:
    """Take the weights of the extractor that comes with tadarag out of its files, to go on from."""
    import_extractor(run.folder)


def export(run: StageRun) -> None:
    """Make the files of a fit (`weights`) that `--tier small:FOLDER` reads."""
    export_extractor(run.inputs["weights"], run.folder)


def measure(run: StageRun) -> None:
    """Write figures.json: the shipped extractor (before) and the adapted one (after; input `extractor`) on the pages held back of `labelled`."""
    folder = run.inputs["labelled"]
    texts = load_gold(folder / HELD_BACK, types=folder / TYPES)
    found: dict[str, Any] = {}
    for name, weights in ((BEFORE, SHIPPED_EXTRACTOR), (AFTER, run.inputs["extractor"])):
        done = _read(texts, weights)
        report = describe_extraction(done, dataset="held back", extractor=name, digest="")
        found[name] = {part: report[part] for part in ("entities", "relations") if report.get(part)}
        run.report(f"{name}: entities F1 {100 * found[name]['entities']['f1']:.1f}")
    found["n_pages"] = len(texts)
    (run.folder / FIGURES).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


def _read(texts: Sequence[GoldText], weights: Path) -> ExtractionRun:
    encoder = load_shipped()
    return run_extraction(texts, load_shipped_extractor(encoder, str(weights)), encoder.count_tokens)
