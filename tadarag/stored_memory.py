"""A document's memory as `mom` has it, made of what a record keeps of it: to be judged, written out, and learned from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mom.judges import Judge as Judge
from mom.judges import encoder_judge, lexical_judge
from mom.memory_json import memory_to_json, text_hash
from mom.model_judge import LikelihoodJudge
from mom.scoring import score_memory
from mom.values import Item, Memory, OutlineEntry, Span
from tadarag.models.encoder import Encoder
from tadarag.values import Record
from tadarag.values import Span as DocumentSpan


def stored_memory(record: Record, builder: str, *, judge: Judge | None = None) -> Memory:
    """The memory, judged anew; what was judged when it was built stands in `record.memory`.

    builder: the fingerprint of the builder that made it. judge: the lexical one by default.
    """
    headed = [entry for entry in record.memory.outline if not entry.is_topic]
    places = [entry.chunk for entry in headed]
    items = []
    for index, chunk in enumerate(record.chunks):
        section = bisect_right(places, index)
        items.append(
            Item(
                span=Span(chunk.span.start, chunk.span.end),
                path=chunk.heading_path,
                sentences=_spans(chunk.sentences),
                core=_spans(chunk.core),
                level=headed[section - 1].level if section else 0,
                outline=chunk.outline,
                left_out=chunk.left_out,
                statement=chunk.statement,
            )
        )
    memory = Memory(
        items=tuple(items),
        outline=tuple(OutlineEntry(entry.title, entry.level, entry.chunk, entry.is_topic) for entry in record.memory.outline),
        scenario=record.memory.scenario,
        fingerprint=builder,
        text_sha256=text_hash(record.document.text),
        notes=record.memory.notes,
    )
    return score_memory(record.document.text, memory, judge=judge or lexical_judge())


def memory_record(record: Record, builder: str, *, judge: Judge | None = None) -> dict[str, Any]:
    """The memory as JSON, see `mom.memory_json.memory_to_json`; `doc_id` is the source's name."""
    return memory_to_json(stored_memory(record, builder, judge=judge), record.document.text, doc_id=str(record.source))


def judge_by_encoder(encoder: Encoder) -> Judge:
    """The judge that compares neighbouring sentences by their vectors, each read by itself."""

    def encode(sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([encoder.read(sentence).vector for sentence in sentences])

    return encoder_judge(f"encoder {encoder.fingerprint[:16]}", encode)


def judge_by_model(place: str) -> Judge:
    """The judge that asks a causal model for likelihoods. place: the folder of a local model that transformers reads."""
    from mom.transformers_model import TransformersModel

    return LikelihoodJudge(model=TransformersModel.load(place))


def _spans(spans: Sequence[DocumentSpan]) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end) for span in spans)
