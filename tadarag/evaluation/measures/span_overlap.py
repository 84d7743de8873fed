"""Overlap of retrieved chunks with the spans that answer a question, in characters: recall, precision, IoU, and the best a cut allows.

Source of the definitions: Smith and Troynikov, Evaluating Chunking Strategies for Retrieval, Chroma technical report, 2024, and the code
of github brandonstarxel/chunking_evaluation (evaluation_framework/base_evaluation.py). The report says tokens; its code counts
characters, and so does this. A character that several chunks hold is found once, but paid for in each of them.
"""

from collections.abc import Iterable, Sequence

from tadarag.evaluation.records import ChunkingRecord, SourceSpan
from tadarag.values import Span


def span_recall(record: ChunkingRecord) -> float:
    """Characters of the references that the retrieved chunks hold / characters of the references."""
    return _n_shared(record.retrieved, record.references) / _total(record.references)


def span_precision(record: ChunkingRecord) -> float:
    """Characters of the references that the retrieved chunks hold / characters of all retrieved chunks; 0.0 without a chunk."""
    return _n_shared(record.retrieved, record.references) / (_total(record.retrieved) or 1)


def span_iou(record: ChunkingRecord) -> float:
    """Characters held / (characters of all retrieved chunks + characters of the references that none of them holds)."""
    missed = sum(_total([reference]) - _n_shared(record.retrieved, [reference]) for reference in record.references)
    return _n_shared(record.retrieved, record.references) / (_total(record.retrieved) + missed)


def precision_omega(record: ChunkingRecord) -> float:
    """Precision with perfect recall: what a retriever would score that returned every chunk with a part of the answer and no other.

    Characters of the references inside the chunks that hold or touch them / characters of the union of these chunks and the references.
    """
    union = _merged([*record.holders, *record.references])
    return _n_shared(record.holders, record.references) / sum(end - start for ranges in union.values() for start, end in ranges)


def answer_recall(record: ChunkingRecord) -> float:
    """1.0 if a retrieved chunk shares a character with any reference, else 0.0: for references that are alternatives."""
    return float(any(_shared(chunk, reference) for chunk in record.retrieved for reference in record.references))


def whole_answer_recall(record: ChunkingRecord) -> float:
    """1.0 if a retrieved chunk holds any reference from its first character to its last, else 0.0."""
    lengths = {reference: reference.span.end - reference.span.start for reference in record.references}
    return float(any(_shared(chunk, reference) == length > 0 for chunk in record.retrieved for reference, length in lengths.items()))


def _n_shared(chunks: Sequence[SourceSpan], references: Sequence[SourceSpan]) -> int:
    """Characters that lie in a chunk and in a reference, each once."""
    shared = [
        SourceSpan(source=chunk.source, span=Span(max(chunk.span.start, reference.span.start), min(chunk.span.end, reference.span.end)))
        for chunk in chunks
        for reference in references
        if _shared(chunk, reference)
    ]
    return sum(end - start for ranges in _merged(shared).values() for start, end in ranges)


def _shared(one: SourceSpan, other: SourceSpan) -> int:
    if one.source != other.source:
        return 0
    return max(0, min(one.span.end, other.span.end) - max(one.span.start, other.span.start))


def _merged(places: Iterable[SourceSpan]) -> dict[str, list[tuple[int, int]]]:
    """The union of the places, by source."""
    merged: dict[str, list[tuple[int, int]]] = {}
    for place in sorted(places, key=lambda place: (place.source, place.span.start, place.span.end)):
        ranges = merged.setdefault(place.source, [])
        if ranges and place.span.start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], place.span.end))
        else:
            ranges.append((place.span.start, place.span.end))
    return merged


def _total(places: Sequence[SourceSpan]) -> int:
    return sum(place.span.end - place.span.start for place in places)
