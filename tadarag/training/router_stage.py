"""The stage of the recipe `router`: fits the router's heads and says what they are worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tadarag.training.router_heads import train_router
from tadarag.training.stage_run import StageRun

REPORT = "report.json"
_VECTORS = ".vectors.pickle"


def fit_heads(run: StageRun) -> None:
    """Write the heads of questions and documents, their card and report.json.

    inputs: "texts", the data folder. parameters: `recipe`, "shipped" or "research". A checkpoint keeps the questions' vectors, which take
    most of the time.
    """
    run.report("encoding the questions, then fitting")
    vectors = run.folder / _VECTORS
    report = train_router(run.inputs["texts"], run.folder, seed=run.seed, recipe=run.parameters["recipe"], vectors_file=vectors)
    write_report(run.folder / REPORT, report)
    vectors.unlink()


def write_report(file: Path, report: dict[str, Any]) -> None:
    """Write what the heads are worth on rows left out, in per cent."""
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
