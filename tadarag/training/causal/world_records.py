"""One finished seed of the generated world as a file, so that a benchmark of several seeds that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.causal.world_run import Measured, SeedResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRecord:
    """What is compared of a seed: its measures by name, the report of its stage 2, and what else it says of itself."""

    seed: int
    measures: Mapping[str, Measured]
    report: Mapping[str, Any]
    weights_sha256: str = ""


def record_of(result: SeedResult) -> SeedRecord:
    """The record of a seed."""
    return SeedRecord(seed=result.seed, measures=result.measures, report=result.run.report, weights_sha256=result.weights_sha256)


def write_record(record: SeedRecord, file: Path, *, made_of: str) -> None:
    """Write it. made_of: all that it depends on. The file is there whole or not at all."""
    value = {
        "made_of": made_of,
        "seed": record.seed,
        "measures": {
            name: {"is_right": [int(one) for one in measured.is_right], "graph_tokens": list(measured.graph_tokens)}
            for name, measured in record.measures.items()
        },
        "report": dict(record.report),
        "weights_sha256": record.weights_sha256,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_text(json.dumps(value, allow_nan=False), "utf-8")
    os.replace(part, file)


def read_record(file: Path, *, made_of: str) -> SeedRecord:
    """Read it back. Raises TrainingError for one that was made of something else."""
    value = json.loads(file.read_text("utf-8"))
    if value["made_of"] != made_of:
        raise TrainingError(f"{file.name} was made with other settings", "give another folder, or remove the file")
    measures = {
        name: Measured(is_right=tuple(map(bool, one["is_right"])), graph_tokens=tuple(one["graph_tokens"]))
        for name, one in value["measures"].items()
    }
    return SeedRecord(seed=value["seed"], measures=measures, report=value["report"], weights_sha256=value["weights_sha256"])
