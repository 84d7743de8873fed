"""Runs our retrieval and the baselines over one data set, on the same shuffled corpus with the same encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from tadarag.derivation import encoding_request
from tadarag.errors import UsageError
from tadarag.evaluation.baselines import BASELINES, LIBRARIES, Ranking
from tadarag.evaluation.beir import Dataset, Passages, Question
from tadarag.evaluation.costs import MemoryPeak, bare_encoder_rate, latency, load_average, usable_cores
from tadarag.evaluation.indexing import Indexed, Progress, index_corpus, open_base
from tadarag.evaluation.measures import RANKING_DEPTH
from tadarag.evaluation.records import RetrievalRecord
from tadarag.retrieval.retrieve import System
from tadarag.values import Vectors

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.models.encoder import Encoder

OUR_SYSTEMS: Mapping[str, System] = {"tadarag": "fused", "tadarag-f": "f", "tadarag-dense": "dense", "tadarag-lexical": "lexical"}
DEFAULT_SYSTEMS = ("tadarag", *BASELINES)
_CHUNKS_ASKED = 2 * RANKING_DEPTH  # a long passage may take several places; its best one counts
_RATE_SAMPLE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRun:
    """What one system did: a record for each judged question, in the data set's order, and its costs by name."""

    records: tuple[RetrievalRecord, ...]
    costs: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRun:
    """Every system's run over one data set; `titles` says whether passages had theirs."""

    dataset: str
    digest: str
    titles: bool
    n_passages: int
    n_unjudged: int
    systems: Mapping[str, SystemRun]
    index_reused: bool

    @property
    def n_queries(self) -> int:
        """Questions with gold passages: the ones that count."""
        return len(next(iter(self.systems.values())).records)


