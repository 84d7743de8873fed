"""Training records for a model that writes memories, from the memories of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mom.chains import Refusal, Source, Thinking, export_training
from tadarag.stored_memory import stored_memory
from tadarag.values import Record


def training_records(records: Sequence[tuple[Record, str]], *, thinking: Thinking = "both") -> Iterator[dict[str, Any] | Refusal]:
    """See `mom.chains.export_training`. records: with the fingerprints of the builders that made their memories."""
    sources = [
        Source(doc_id=str(record.source), text=record.document.text, memory=stored_memory(record, builder)) for record, builder in records
    ]
    yield from export_training(sources, thinking=thinking)
