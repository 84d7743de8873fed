"""Every system's ranking for every question: ours over the base, the baselines over the same passages and vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from tadarag.derivation import encoding_request
from tadarag.errors import UsageError
from tadarag.evaluation.attempts import attempt
from tadarag.evaluation.baselines import BASELINES, LIBRARIES, OTHERS, Ranking
from tadarag.evaluation.baselines.corpus import Corpus, Ranker
from tadarag.evaluation.beir import Passages, Question, shuffle_key
from tadarag.evaluation.costs import MemoryPeak, bare_encoder_rate, load_average, usable_cores
from tadarag.evaluation.indexing import Indexed, Progress
from tadarag.evaluation.measures import RANKING_DEPTH
from tadarag.evaluation.triples import Triple
from tadarag.retrieval.retrieve import System
from tadarag.values import Record

if TYPE_CHECKING:
    from tadarag.evaluation.baselines.rankings import BaselineIndex
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.models.encoder import Encoder

OUR_SYSTEMS: Mapping[str, System | None] = {
    "tadarag": None,
    "tadarag-S": "fused",
    "tadarag-learned": "learned",
    "tadarag-f": "f",
    "tadarag-dense": "dense",
    "tadarag-lexical": "lexical",
}
"""By name what `search` is told; None for the product as it comes."""

DEFAULT_SYSTEMS = ("tadarag", *BASELINES)
ALL_SYSTEMS = (*OUR_SYSTEMS, *BASELINES, *OTHERS)
_CHUNKS_ASKED = 2 * RANKING_DEPTH  # a long passage may take several places; its best one counts
_RATE_SAMPLE = 256

Costs = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every system is run with. indexed: what the base took to build. triples: by passage id, for baselines that need them."""

    base: KnowledgeBase
    passages: Passages
    questions: Sequence[Question]
    encoder: Encoder
    indexed: Indexed
    progress: Progress
    triples: Mapping[str, Sequence[Triple]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Rankings by system, one for each question in their order, and what each system took to index."""

    rankings: Mapping[str, tuple[Ranking, ...]]
    costs: Mapping[str, Costs]


def rank_questions(bench: Bench, systems: Sequence[str]) -> Ranked:
    """Ask every question of every system; a question that a system fails on has no ranking and a reason.

    A system receives the text of the question and nothing else of it.
    """
    found, costs = _rank_by_ours(bench, [name for name in systems if name in OUR_SYSTEMS])
    if any(name in (*BASELINES, *OTHERS) for name in systems):
        records = _records(bench)
        if any(name in BASELINES for name in systems):
            more, more_costs = _rank_by_baselines(bench, records)
            found, costs = found | more, costs | more_costs
        corpus = Corpus(passages=bench.passages, records=records, encoder=bench.encoder, triples=bench.triples)
        for name in systems:
            if name in OTHERS:
                found[name], costs[name] = _rank_by_other(bench, name, corpus)
    return Ranked(rankings={name: tuple(found[name]) for name in systems}, costs={name: costs[name] for name in systems})


def rank_passages(base: KnowledgeBase, question: str, *, system: System | None = None) -> tuple[str, ...]:
    """The best 20 passage ids for a question, best first; a passage that was cut into chunks stands where its best chunk does.

    system: None for the product as it comes.
    """
    asked = base.search if system is None else partial(base.search, system=system)
    hits = asked(question, limit=_CHUNKS_ASKED)
    return tuple(dict.fromkeys(hit.passage.source.path for hit in hits))[:RANKING_DEPTH]


def check_systems(systems: Sequence[str]) -> None:
    """Raise UsageError for an unknown system, one named twice or none, and one whose library is not installed."""
    for name in systems:
        if name not in ALL_SYSTEMS:
            raise UsageError(f"there is no system {name!r}", f"choose from: {', '.join(ALL_SYSTEMS)}")
    if not systems or len(set(systems)) < len(systems):
        raise UsageError("the list of systems is empty or names one twice", f"choose from: {', '.join(ALL_SYSTEMS)}")
    wanted = {library: name for name in systems for library in LIBRARIES.get(name, ())}
    missing = [library for library in wanted if not _is_installed(library)]
    if missing:
        names = ", ".join(dict.fromkeys(wanted[library] for library in missing))
        raise UsageError(
            f"{names}: {' and '.join(missing)} cannot be imported", "run: pip install 'tadarag[eval]', or give --systems tadarag"
        )


def _is_installed(library: str) -> bool:
    parent = library.rpartition(".")[0]
    return (not parent or _is_installed(parent)) and find_spec(library) is not None


def _rank_by_ours(bench: Bench, systems: Sequence[str]) -> tuple[dict[str, list[Ranking]], dict[str, Costs]]:
    rankings = {name: list[Ranking]() for name in systems}
    if not systems:
        return rankings, {}
    with MemoryPeak() as memory:
        for name in systems:
            attempt(lambda name=name: rank_passages(bench.base, bench.questions[0].text, system=OUR_SYSTEMS[name]))  # type: ignore[misc]  # warm-up
            for done, question in enumerate(bench.questions, start=1):
                one = attempt(lambda text=question.text, name=name: rank_passages(bench.base, text, system=OUR_SYSTEMS[name]))  # type: ignore[misc]
                rankings[name].append(Ranking(ids=one.value or (), seconds=one.seconds, failed=one.failed))
                bench.progress(f"asking {name}", done, len(bench.questions))
    costs: dict[str, float | None] = {
        "index_seconds": bench.indexed.seconds,
        "peak_memory_mib": memory.resident,
        "peak_anonymous_memory_mib": memory.anonymous,
        "load_average": load_average(),
    }
    if not bench.indexed.reused:  # beside an index that was made before, perhaps elsewhere, the encoder's rate today says nothing
        encoder_rate, ingest_rate = _bare_rate(bench), bench.indexed.n_chunks / bench.indexed.seconds
        costs |= {
            "passages_per_second": ingest_rate,
            "encoder_passages_per_second": encoder_rate,
            "ingest_to_encoder": ingest_rate / encoder_rate,
        }
    return rankings, dict.fromkeys(systems, costs)


def _records(bench: Bench) -> list[Record]:
    """What the base stores of each passage, in the order of the passages."""
    records: dict[str, Record] = {}
    for record in bench.base.records():
        records[record.source.path] = record
        bench.progress("reading vectors", len(records), len(bench.passages))
    return [records[identifier] for identifier in bench.passages.ids]


def _rank_by_baselines(bench: Bench, records: Sequence[Record]) -> tuple[dict[str, list[Ranking]], dict[str, Costs]]:
    from tadarag.evaluation.baselines.rankings import BaselineIndex  # needs the extra "eval"

    rankings: dict[str, list[Ranking]] = {name: [] for name in BASELINES}
    with MemoryPeak() as memory:
        index = BaselineIndex(bench.passages, [record.vectors for record in records])
        for done, question in enumerate(bench.questions, start=1):
            one = attempt(lambda text=question.text: _rank_all(index, text, bench.encoder))  # type: ignore[misc]
            failed = Ranking(ids=(), seconds=one.seconds, failed=one.failed)
            for name in BASELINES:
                rankings[name].append(one.value[name] if one.value else failed)
            bench.progress("asking the baselines", done, len(bench.questions))
    costs: dict[str, Costs] = {}
    for name in BASELINES:
        # the vectors are the product's own: their making is part of its indexing
        encoding = 0.0 if name == "bm25" else bench.indexed.seconds
        costs[name] = {"index_seconds": index.index_seconds[name] + encoding, "peak_memory_mib": memory.resident}
    return rankings, costs


def _rank_all(index: BaselineIndex, question: str, encoder: Encoder) -> dict[str, Ranking]:
    started = perf_counter()
    query = np.asarray(encoder.read(question, (), kind="query").vector, dtype=np.float32)
    return index.rank(question, query, perf_counter() - started)


def _rank_by_other(bench: Bench, name: str, corpus: Corpus) -> tuple[list[Ranking], Costs]:
    from tadarag.evaluation.baselines.others import make_ranker

    rankings: list[Ranking] = []
    with MemoryPeak() as memory:
        bench.progress(f"building {name}", 0, 1)
        started = perf_counter()
        ranker = make_ranker(name, _shuffled(corpus))
        seconds = perf_counter() - started + (0.0 if name == "rank-bm25" else bench.indexed.seconds)
        bench.progress(f"building {name}", 1, 1)
        for done, question in enumerate(bench.questions, start=1):
            rankings.append(_rank(ranker, question.text, bench.encoder))
            bench.progress(f"asking {name}", done, len(bench.questions))
    return rankings, {"index_seconds": seconds, "peak_memory_mib": memory.resident}


def _rank(ranker: Ranker, question: str, encoder: Encoder) -> Ranking:
    def work() -> tuple[str, ...]:
        query = np.asarray(encoder.read(question, (), kind="query").vector, dtype=np.float32)
        return tuple(ranker.rank(question, query)[:RANKING_DEPTH])

    one = attempt(work)
    return Ranking(ids=one.value or (), seconds=one.seconds, failed=one.failed)


def _shuffled(corpus: Corpus) -> Corpus:
    """The same corpus in the one order that ids give: ties must not follow the order of a file."""
    order = sorted(range(len(corpus.passages)), key=lambda place: shuffle_key(corpus.passages.ids[place]))
    records = [corpus.records[place] for place in order]
    return Corpus(passages=corpus.passages.taken(order), records=records, encoder=corpus.encoder, triples=corpus.triples)


def _bare_rate(bench: Bench) -> float:
    """Passages a second of the encoder alone, over the chunks of a sample of the corpus."""
    bench.progress("measuring the bare encoder", 0, 1)
    records = islice(bench.base.records(), _RATE_SAMPLE)
    requests = [encoding_request(record.document, chunk) for record in records for chunk in record.chunks]
    rate = bare_encoder_rate(bench.encoder, requests, n_workers=usable_cores())
    bench.progress("measuring the bare encoder", 1, 1)
    return rate
