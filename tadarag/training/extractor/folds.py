"""Folds by template: sets whose test texts have types and relations that no training text has."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

from tadarag.errors import TrainingError

TRAIN, DEV = "train.jsonl.gz", "dev.jsonl.gz"


def write_fold(source: Path, out: Path, *, fold: int, n_folds: int) -> tuple[str, ...]:
    """Write the set of one fold: train records of the kept templates, dev records of the ones that are held out.

    source: an extraction set whose records name a `template` of ontologies.jsonl.gz. The templates in order of their ids are dealt out like
    cards; those of pile `fold`, counted from 0, are held out. A record without a template is in no fold. Returns the ids held out. Raises
    TrainingError for a set without templates.
    """
    ontologies = source / "ontologies.jsonl.gz"
    if not ontologies.is_file():
        raise TrainingError(f"{source.name} has no ontologies.jsonl.gz", "folds by template need a set whose records name templates")
    held_out = tuple(sorted(row["id"] for row in map(json.loads, _lines(ontologies))))[fold::n_folds]
    out.mkdir(parents=True, exist_ok=True)
    for name, is_wanted_in in ((TRAIN, False), (DEV, True)):
        lines = [
            line for line in _lines(source / name) if (kind := json.loads(line).get("template")) and (kind in held_out) is is_wanted_in
        ]
        with (out / name).open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
            packed.write("".join(lines).encode())
    for name in ("ontologies.jsonl.gz", "types.json"):
        shutil.copyfile(source / name, out / name)
    return held_out


def _lines(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return list(lines)
