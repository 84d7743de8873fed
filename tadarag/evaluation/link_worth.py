"""What each kind of link and each layer is worth: the same base and questions, with one of them left out or led to other passages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset
from tadarag.evaluation.described import minus, with_intervals
from tadarag.evaluation.indexing import Progress, index_corpus, open_base
from tadarag.evaluation.measures import RANKING_DEPTH, RETRIEVAL_MEASURES
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.retrieval_run import corpus_identity
from tadarag.retrieval.ablation import LINK_PARTS, NOTHING, PARTS, Ablation
from tadarag.retrieval.layers import scope_of
from tadarag.retrieval.learned_selector import load_selector
from tadarag.retrieval.ranking import best
from tadarag.retrieval.retrieve import score, select
from tadarag.retrieval.scored import Scored
from tadarag.routing.questions import route_question
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Snapshot

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder

FORMULA, TREES = "tadarag-S", "tadarag"
"""Formula S, and what ships: its best put in order by the trained selector."""
WHOLE = "all"
_CHUNKS = 2 * RANKING_DEPTH

Records = Mapping[str, Mapping[str, tuple[RetrievalRecord, ...]]]
"""By system and variant one record a question."""


def variants() -> dict[str, Ablation]:
    """What is asked, by name: all as it is, the links by names together, with what is left searched for without them, and each part alone."""
    links = frozenset(LINK_PARTS)
    found = {
        WHOLE: NOTHING,
        "without any link": Ablation(left_out=links | {"residual"}),
        "without names": Ablation(left_out=links),
        "names permuted": Ablation(permuted=links),
    }
    for part in PARTS:
        found[f"without {part}"] = Ablation(left_out=frozenset({part}))
        found[f"{part} permuted"] = Ablation(permuted=frozenset({part}))
    return found


def run_link_worth(
    dataset: Dataset,
    encoder: Encoder,
    *,
    base_folder: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> Records:
    """Ask every judged question of formula S and of the trees in every variant, over one index.

    The trees are left out with an encoder that they do not know, as the product leaves them out. base_folder: keeps the base for the next run.
    Raises UsageError for a data set without judged questions.
    """
    questions = dataset.judged()
    if not questions:
        raise UsageError(f"{dataset.name}: no question has a gold passage", "check --qrels and --limit")
    asked, systems = variants(), (TREES, FORMULA) if encoder.fingerprint == load_selector().encoder else (FORMULA,)
    found: dict[str, dict[str, list[RetrievalRecord]]] = {system: {name: [] for name in asked} for system in systems}
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary:
        with open_base(base_folder or Path(temporary), encoder) as base:
            index_corpus(base, dataset.passages, identity=corpus_identity(dataset.passages, encoder), progress=progress)
            place = base.path
        with closing(EmbeddedStore(place)) as store, closing(store.snapshot()) as snapshot:
            for done, question in enumerate(questions, start=1):
                gold = dataset.qrels[question.id]
                for name, rankings in _rank(question.text, snapshot, encoder, asked).items():
                    for system in systems:
                        record = RetrievalRecord(question=question.id, gold=gold, ranking=rankings[system], type=question.type)
                        found[system][name].append(record)
                progress("asking", done, len(questions))
    return {system: {name: tuple(records) for name, records in of_system.items()} for system, of_system in found.items()}


def describe_link_worth(dataset: Dataset, records: Records) -> dict[str, Any]:
    """Measures of every system and variant with intervals, and for each system the whole minus each variant, question by question."""
    return {
        "links_of": dataset.name,
        "n_queries": len(records[FORMULA][WHOLE]),
        "n_passages": len(dataset.passages),
        "data_sha256": dataset.digest,
        "systems": {
            system: {name: with_intervals(RETRIEVAL_MEASURES, found) for name, found in of_system.items()}
            for system, of_system in records.items()
        },
        "minus": {system: minus(WHOLE, RETRIEVAL_MEASURES, of_system) for system, of_system in records.items()},
    }


def _rank(question: str, snapshot: Snapshot, encoder: Encoder, asked: Mapping[str, Ablation]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By variant and system the best passages of a question; its text is read once."""
    route, vector = route_question(question), np.asarray(encoder.read(question, (), kind="query").vector, np.float32)
    scope, selector = scope_of(question, route), load_selector()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, ablation in asked.items():
        scored = score(question, vector, snapshot, task=route.task, scope=scope, ablation=ablation)
        ordered = select(scored, snapshot, selector)
        found[name] = {TREES: _ranking(ordered, snapshot), FORMULA: _ranking(scored, snapshot)}
    return found


def _ranking(scored: Scored, snapshot: Snapshot) -> tuple[str, ...]:
    """Ids of the best passages; one that was cut into chunks stands where its best chunk does."""
    rows, allowed = snapshot.rows, scored.stage.allowed & (scored.scores > 0)
    order = best(scored.scores, _CHUNKS, keys=rows.keys, allowed=allowed)
    sources = dict.fromkeys(snapshot.passage(row).source.path for row in order.tolist())
    return tuple(sources)[:RANKING_DEPTH]
