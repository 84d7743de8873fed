"""Finds the topics of documents with our segmenter and the usual ones, and judges where each was found to begin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mom.topics import topic_starts
from tadarag.errors import UsageError
from tadarag.evaluation.beir import file_hash, json_lines, refuse_repeated, shuffle_key, text_field
from tadarag.evaluation.bootstrap import SEED
from tadarag.evaluation.chunkers import SEGMENTERS, Chunker, usual_segmenters
from tadarag.evaluation.described import chosen_systems, minus, with_intervals
from tadarag.evaluation.indexing import Progress
from tadarag.evaluation.measures import SEGMENTATION_MEASURES
from tadarag.evaluation.records import SegmentationRecord
from tadarag.evaluation.text_vectors import TextVectors
from tadarag.values import Span

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder

OURS = "mom"
SYSTEMS = (OURS, *SEGMENTERS)
_LAYOUT = 'give JSONL with "_id" and "segments", a list of lists of sentences'


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedDocument:
    """A document as its sentences (or turns) and the index of the first one of each of its segments."""

    id: str
    sentences: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentationRun:
    """A record of every document, in the same order, for each system."""

    dataset: str
    digest: str
    systems: Mapping[str, tuple[SegmentationRecord, ...]]


def dataset_name(file: Path) -> str:
    """What a data file goes by in results: its name without endings."""
    return file.name.split(".")[0]


def load_segmented(file: Path, *, limit: int | None = None) -> tuple[SegmentedDocument, ...]:
    """Read rows {"_id", "segments": [[sentence, …], …]}, shuffled with a fixed seed; blank sentences and empty segments are dropped.

    limit: that many documents. Raises UsageError for a missing or malformed file, a repeated id, and a document without sentences.
    """
    documents = list(_documents(file))
    refuse_repeated([document.id for document in documents], file)
    if not documents:
        raise UsageError(f"{file.name} holds no document", _LAYOUT)
    return tuple(sorted(documents, key=lambda document: shuffle_key(document.id))[:limit])


def run_segmentation(
    documents: Sequence[SegmentedDocument],
    *,
    dataset: str,
    digest: str,
    encoder: Encoder,
    systems: Sequence[str] = (),
    progress: Progress = lambda stage, done, total: None,
) -> SegmentationRun:
    """Cut every document with each system; only its sentences are handed over.

    The baselines get the sentences joined by line ends as one text, with the sentences' ranges; each of their cuts counts at the sentence
    that begins nearest to it (of two as near, the earlier). systems: some of `SYSTEMS`, all when empty. Raises UsageError for another name.
    """
    names = chosen_systems(systems, SYSTEMS)
    segment = _segmenters(encoder, progress)
    runs: dict[str, tuple[SegmentationRecord, ...]] = {}
    for name in names:
        records = []
        for done, document in enumerate(documents, start=1):
            found = tuple(segment[name](document.sentences))
            records.append(
                SegmentationRecord(document=document.id, n_sentences=len(document.sentences), reference=document.starts, found=found)
            )
            progress(f"{dataset}: {name}", done, len(documents))
        runs[name] = tuple(records)
    return SegmentationRun(dataset=dataset, digest=digest, systems=runs)


def describe_segmentation(run: SegmentationRun) -> dict[str, Any]:
    """The JSON form: Pk and WindowDiff of each system with intervals over documents, and the differences mom minus each other system."""
    records = next(iter(run.systems.values()))
    segments = {name: sum(len(record.found) for record in records) / len(records) for name, records in run.systems.items()}
    return {
        "corpus": run.dataset,
        "n_documents": len(records),
        "n_documents_of_one_segment": sum(len(record.reference) == 1 for record in records),
        "n_sentences": sum(record.n_sentences for record in records),
        "segments_per_document": sum(len(record.reference) for record in records) / len(records),
        "seed": SEED,
        "data_sha256": run.digest,
        "systems": {
            name: {**with_intervals(SEGMENTATION_MEASURES, records), "segments_per_document": segments[name]}
            for name, records in run.systems.items()
        },
        "mom_minus": minus(OURS, SEGMENTATION_MEASURES, run.systems),
    }


def data_digest(file: Path) -> str:
    """SHA-256 of the data file."""
    return file_hash(file)


def _documents(file: Path) -> Iterator[SegmentedDocument]:
    for number, row in json_lines(file):
        segments = row.get("segments")
        if not isinstance(segments, list) or not all(isinstance(segment, list) for segment in segments):
            raise UsageError(f'{file.name}, line {number}: no list of segments "segments"', _LAYOUT)
        kept = [[str(sentence) for sentence in segment if str(sentence).strip()] for segment in segments]
        lengths = [len(segment) for segment in kept if segment]
        if not lengths:
            raise UsageError(f"{file.name}, line {number}: a document without sentences", _LAYOUT)
        yield SegmentedDocument(
            id=text_field(row, "_id", file, number),
            sentences=tuple(sentence for segment in kept for sentence in segment),
            starts=(0, *accumulate(lengths[:-1])),
        )


def _segmenters(encoder: Encoder, progress: Progress) -> dict[str, Callable[[Sequence[str]], Sequence[int]]]:
    vectors = TextVectors(encoder, lambda stage, done, total: None)  # a document at a time: its own progress would only flicker
    usual = usual_segmenters(encoder.count_tokens, lambda texts: vectors.unit(texts, stage="encoding"))
    baselines = {name: _on_sentences(chunker) for name, chunker in usual.items()}
    return {OURS: topic_starts, **baselines}


def _on_sentences(chunker: Chunker) -> Callable[[Sequence[str]], Sequence[int]]:
    def segment(sentences: Sequence[str]) -> list[int]:
        starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences[:-1])]
        spans = [Span(start, start + len(sentence)) for start, sentence in zip(starts, sentences, strict=True)]
        cuts = [chunk.start for chunk in chunker("\n".join(sentences), spans)]
        return sorted({0, *(nearest_start(cut, starts) for cut in cuts)})

    return segment


def nearest_start(cut: int, starts: Sequence[int]) -> int:
    """Index of the sentence that begins nearest to a cut. starts: where sentences begin, ascending."""
    after = min(bisect_left(starts, cut), len(starts) - 1)
    return after - 1 if after and cut - starts[after - 1] <= starts[after] - cut else after
