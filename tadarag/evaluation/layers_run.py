"""Measures the layers: how many of the chunks that hold a question's evidence come first, with chunks alone, with each layer and with all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tadarag.content import content_folder
from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import folder_digest, load_questions
from tadarag.evaluation.beir import DatasetFiles, dataset_digest, load_dataset, shuffle_key
from tadarag.evaluation.described import minus, with_intervals
from tadarag.evaluation.indexing import Progress, index_corpus, open_base
from tadarag.evaluation.measures import RANKING_DEPTH, RETRIEVAL_MEASURES
from tadarag.evaluation.ranked_questions import rank_passages
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.retrieval_run import corpus_identity
from tadarag.evaluation.span_questions import SpanQuestion, SpanSet, load_long_documents, load_meetings, locate_quotes
from tadarag.retrieval.retrieve import System
from tadarag.values import Filters, SourceName

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.models.encoder import Encoder

SETS = ("qmsum", "longdoc_qa", "samples", "nq", "popqa")
SYSTEMS: Mapping[str, System] = {
    "chunk": "f",
    "chunk+outline": "f+outline",
    "chunk+core": "f+core",
    "layers": "layers",
    "layers-by-rank": "layer-votes",
    "S-without-layers": "flat",
    "S": "fused",
}
FACT_SYSTEMS = ("S-without-layers", "S")
Place = Literal["in-document", "in-corpus"]
"""Whether a question is asked of its own document or of all of the set's."""

_MEASURES = {name: RETRIEVAL_MEASURES[name] for name in ("recall@5", "recall@10", "recall@20", "mrr@10")}
_MEETINGS, _LONG_DOCUMENTS, _SAMPLES = "qmsum", "longdoc_qa", "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayersPart:
    """One set of questions asked at one place: a record for each question and system. kinds: the questions' kinds, in order."""

    name: str
    digest: str
    kinds: tuple[str, ...]
    systems: Mapping[str, tuple[RetrievalRecord, ...]]


