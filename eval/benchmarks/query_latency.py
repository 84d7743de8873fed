"""How long a question takes in a base of so many passages: searched by cosines alone (the baseline), by formula S, by the trees, and answered.

Every way begins with the question's text, on a base opened anew, so that none finds links that another has kept; five questions before are not
counted. The base is made of the first documents of an indexed one, without encoding anything again. Times in ms, ratios to the baseline.

    python eval/benchmarks/query_latency.py --data-dir DIR --set hotpotqa --own BASE --passages 11000 --questions 200
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from reporting import report

from tadarag import KnowledgeBase
from tadarag.evaluation.beir import load_dataset
from tadarag.evaluation.indexing import open_base
from tadarag.evaluation.suites import parse_suite
from tadarag.models.onnx_encoder import load_shipped
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Change
from tadarag.values import Record

WARM = 5
BATCH = 1_000
WAYS: dict[str, Callable[[KnowledgeBase, str], object]] = {
    "cosines": lambda base, question: base.search(question, system="dense"),
    "formula S": lambda base, question: base.search(question, system="fused"),
    "trees": lambda base, question: base.search(question),
    "answer": lambda base, question: base.ask(question),
}


def main() -> None:
    """Make the base, ask the questions of one set in every way, and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--set", default="hotpotqa", help="a folder of the data folder in BEIR layout")
    parser.add_argument("--own", type=Path, required=True, help="the indexed base of that set, as `tadarag eval … --base` keeps it")
    parser.add_argument("--passages", type=int, default=11_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    paths = parse_suite("latency", f"sets: [{{name: {arguments.set}}}]").sets[0]
    questions = [one.text for one in load_dataset(paths.files(arguments.data_dir), limit=arguments.questions + WARM).judged()]
    with TemporaryDirectory() as folder:
        n_passages = make_smaller(arguments.own, Path(folder), n=arguments.passages)
        times = {name: measured(way, Path(folder), questions) for name, way in WAYS.items()}
    figures: dict[str, Any] = {"set": arguments.set, "passages": n_passages, "questions": len(questions) - WARM}
    figures |= {name: summary(taken, baseline=times["cosines"]) for name, taken in times.items()}
    report("query_latency", seed=0, figures=figures, out=arguments.out)


def make_smaller(own: Path, folder: Path, *, n: int) -> int:
    """A base in `folder` with the first documents of another, at most n passages; how many these are."""
    with open_base(folder, load_shipped()) as made:
        path = made.path
    with open_base(own, load_shipped()) as base:
        store = EmbeddedStore(path)
        for batch in _batches(_first(base.records(), n)):
            store.apply(Change(put=tuple(batch)))
        store.catch_up()
        store.close()
    with open_base(folder, load_shipped()) as made:
        return made.status().n_passages


def _first(records: Iterator[Record], n: int) -> Iterator[Record]:
    left = n
    for record in records:
        left -= len(record.chunks)
        if left < 0:
            return
        yield record


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def measured(way: Callable[[KnowledgeBase, str], object], folder: Path, questions: Sequence[str]) -> list[float]:
    """The ms that each question took, but for the first ones."""
    taken = []
    with open_base(folder, load_shipped()) as base:
        for question in questions:
            started = perf_counter()
            way(base, question)
            taken.append(1000 * (perf_counter() - started))
    return taken[WARM:]


def summary(taken: Sequence[float], *, baseline: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile, and how many times the baseline's median."""
    median = float(np.median(taken))
    return {
        "p50": round(median, 1),
        "p95": round(float(np.percentile(taken, 95)), 1),
        "times the baseline": round(median / float(np.median(baseline)), 2),
    }


if __name__ == "__main__":
    main()
