"""What a graph is worth to retrieval: the same corpus, vectors and questions, with the links that each extractor's names make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset
from tadarag.evaluation.described import minus, with_intervals
from tadarag.evaluation.indexing import Progress, index_corpus
from tadarag.evaluation.measures import RETRIEVAL_MEASURES
from tadarag.evaluation.ranked_questions import rank_passages
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.retrieval_run import corpus_identity
from tadarag.extraction.extractor import Extractor
from tadarag.extraction.rules import RuleExtractor
from tadarag.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder

WITHOUT_LINKS = "no links"
"""The system that ranks by the first stage alone."""


def run_graph_worth(
    dataset: Dataset,
    extractors: Mapping[str, Extractor],
    encoder: Encoder,
    *,
    base_folder: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, tuple[RetrievalRecord, ...]]:
    """The records of every extractor by its name, and those without links.

    The corpus is encoded once, with the rules; every extractor then derives a copy of that base again, which takes the vectors over.
    base_folder: keeps the first base for the next run. Raises UsageError for a data set without judged questions.
    """
    if not dataset.judged():
        raise UsageError(f"{dataset.name}: no question has a gold passage", "check --qrels and --limit")
    records: dict[str, tuple[RetrievalRecord, ...]] = {}
    with TemporaryDirectory(prefix="tadarag-eval-") as temporary:
        first = base_folder or Path(temporary) / "first"
        with KnowledgeBase.open(_made(first), encoder=encoder, extractor=RuleExtractor()) as base:
            index_corpus(base, dataset.passages, identity=corpus_identity(dataset.passages, encoder), progress=progress)
            records[WITHOUT_LINKS] = _asked(base, dataset, progress, name=WITHOUT_LINKS, linked=False)
        for number, (name, extractor) in enumerate(extractors.items()):
            folder = Path(temporary) / f"copy-{number}"
            copytree(first, folder)
            with KnowledgeBase.open(folder, encoder=encoder, extractor=extractor, to_reindex=True) as base:
                base.reindex(progress=lambda event, name=name: progress(f"extracting {name}", event.n_passages, len(dataset.passages)))  # type: ignore[misc]
                records[name] = _asked(base, dataset, progress, name=name)
    return records


def describe_graph_worth(dataset: Dataset, records: Mapping[str, tuple[RetrievalRecord, ...]], ours: str) -> dict[str, Any]:
    """Measures of every extractor with intervals, and those of `ours` minus each other's, question by question."""
    return {
        "graph_of": dataset.name,
        "n_queries": len(records[ours]),
        "n_passages": len(dataset.passages),
        "data_sha256": dataset.digest,
        "systems": {name: with_intervals(RETRIEVAL_MEASURES, found) for name, found in records.items()},
        "ours": ours,
        "minus": minus(ours, RETRIEVAL_MEASURES, records),
    }


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _asked(base: KnowledgeBase, dataset: Dataset, progress: Progress, *, name: str, linked: bool = True) -> tuple[RetrievalRecord, ...]:
    found = []
    for done, question in enumerate(dataset.judged(), start=1):
        ranking = rank_passages(base, question.text, system="fused" if linked else "f")
        found.append(RetrievalRecord(question=question.id, gold=dataset.qrels[question.id], ranking=ranking, type=question.type))
        progress(f"asking {name}", done, len(dataset.judged()))
    return tuple(found)