def run_layers(
    names: Sequence[str],
    data_folder: Path,
    *,
    encoder: Encoder,
    base_folder: Path,
    limit: int | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[LayersPart, ...]:
    """Run every system on the sets: qmsum and longdoc_qa by the chunks that hold the evidence, nq and popqa by the gold document.

    base_folder: keeps one base a set. limit: that many questions of each part. Raises UsageError for an unknown set and a missing file.
    """
    if not names or any(name not in SETS for name in names) or len(set(names)) < len(names):
        raise UsageError(f"the sets {', '.join(names)!r} cannot be run", f"choose from: {', '.join(SETS)}")
    parts: list[LayersPart] = []
    for name in names:
        with open_base(base_folder / name, encoder) as base:
            bench = _Bench(base=base, limit=limit, progress=progress)
            if name == _SAMPLES:
                parts += _ask_spans(bench, _samples(base, progress), ("in-corpus",))
            elif name in (_MEETINGS, _LONG_DOCUMENTS):
                loaded = load_meetings(data_folder / name) if name == _MEETINGS else (load_long_documents(data_folder / name),)
                _index(bench, loaded[0])
                for span_set in loaded:
                    parts += _ask_spans(bench, span_set, ("in-document", "in-corpus"))
            else:
                parts.append(_ask_facts(bench, name, data_folder / name, encoder))
    return tuple(parts)


def layers_digests(names: Sequence[str], data_folder: Path) -> dict[str, str]:
    """The hash of each set's files, by the name its part goes by."""
    digests: dict[str, str] = {}
    for name in names:
        if name == _MEETINGS:
            digests |= {loaded.name: loaded.digest for loaded in load_meetings(data_folder / name)}
        elif name == _LONG_DOCUMENTS:
            digests[name] = load_long_documents(data_folder / name).digest
        elif name == _SAMPLES:
            samples = content_folder("data/samples")
            digests[name] = folder_digest(samples / "documents", samples / "questions.jsonl")
        else:
            digests[name] = dataset_digest(_fact_files(name, data_folder / name))
    return digests


def describe_layers(parts: Sequence[LayersPart]) -> dict[str, Any]:
    """The JSON form: each part, and pools over the parts. `systems` is the pool of outline and overview questions in the whole corpus."""
    described = {part.name: _described(part.systems) for part in parts}
    pools = {
        name: _described(pooled)
        for name, kinds, ending in (
            ("overview in-corpus", ("outline", "overview"), "in-corpus"),
            ("overview in-document", ("outline", "overview"), "in-document"),
            ("places in-corpus", ("fact",), "in-corpus"),
            ("places in-document", ("fact",), "in-document"),
            ("facts", ("fact",), "documents"),
        )
        if (pooled := _pooled(parts, kinds, ending))
    }
    main = pools.get("overview in-corpus") or next(iter(described.values()))
    return {
        "corpus": ", ".join(dict.fromkeys(part.name.partition(" ")[0] for part in parts)),
        "data_sha256": {part.name.partition(" ")[0]: part.digest for part in parts},
        "systems": main["systems"],
        "layers_minus": main.get("layers_minus", {}),
        "pools": pools,
        "sets": described,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    base: KnowledgeBase
    limit: int | None
    progress: Progress


def _ask_spans(bench: _Bench, span_set: SpanSet, places: Sequence[Place]) -> Iterable[LayersPart]:
    holders = _Holders(bench.base)
    chosen = sorted(span_set.questions, key=lambda question: shuffle_key(question.id))[: bench.limit]
    questions = [(question, gold) for question in chosen if (gold := holders.of(question))]
    for place in places:
        records: dict[str, list[RetrievalRecord]] = {name: [] for name in SYSTEMS}
        for done, (question, gold) in enumerate(questions, start=1):
            sources = tuple(dict.fromkeys(str(source) for source, _ in question.gold)) if place == "in-document" else ()
            for name, system in SYSTEMS.items():
                hits = bench.base.search(question.text, limit=RANKING_DEPTH, filters=Filters(sources=sources), system=system)
                ranking = tuple(f"{hit.passage.source}/{hit.passage.chunk}" for hit in hits)
                records[name].append(RetrievalRecord(question=question.id, gold=gold, ranking=ranking, type=question.type))
            bench.progress(f"asking {span_set.name} {place}", done, len(questions))
        yield LayersPart(
            name=f"{span_set.name} {place}",
            digest=span_set.digest,
            kinds=tuple(question.kind for question, _ in questions),
            systems={name: tuple(of_system) for name, of_system in records.items()},
        )


def _index(bench: _Bench, span_set: SpanSet) -> None:
    """Take in the documents of a set; one that is there costs nothing. Raises UsageError for one that cannot be indexed."""
    report = bench.base.ingest_documents(
        span_set.documents, progress=lambda event: bench.progress(f"indexing {span_set.name}", event.n_passages, event.n_passages + 1)
    )
    if report.quarantined:
        source, happened, _ = report.quarantined[0]
        raise UsageError(f"{source} cannot be indexed: {happened}", "mend or remove it: an evaluation must index the whole corpus")


class _Holders:
    """The chunks of each document of a base, read once."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._chunks = {record.source: record.chunks for record in base.records()}

    def of(self, question: SpanQuestion) -> frozenset[str]:
        """The chunks that share a character with the question's evidence."""
        return frozenset(
            f"{source}/{chunk.id}"
            for source, span in question.gold
            for chunk in self._chunks[source]
            if chunk.span.start < span.end and span.start < chunk.span.end
        )


def _samples(base: KnowledgeBase, progress: Progress) -> SpanSet:
    samples = content_folder("data/samples")
    documents, file = samples / "documents", samples / "questions.jsonl"
    base.ingest(documents, progress=lambda event: progress("indexing samples", event.n_done, event.n_total))
    texts: dict[SourceName, str] = {record.source: record.document.text for record in base.records()}
    questions = locate_quotes(load_questions(file), texts)
    return SpanSet(name=_SAMPLES, documents=(), questions=questions, digest=folder_digest(documents, file))


def _ask_facts(bench: _Bench, name: str, folder: Path, encoder: Encoder) -> LayersPart:
    """Questions whose gold are whole documents, most of one chunk."""
    dataset = load_dataset(_fact_files(name, folder), limit=bench.limit)
    index_corpus(bench.base, dataset.passages, identity=corpus_identity(dataset.passages, encoder), progress=bench.progress)
    records: dict[str, list[RetrievalRecord]] = {system: [] for system in FACT_SYSTEMS}
    for done, question in enumerate(dataset.judged(), start=1):
        for system in FACT_SYSTEMS:
            ranking = rank_passages(bench.base, question.text, system=SYSTEMS[system])
            records[system].append(
                RetrievalRecord(question=question.id, gold=dataset.qrels[question.id], ranking=ranking, type=question.type)
            )
        bench.progress(f"asking {name}", done, len(dataset.judged()))
    systems = {system: tuple(of_system) for system, of_system in records.items()}
    return LayersPart(name=f"{name} documents", digest=dataset.digest, kinds=("fact",) * len(dataset.judged()), systems=systems)


def _fact_files(name: str, folder: Path) -> DatasetFiles:
    """The files of a BEIR folder; of several qrels the first that is not for training."""
    qrels = sorted((folder / "qrels").glob("*.tsv"), key=lambda file: (file.stem == "train", file.name))
    return DatasetFiles(
        name=name,
        corpus=folder / "corpus.jsonl.gz",
        queries=folder / "queries.jsonl.gz",
        qrels=qrels[0] if qrels else folder / "qrels" / "dev.tsv",
    )


def _pooled(parts: Sequence[LayersPart], kinds: Sequence[str], ending: str) -> dict[str, tuple[RetrievalRecord, ...]]:
    """The records of the questions of some kinds in the parts whose name ends so."""
    chosen = [part for part in parts if part.name.endswith(ending)]
    pooled = {
        name: tuple(record for part in chosen for kind, record in zip(part.kinds, part.systems[name], strict=True) if kind in kinds)
        for name in (chosen[0].systems if chosen else ())
    }
    return pooled if any(pooled.values()) else {}


def _described(systems: Mapping[str, Sequence[RetrievalRecord]]) -> dict[str, Any]:
    one = next(iter(systems.values()))
    described: dict[str, Any] = {
        "n_queries": len(one),
        "systems": {name: with_intervals(_MEASURES, records) for name, records in systems.items()},
    }
    for ours, others in (("layers", ("chunk", "chunk+outline", "chunk+core", "layers-by-rank")), ("S", ("S-without-layers",))):
        if ours in systems:
            described[f"{ours}_minus"] = minus(ours, _MEASURES, {name: systems[name] for name in (ours, *others) if name in systems})
    described["by_type"] = {
        kind: {
            name: with_intervals(_MEASURES, [record for record in records if record.type == kind])["recall@5"]
            for name, records in systems.items()
        }
        for kind in sorted({record.type for record in one} - {""})
    }
    return described
