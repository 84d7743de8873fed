"""Small records made by rule, for tests of stores: real chunks, names and vectors without parser, builder or encoder."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from tadarag.analysis import capitalised_names
from tadarag.values import Chunk, Document, Extraction, Mention, Record, SourceName, Span, Vectors

DIMENSION = 16
SETTINGS = {"encoder": "test", "dimension": str(DIMENSION)}


def make_record(source: SourceName | str, *paragraphs: str, title: str = "") -> Record:
    """A record whose chunks are its paragraphs, one sentence for each line; everything follows from the text."""
    name = SourceName(".", source) if isinstance(source, str) else source
    text = "\n\n".join(paragraphs)
    chunks: list[Chunk] = []
    mentions: list[Mention] = []
    start = 0
    for ordinal, paragraph in enumerate(paragraphs):
        end = start + len(paragraph) + (2 if ordinal < len(paragraphs) - 1 else 0)
        sentences = _lines(paragraph, start)
        path = (title,) if title else ()
        chunks.append(
            Chunk(
                id=f"{_digest(title, paragraph)[:16]}:{ordinal}",
                span=Span(start, end),
                heading_path=path,
                sentences=sentences,
                core=sentences[:1],
                subject=title,
                outline=paragraph.split(" ")[0],
            )
        )
        for index, sentence in enumerate(sentences):
            for found in capitalised_names(sentence.of(text)):
                span = Span(sentence.start + found.start, sentence.start + found.end)
                mentions.append(Mention(span=span, text=span.of(text), kind="name", chunk=ordinal, sentence=index))
        start = end
    return Record(
        source=name,
        content=_digest(title, text),
        document=Document(text=text, title=title, language="en"),
        chunks=tuple(chunks),
        vectors=tuple(_vectors(title, chunk, text) for chunk in chunks),
        vector_keys=tuple(_digest("vector", title, chunk.span.of(text)) for chunk in chunks),
        extraction=Extraction(mentions=tuple(mentions)),
        domain="news",
    )


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


def _lines(paragraph: str, start: int) -> tuple[Span, ...]:
    spans, at = [], start
    for line in paragraph.split("\n"):
        if line.strip():
            spans.append(Span(at, at + len(line)))
        at += len(line) + 1
    return tuple(spans)


def _vectors(title: str, chunk: Chunk, text: str) -> Vectors:
    def bytes_of(part: str) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
        return np.frombuffer(sha256(f"{title}\0{part}".encode()).digest()[:DIMENSION], np.int8)

    sentences = [bytes_of(span.of(text)) for span in chunk.sentences]
    return Vectors(
        vector=bytes_of(chunk.span.of(text)),
        scale=1 / 512,
        sentences=np.array(sentences, np.int8).reshape(len(sentences), DIMENSION),
        sentence_scales=np.full(len(sentences), 1 / 256, np.float32),
    )
