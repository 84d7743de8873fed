"""Runs our retrieval and the baselines over one data set, on the same shuffled corpus with the same encoder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset, Passages, Question
from tadarag.evaluation.context import Contexts
from tadarag.evaluation.costs import latency
from tadarag.evaluation.indexing import Progress, index_corpus, open_base
from tadarag.evaluation.ranked_questions import DEFAULT_SYSTEMS, Bench, Costs, Ranked, check_systems, rank_questions
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.triples import Triple

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.models.language_model import LanguageModel


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRun:
    """What one system did: a record for each judged question, in the data set's order, and its costs by name."""

    records: tuple[RetrievalRecord, ...]
    costs: Costs


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
    triples: Mapping[str, Sequence[Triple]] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> RetrievalRun:
    """Index the corpus (or re-use the base in `base_folder`), ask every judged question of every system, keep what they ranked.

    titles: what `load_dataset` was told, for the record. triples: by passage id, for the systems that need them.
    Raises UsageError for an unknown system, a data set without judged questions, and a base that holds another corpus.
    """
    check_systems(systems)
    if not dataset.judged():
        raise UsageError(f"{dataset.name}: no question has a gold passage", "check --qrels and --limit")
    with indexed_bench(dataset, dataset.judged(), encoder=encoder, base_folder=base_folder, triples=triples, progress=progress) as bench:
        ranked = rank_questions(bench, systems)
    contexts = Contexts(dataset.passages, encoder.count_tokens)
    return RetrievalRun(
        dataset=dataset.name,
        digest=dataset.digest,
        titles=titles,
        n_passages=len(dataset.passages),
        n_unjudged=len(dataset.questions) - len(dataset.judged()),
        systems={name: _system_run(name, ranked, dataset, contexts) for name in systems},
        index_reused=bench.indexed.reused,
    )


@contextmanager
def indexed_bench(
    dataset: Dataset,
    questions: Sequence[Question],
    *,
    encoder: Encoder,
    base_folder: Path | None,
    triples: Mapping[str, Sequence[Triple]] | None = None,
    language_model: LanguageModel | None = None,
    progress: Progress,
) -> Iterator[Bench]:
    """A base that holds the corpus, for as long as the block lasts; without `base_folder` it is thrown away then."""
    with (
        TemporaryDirectory(prefix="tadarag-eval-") as temporary,
        open_base(base_folder or Path(temporary), encoder, language_model=language_model) as base,
    ):
        indexed = index_corpus(base, dataset.passages, identity=corpus_identity(dataset.passages, encoder), progress=progress)
        yield Bench(
            base=base,
            passages=dataset.passages,
            questions=questions,
            encoder=encoder,
            indexed=indexed,
            progress=progress,
            triples=triples or {},
        )


def corpus_identity(passages: Passages, encoder: Encoder) -> str:
    """Hash of what decides the content of an evaluated base: ids, titles, texts and the encoder."""
    digest = sha256(encoder.fingerprint.encode())
    for parts in zip(passages.ids, passages.titles, passages.texts, strict=True):
        for part in parts:
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()


def _system_run(name: str, ranked: Ranked, dataset: Dataset, contexts: Contexts) -> SystemRun:
    rankings = ranked.rankings[name]
    records = tuple(
        RetrievalRecord(
            question=question.id, gold=dataset.qrels[question.id], ranking=ranking.ids, type=question.type, failed=ranking.failed
        )
        for question, ranking in zip(dataset.judged(), rankings, strict=True)
    )
    tokens = sum(contexts.fitting(ranking.ids)[1] for ranking in rankings) / len(rankings)
    costs = {**ranked.costs[name], **latency([ranking.seconds for ranking in rankings]), "context_tokens": tokens}
    return SystemRun(records=records, costs=costs)
