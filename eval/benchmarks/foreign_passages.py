"""Why a question's first five passages change when foreign passages enter the base: which step of retrieval brings the change.

The own base and one with foreign passages beside it answer the same questions. Each step is then shown only the own passages (its foreign ones
are taken out of it, with what they add to its counts), the others all passages; and the other way round. Steps: words (BM25 of passages, sentences
and layers, with idf and mean lengths), vectors (cosines), names (links, and subjects that the question names). "may not be found": foreign
passages count in idf, mean lengths and the dictionary of subjects, and are neither hits nor seeds nor bridges.

For each system the share of questions whose first five are the same passages ("same"), whose first five own passages are the same ("own order"),
among whose first five a foreign passage stands ("foreign"), and that keep every gold passage that stood among them ("gold kept"). A score of the
dense list reads the passage and the question alone, so no way of scaling can disturb it: what it loses is what foreign passages are nearer for.

    python eval/benchmarks/foreign_passages.py --data-dir DIR --set 2wiki --own BASE --foreign BASE,BASE --half A --questions 100
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reporting import report

from tadarag.evaluation.beir import load_dataset
from tadarag.evaluation.suites import parse_suite
from tadarag.models.onnx_encoder import load_shipped
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.ranking import Scores, best
from tadarag.retrieval.retrieve import score, select
from tadarag.routing.questions import route_question
from tadarag.store.protocol import Field, Postings, Rows, Snapshot, VectorBlock, VectorField
from tadarag.training.selector.indexed import mixed, opened

TOP = 5
STEPS: Mapping[str, frozenset[str]] = {
    "words": frozenset({"passage", "sentence", "outline", "core"}),
    "vectors": frozenset(),
    "names": frozenset({"subject", "part", "mention"}),
}
SYSTEMS = ("dense", "lexical", "f", "S", "trees")
Five = tuple[str, ...]


def main() -> None:
    """Ask the questions of one set of both bases, and say what changed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--set", default="2wiki", help="a folder of the data folder in BEIR layout")
    parser.add_argument("--own", type=Path, help="the indexed base of that set, as `tadarag eval … --base` keeps it")
    parser.add_argument("--foreign", default="", help="indexed bases of other sets, between commas")
    parser.add_argument("--n", type=int, default=10_000, help="how many foreign documents are mixed in")
    parser.add_argument("--half", choices=("", "A", "B"), default="A")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.own is None or arguments.data_dir is None:
        print("nothing is measured without --data-dir, --own and --foreign")
        return
    paths = parse_suite("foreign", f"sets: [{{name: {arguments.set}}}]").sets[0]
    dataset = load_dataset(paths.files(arguments.data_dir), limit=arguments.questions, half=arguments.half)
    questions = {question.text: dataset.qrels[question.id] for question in dataset.judged()}
    strangers = [Path(name) for name in arguments.foreign.split(",") if name]
    with (
        TemporaryDirectory() as folder,
        opened(arguments.own) as own,
        mixed(arguments.own, strangers, Path(folder), n=arguments.n) as both,
    ):
        figures = {"set": arguments.set, "half": arguments.half, "questions": len(questions), "own passages": len(dataset.passages)}
        figures |= measured(questions, own.snapshot, both)
    report("foreign_passages", seed=0, figures=figures, out=arguments.out)


def measured(questions: Mapping[str, frozenset[str]], own: Snapshot, both: Snapshot) -> dict[str, Any]:
    """Figures by what is shown to the steps and by system. questions: gold passages by text."""
    shown: dict[str, Snapshot] = {"everything": both, "nothing": Partly(both, own.rows, hidden=frozenset(STEPS))}
    shown["may not be found"] = Partly(both, own.rows, hidden=frozenset(), may_be_found=False)
    for step in STEPS:
        shown[f"without foreign {step}"] = Partly(both, own.rows, hidden=frozenset({step}))
        shown[f"only foreign {step}"] = Partly(both, own.rows, hidden=frozenset(STEPS) - {step})
    alone = [first_passages(question, own) for question in questions]
    return {
        name: compared(alone, [first_passages(question, snapshot) for question in questions], list(questions.values()))
        for name, snapshot in shown.items()
    }


