"""A stage that has the product rank passages for questions, so that the answerer learns from what it will be given."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tadarag.evaluation.beir import Question, load_qrels, load_queries
from tadarag.evaluation.indexing import open_base
from tadarag.models.onnx_encoder import load_shipped
from tadarag.training.selector.indexed import make_base
from tadarag.training.selector.question_sets import is_half_a, load_corpus
from tadarag.training.stage_run import StageRun

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase

LIMIT = 10
"""Passages of a question: as many as a recipe of answers retrieves."""


def rank_questions(run: StageRun) -> None:
    """Write NAME/train.jsonl.gz and NAME/dev.jsonl.gz for each set: half A and half B of its questions over the passages ranked for them.

    Input `texts`: the data folder. Parameter `sets`, by name {corpus, queries, qrels}: files in BEIR layout below it, each question with its
    answers in its metadata. A question of which no gold passage is found is left out.
    """
    data = run.inputs["texts"]
    for name, files in sorted(run.parameters["sets"].items()):
        gold, questions = load_qrels(data / files["qrels"]), list(load_queries(data / files["queries"]))
        with TemporaryDirectory(prefix="tadarag-ranked-") as place:
            folder = Path(place) / name
            make_base(folder, load_corpus(data, [files["corpus"]]), run.report)
            with open_base(folder, load_shipped()) as base:
                for part, wanted in (("train", True), ("dev", False)):
                    asked = [one for one in questions if one.id in gold and is_half_a(one.id) == wanted]
                    rows = [row for row in (_ranked(base, one, gold[one.id]) for one in asked) if _has_gold(row)]
                    run.report(f"{name}: {len(rows)} questions of {part}")
                    _write(rows, run.folder / name / f"{part}.jsonl.gz")


def _ranked(base: KnowledgeBase, question: Question, gold: frozenset[str]) -> dict[str, Any]:
    answers = question.metadata["answers"]
    paragraphs = [
        {
            "title": " / ".join(hit.passage.heading_path),
            "text": hit.passage.text,
            "supporting": hit.passage.source.path in gold,
        }
        for hit in base.search(question.text, limit=LIMIT)
    ]
    return {"question": question.text, "answer": answers[0], "answer_aliases": answers[1:], "paragraphs": paragraphs}


def _has_gold(row: Mapping[str, Any]) -> bool:
    return any(paragraph["supporting"] for paragraph in row["paragraphs"])


def _write(rows: Iterable[Mapping[str, Any]], file: Path) -> None:
    """Gzip JSON lines with a fixed time stamp, so that equal rows give equal bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    file.write_bytes(gzip.compress(content.encode(), mtime=0))
