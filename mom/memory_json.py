"""A memory as a JSON record and back: the form in which memories are shown, exported and compared (mom.md 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from mom.judges import core_text
from mom.values import Item, ItemScores, Memory, MemoryScores, OutlineEntry, Span

VERSION = 1
"""Of the record; raised when a reader of the old form would misread the new one."""


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, lone surrogates passed, as hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def memory_to_json(memory: Memory, text: str, *, doc_id: str = "") -> dict[str, Any]:
    """The record of a memory: what `json.dumps` takes. Spans are [start, end) in code points of `text`.

    Each item's core is given in words and, where its sentences make it, as `core_spans`; `statement` holds a model's own words.
    Raises ValueError when the memory was made of another text.
    """
    digest = text_hash(text)
    if memory.text_sha256 and memory.text_sha256 != digest:
        raise ValueError(f"the memory was made of another text: {memory.text_sha256[:12]}, not {digest[:12]}")
    return {
        "version": VERSION,
        "doc_id": doc_id,
        "text_sha256": digest,
        "scenario": memory.scenario,
        "builder": memory.fingerprint,
        "items": [_item_record(index, item, text) for index, item in enumerate(memory.items)],
        "outline": [
            {"title": entry.title, "level": entry.level, "item": entry.item, "is_topic": entry.is_topic} for entry in memory.outline
        ],
        "scores": _scores_record(memory.scores),
        "candidates": [_scores_record(scores) for scores in memory.candidates],
        "chosen": memory.chosen,
        "notes": list(memory.notes),
    }


def memory_from_json(record: Mapping[str, Any]) -> Memory:
    """The memory of a record that `memory_to_json` made. Raises ValueError for another version."""
    if record.get("version") != VERSION:
        raise ValueError(f"the record has version {record.get('version')!r}; this is version {VERSION}")
    return Memory(
        items=tuple(_item(entry) for entry in record["items"]),
        outline=tuple(OutlineEntry(**entry) for entry in record["outline"]),
        scenario=record["scenario"],
        fingerprint=record["builder"],
        text_sha256=record["text_sha256"],
        scores=_scores(record["scores"]),
        candidates=tuple(scores for entry in record["candidates"] if (scores := _scores(entry)) is not None),
        chosen=record["chosen"],
        notes=tuple(record["notes"]),
    )


def _item_record(index: int, item: Item, text: str) -> dict[str, Any]:
    scores = item.scores
    return {
        "i": index,
        "start": item.span.start,
        "end": item.span.end,
        "outline": item.outline,
        "level": item.level,
        "path": list(item.path),
        "terms": list(item.terms),
        "core": core_text(text, item),
        "core_spans": _pairs(item.core),
        "statement": item.statement,
        "sentences": _pairs(item.sentences),
        "left_out": list(item.left_out),
        "clarity_left": scores.clarity_left if scores else None,
        "gain": scores.gain if scores else None,
        "brevity": scores.brevity if scores else None,
        "support": scores.support if scores else None,
    }


def _item(entry: Mapping[str, Any]) -> Item:
    is_scored = entry["gain"] is not None
    return Item(
        span=Span(entry["start"], entry["end"]),
        path=tuple(entry["path"]),
        sentences=_spans(entry["sentences"]),
        core=_spans(entry["core_spans"]),
        level=entry["level"],
        terms=tuple(entry["terms"]),
        outline=entry["outline"],
        left_out=tuple(entry["left_out"]),
        statement=entry["statement"],
        scores=ItemScores(clarity_left=entry["clarity_left"], gain=entry["gain"], brevity=entry["brevity"], support=entry["support"])
        if is_scored
        else None,
    )


def _scores_record(scores: MemoryScores | None) -> dict[str, Any] | None:
    if scores is None:
        return None
    return {
        "judge": scores.judge,
        "published": {"clarity": scores.published_clarity, "completeness": scores.published_completeness},
        "repaired": {"clarity": scores.repaired_clarity, "completeness": scores.repaired_completeness},
    }


def _scores(record: Mapping[str, Any] | None) -> MemoryScores | None:
    if record is None:
        return None
    return MemoryScores(
        judge=record["judge"],
        published_clarity=record["published"]["clarity"],
        published_completeness=record["published"]["completeness"],
        repaired_clarity=record["repaired"]["clarity"],
        repaired_completeness=record["repaired"]["completeness"],
    )


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _spans(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