def run_retrieval(
    dataset: Dataset,
    *,
    encoder: Encoder,
    titles: bool = True,
    systems: Sequence[str] = DEFAULT_SYSTEMS,
    base_folder: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> RetrievalRun:
    """Index the corpus (or re-use the base in `base_folder`), ask every judged question of every system, keep what they ranked.

    A system receives the text of the question and nothing else of it. titles: what `load_dataset` was told, for the record.
    Raises UsageError for an unknown system, a data set without judged questions, and a base that holds another corpus.
    """
    _check_systems(systems)
    if not dataset.judged():
        raise UsageError(f"{dataset.name}: no question has a gold passage", "check --qrels and --limit")
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary, open_base(base_folder or Path(temporary), encoder) as base:
        bench = _Bench(base=base, dataset=dataset, questions=dataset.judged(), encoder=encoder, progress=progress)
        runs, indexed = _run_ours(bench, [name for name in systems if name in OUR_SYSTEMS])
        if any(name in BASELINES for name in systems):
            runs |= _run_baselines(bench, indexed)
    return RetrievalRun(
        dataset=dataset.name,
        digest=dataset.digest,
        titles=titles,
        n_passages=len(dataset.passages),
        n_unjudged=len(dataset.questions) - len(dataset.judged()),
        systems={name: runs[name] for name in systems},
        index_reused=indexed.reused,
    )


def rank_passages(base: KnowledgeBase, question: str, *, system: System = "fused") -> tuple[str, ...]:
    """The best 20 passage ids for a question, best first; a passage that was cut into chunks stands where its best chunk does."""
    hits = base.search(question, limit=_CHUNKS_ASKED, system=system)
    return tuple(dict.fromkeys(hit.passage.source.path for hit in hits))[:RANKING_DEPTH]


def corpus_identity(passages: Passages, encoder: Encoder) -> str:
    """Hash of what decides the content of an evaluated base: ids, titles, texts and the encoder."""
    digest = sha256(encoder.fingerprint.encode())
    for parts in zip(passages.ids, passages.titles, passages.texts, strict=True):
        for part in parts:
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def _check_systems(systems: Sequence[str]) -> None:
    known = (*OUR_SYSTEMS, *BASELINES)
    for name in systems:
        if name not in known:
            raise UsageError(f"there is no system {name!r}", f"choose from: {', '.join(known)}")
    if not systems or len(set(systems)) < len(systems):
        raise UsageError("the list of systems is empty or names one twice", f"choose from: {', '.join(known)}")
    missing = [library for library in LIBRARIES if find_spec(library) is None]
    if missing and any(name in BASELINES for name in systems):
        raise UsageError(f"the baselines need {' and '.join(missing)}", "run: pip install 'tadarag[eval]', or give --systems tadarag")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What every system is run with."""

    base: KnowledgeBase
    dataset: Dataset
    questions: tuple[Question, ...]
    encoder: Encoder
    progress: Progress

    def system_run(self, rankings: Sequence[Ranking], costs: Mapping[str, float | None]) -> SystemRun:
        records = tuple(
            RetrievalRecord(question=question.id, gold=self.dataset.qrels[question.id], ranking=ranking.ids, type=question.type)
            for question, ranking in zip(self.questions, rankings, strict=True)
        )
        return SystemRun(records=records, costs={**costs, **latency([ranking.seconds for ranking in rankings])})


def _run_ours(bench: _Bench, systems: Sequence[str]) -> tuple[dict[str, SystemRun], Indexed]:
    passages, rankings = bench.dataset.passages, {name: list[Ranking]() for name in systems}
    with MemoryPeak() as memory:
        identity = corpus_identity(passages, bench.encoder)
        indexed = index_corpus(bench.base, passages, identity=identity, progress=bench.progress)
        for name in systems:
            rank_passages(bench.base, bench.questions[0].text, system=OUR_SYSTEMS[name])  # warm-up: caches that a process fills once
            for done, question in enumerate(bench.questions, start=1):
                started = perf_counter()
                ids = rank_passages(bench.base, question.text, system=OUR_SYSTEMS[name])
                rankings[name].append(Ranking(ids=ids, seconds=perf_counter() - started))
                bench.progress(f"asking {name}", done, len(bench.questions))
    load = load_average()
    encoder_rate, ingest_rate = _bare_rate(bench), indexed.n_chunks / indexed.seconds
    costs = {
        "index_seconds": indexed.seconds,
        "passages_per_second": ingest_rate,
        "encoder_passages_per_second": encoder_rate,
        "ingest_to_encoder": ingest_rate / encoder_rate,
        "peak_memory_mib": memory.resident,
        "peak_anonymous_memory_mib": memory.anonymous,
        "load_average": load,
    }
    return {name: bench.system_run(rankings[name], costs) for name in systems}, indexed


def _run_baselines(bench: _Bench, indexed: Indexed) -> dict[str, SystemRun]:
    from tadarag.evaluation.baselines.rankings import BaselineIndex  # needs the extra "eval"

    passages = bench.dataset.passages
    vectors: dict[str, tuple[Vectors, ...]] = {}
    for record in bench.base.records():
        vectors[record.source.path] = record.vectors
        bench.progress("reading vectors", len(vectors), len(passages))
    index = BaselineIndex(passages, [vectors[identifier] for identifier in passages.ids])
    rankings: dict[str, list[Ranking]] = {name: [] for name in BASELINES}
    for done, question in enumerate(bench.questions, start=1):
        started = perf_counter()
        query = np.asarray(bench.encoder.read(question.text, (), kind="query").vector, dtype=np.float32)
        for name, ranking in index.rank(question.text, query, perf_counter() - started).items():
            rankings[name].append(ranking)
        bench.progress("asking the baselines", done, len(bench.questions))
    runs = {}
    for name in BASELINES:
        encoding = 0.0 if name == "bm25" else indexed.seconds  # the vectors are the product's own: their making is part of its indexing
        runs[name] = bench.system_run(rankings[name], {"index_seconds": index.index_seconds[name] + encoding})
    return runs


def _bare_rate(bench: _Bench) -> float:
    """Passages a second of the encoder alone, over the chunks of a sample of the corpus."""
    bench.progress("measuring the bare encoder", 0, 1)
    records = islice(bench.base.records(), _RATE_SAMPLE)
    requests = [encoding_request(record.document, chunk) for record in records for chunk in record.chunks]
    rate = bare_encoder_rate(bench.encoder, requests, n_workers=usable_cores())
    bench.progress("measuring the bare encoder", 1, 1)
    return rate