class Partly:
    """A base with foreign passages, some of whose steps see its own passages only. own: the rows of the base without foreign passages.

    hidden: the steps whose foreign passages are taken out. may_be_found: whether foreign passages may take part in a search at all.
    """

    def __init__(self, both: Snapshot, own: Rows, *, hidden: frozenset[str], may_be_found: bool = True) -> None:
        self._both = both
        self._hidden = hidden
        self._fields = frozenset().union(*(STEPS[step] for step in hidden))
        is_own = np.isin(both.rows.keys, own.keys)
        self._is_own = {"row": is_own, "sentence": is_own[both.rows.owners]}
        rows = both.rows if may_be_found else replace(both.rows, live=both.rows.live & is_own)
        if "words" in hidden:
            rows = replace(rows, layered=rows.layered & is_own, counts=own.counts, cjk_counts=own.cjk_counts)
        self.rows = replace(rows)  # links are kept by rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._both, name)

    def postings(self, field: Field, key: int) -> Postings:
        """The live ids that hold a key, without those that are hidden."""
        found = self._both.postings(field, key)
        if field not in self._fields:
            return found
        keep = self._is_own["sentence" if field in ("sentence", "mention") else "row"][found.ids]
        return Postings(ids=found.ids[keep], counts=found.counts[keep])

    def known(self, field: Field, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """For each key whether any id that is not hidden holds it."""
        found = self._both.known(field, keys)
        if field in self._fields:
            for at in zip(*np.nonzero(found), strict=True):
                found[at] = len(self.postings(field, int(keys[at])).ids) > 0
        return found

    def vector_blocks(self, field: VectorField) -> Iterator[VectorBlock]:
        """All vectors; hidden ones have scale 0 and so cosine 0, below whatever is near."""
        yield from self._blocks[field]

    @cached_property
    def _blocks(self) -> dict[VectorField, list[VectorBlock]]:
        fields: tuple[VectorField, ...] = ("passage", "sentence")
        return {field: [self._shown(field, block) for block in self._both.vector_blocks(field)] for field in fields}

    def _shown(self, field: VectorField, block: VectorBlock) -> VectorBlock:
        if "vectors" not in self._hidden:
            return block
        is_own = self._is_own["sentence" if field == "sentence" else "row"][block.first : block.first + len(block.vectors)]
        return replace(block, scales=np.where(is_own, block.scales, np.float32(0)))


def first_passages(question: str, snapshot: Snapshot) -> dict[str, tuple[Five, Five]]:
    """By system the first five passages, and the first five that are not foreign."""
    route, vector = route_question(question), np.asarray(load_shipped().read(question, (), kind="query").vector, np.float32)
    scored = score(question, vector, snapshot, task=route.task, scope=scope_of(question, route))
    stage = scored.stage
    lists: dict[str, Scores] = {"dense": stage.dense + 3.0, "lexical": stage.lexical, "f": stage.f, "S": scored.scores}
    lists["trees"] = select(scored, snapshot, load_selector()).scores
    found = {}
    for name, scores in lists.items():
        order = best(scores, 200, keys=snapshot.rows.keys, allowed=stage.allowed & (scores > 0))
        passages = [snapshot.passage(row) for row in order.tolist()]
        names = [f"{passage.source}/{passage.chunk}" for passage in passages]
        own = [name for name, passage in zip(names, passages, strict=True) if passage.source.root != "foreign"]
        found[name] = tuple(names[:TOP]), tuple(own[:TOP])
    return found


def compared(
    alone: Sequence[Mapping[str, tuple[Five, Five]]], among: Sequence[Mapping[str, tuple[Five, Five]]], gold: Sequence[frozenset[str]]
) -> dict[str, dict[str, float]]:
    """Shares of questions in percent, by system."""
    figures: dict[str, dict[str, float]] = {}
    for system in SYSTEMS:
        pairs = [(one[system], other[system], ids) for one, other, ids in zip(alone, among, gold, strict=True)]
        shares = {
            "same": [set(one[0]) == set(other[0]) for one, other, _ in pairs],
            "own order": [set(one[0]) == set(other[1]) for one, other, _ in pairs],
            "foreign": [other[0] != other[1] for _, other, _ in pairs],
            "gold kept": [gold_among(one[0], ids) <= gold_among(other[0], ids) for one, other, ids in pairs],
        }
        figures[system] = {name: round(100 * sum(held) / len(held), 1) for name, held in shares.items()}
    return figures


def gold_among(five: Five, ids: frozenset[str]) -> set[str]:
    """The gold passages among the first five. five: source and chunk, the source named by the passage's id."""
    sources = {name.rpartition("/")[0].removeprefix("./") for name in five}
    return sources & ids


if __name__ == "__main__":
    main()
