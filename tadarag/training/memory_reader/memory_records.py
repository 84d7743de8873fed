"""The training records of mom as a stage keeps them: made of documents, parted by documents, asked as the tuned model will be asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mom.candidates import build_candidates
from mom.chains import Refusal, Source, Thinking, export_training
from mom.memory_builder import build
from tadarag.errors import TrainingError
from tadarag.training.memory_reader.memory_sample import MemoryTask
from tadarag.training.memory_reader.source_documents import SourceDocument

RECORDS = "records.jsonl"
HELD_OUT = "validation"
THINKING: tuple[Thinking, ...] = ("both", "with", "without")


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryRecord:
    """One record: what is asked, the reply to be learned, and the text that both are about. is_held_out: it is measured on, not learned."""

    record_id: str
    system: str
    user: str
    target: str
    task: MemoryTask
    is_held_out: bool


def records_of(
    documents: Sequence[SourceDocument], *, thinking: Thinking, window_units: int, n_candidates: int = 6
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """mom's records of the best memory of each document, cut as a MemReader will read them; and how many parts gave none, by reason.

    n_candidates: 6 to choose among six readings, 1 for the builder's own. Raises TrainingError for another number or kind of record.
    """
    if thinking not in THINKING or n_candidates not in (1, 6):
        raise TrainingError(
            f"thinking is {thinking!r} and n_candidates is {n_candidates}",
            f"choose thinking from {', '.join(THINKING)}, n_candidates 1 or 6",
        )
    sources = [_source(one, n_candidates) for one in documents]
    found, refused = [], Counter[str]()
    for record in export_training(sources, thinking=thinking, window_units=window_units, by_sections=True):
        if isinstance(record, Refusal):
            refused[record.reason] += 1
        else:
            found.append(record)
    return found, dict(sorted(refused.items()))


def write_records(records: Sequence[dict[str, Any]], file: Path) -> None:
    """One record a line."""
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")


def read_records(file: Path) -> list[MemoryRecord]:
    """Records as `tadarag mom export-training` and `write_records` write them. Raises TrainingError that names the line of one that is none."""
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            found.append(_record(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"line {number} of {file.name} is no training record: {error!r}", "write it with: tadarag mom export-training"
            ) from error
    return found


def parted(records: Sequence[MemoryRecord], *, at_least: int = 1) -> tuple[list[MemoryRecord], list[MemoryRecord]]:
    """Those to learn and those held out. Raises TrainingError where a part has fewer than `at_least`."""
    taught, held = [one for one in records if not one.is_held_out], [one for one in records if one.is_held_out]
    if min(len(taught), len(held)) < at_least:
        raise TrainingError(f"{len(taught)} records are to be learned and {len(held)} held out: too few", "add documents")
    return taught, held


def _source(one: SourceDocument, n_candidates: int) -> Source:
    make = build if n_candidates == 1 else build_candidates
    memory = make(one.text, title=one.title, headings=one.headings, blocks=one.blocks)
    return Source(doc_id=one.doc_id, text=one.text, memory=memory, licence=one.licence)


def _record(value: dict[str, Any]) -> MemoryRecord:
    system, user = value["prompt"]
    return MemoryRecord(
        record_id=value["id"],
        system=system["content"],
        user=user["content"],
        target=value["target"],
        task=MemoryTask(document=value["document"], scenario=value["scenario"], thinks=bool(value["think"])),
        is_held_out=value["meta"]["split"] == HELD_OUT,
    )
