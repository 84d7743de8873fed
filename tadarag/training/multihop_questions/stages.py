"""The stage of the recipe `multihop-questions`: writes the questions of the corpora that the recipe names."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tadarag.training.multihop_questions.passages import read_passages
from tadarag.training.multihop_questions.records import Limits, question_records
from tadarag.training.stage_run import StageRun

QUESTIONS, REPORT = "questions.jsonl.gz", "report.json"


def write_questions(run: StageRun) -> None:
    """Write questions.jsonl.gz, and report.json with how many there are of each corpus and shape.

    inputs: "texts", the data folder. parameters: `corpora` (files by the name of the corpus that they make up), `limits` (most questions of
    a corpus by shape), `by_path` and `by_subject` (see Limits).
    """
    limits = Limits(
        by_shape=run.parameters["limits"],
        by_path=run.parameters["by_path"],
        by_subject=run.parameters["by_subject"],
    )
    records: list[dict[str, Any]] = []
    for corpus, files in run.parameters["corpora"].items():
        passages = read_passages(run.inputs["texts"], files)
        run.report(f"{corpus}: {len(passages)} passages")
        records += question_records(corpus, passages, limits=limits, seed=run.seed)
    records = without_repeats(records)
    write_records(run.folder / QUESTIONS, records)
    (run.folder / REPORT).write_text(json.dumps(counted(records), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def without_repeats(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first record of each question text."""
    first: dict[str, dict[str, Any]] = {}
    for record in records:
        first.setdefault(record["question"], record)
    return list(first.values())


def write_records(file: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """One record a line, gzipped; the same bytes for the same records."""
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    file.write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))


def counted(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many questions there are: in all, and of each corpus by language, shape and hops."""
    corpora: dict[str, Counter[str]] = {}
    for record in records:
        counts = corpora.setdefault(record["corpus"], Counter())
        counts[f"{record['language']} {record['shape']} {record['hops']}"] += 1
    return {"questions": len(records), "corpora": {name: dict(sorted(counts.items())) for name, counts in corpora.items()}}
