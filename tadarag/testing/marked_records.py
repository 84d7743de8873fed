"""Records from sentences in which names are marked by hand: documents for the graph, without encoder and extractor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tadarag.testing.records import DIMENSION
from tadarag.values import Chunk, Document, Entity, Extraction, Mention, Record, Relation, SourceName, Span, Vectors

_MARKED = re.compile(r"\[(?P<text>[^|\]]+)\|(?P<kind>\w+)\]")


def marked_record(path: str, *sentences: str, title: str = "", date: str = "", facts: Sequence[tuple[str, str, str]] = ()) -> Record:
    """A record of one chunk; "[Petra Solvane|person] left." is a sentence with one mention.

    Equal names of one kind are one entity; a date's text is its normal value. facts: (head, predicate, tail) by the texts of mentions;
    the evidence is the first sentence that has both. Raises ValueError when there is none.
    """
    text = ""
    spans: list[Span] = []
    mentions: list[Mention] = []
    for sentence in sentences:
        start, done = len(text), 0
        for match in _MARKED.finditer(sentence):
            text += sentence[done : match.start()]
            span = Span(len(text), len(text) + len(match["text"]))
            normal = match["text"] if match["kind"] == "time" else ""
            mentions.append(Mention(span=span, text=match["text"], kind=match["kind"], chunk=0, sentence=len(spans), normal=normal))
            text += match["text"]
            done = match.end()
        text += sentence[done:]
        spans.append(Span(start, len(text)))
        text += "\n"
    groups: dict[tuple[str, str], list[int]] = {}
    for index, mention in enumerate(mentions):
        groups.setdefault((mention.text, mention.kind), []).append(index)
    numbers = {name: number for number, (name, _) in enumerate(groups)}
    relations = tuple(
        Relation(head=numbers[head], predicate=predicate, tail=numbers[tail], evidence=_evidence(text, spans, head, tail))
        for head, predicate, tail in facts
    )
    return Record(
        source=SourceName(".", path),
        content=path,
        document=Document(text=text, title=title, date=date),
        chunks=(Chunk(id=path, span=Span(0, len(text)), sentences=tuple(spans)),),
        vectors=(),
        vector_keys=(),
        extraction=Extraction(
            mentions=tuple(mentions),
            entities=tuple(Entity(name=name, kind=kind, mentions=tuple(indexes)) for (name, kind), indexes in groups.items()),
            relations=relations,
        ),
    )


def with_vectors(record: Record) -> Record:
    """The record as a store takes it: with vectors, all zero, of the dimension of `tadarag.testing.records`."""
    vectors = tuple(
        Vectors(
            vector=np.zeros(DIMENSION, np.int8),
            scale=1.0,
            sentences=np.zeros((len(chunk.sentences), DIMENSION), np.int8),
            sentence_scales=np.ones(len(chunk.sentences), np.float32),
        )
        for chunk in record.chunks
    )
    return replace(record, vectors=vectors, vector_keys=tuple(f"{record.content}/{chunk.id}" for chunk in record.chunks))


def _evidence(text: str, spans: Sequence[Span], head: str, tail: str) -> Span:
    for span in spans:
        if head in span.of(text) and tail in span.of(text):
            return span
    raise ValueError(f"no sentence has both {head!r} and {tail!r}")
