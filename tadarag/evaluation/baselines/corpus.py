"""What a baseline is built from: the passages as the product has read them, the same encoder, and triples where a model made some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.beir import Passages
from tadarag.evaluation.triples import Triple
from tadarag.models.encoder import Encoder
from tadarag.values import Record, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Passages and, entry by entry, their records in the product's base; triples: by passage id, {} where there are none."""

    passages: Passages
    records: Sequence[Record]
    encoder: Encoder
    triples: Mapping[str, Sequence[Triple]]

    def titled(self) -> list[str]:
        """Each passage as one text, "title. text"."""
        passages = self.passages
        return [f"{title}. {text}" if title else text for title, text in zip(passages.titles, passages.texts, strict=True)]


class Ranker(Protocol):
    """A baseline over one corpus."""

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """Passage ids, best first, each once. query: float32[d], the question's unit vector."""
        ...


def chunk_vectors(vectors: Vectors) -> NDArray[np.float32]:
    """float32[d]: the vector of a chunk, of unit length."""
    return np.asarray(unit(vectors.vector.astype(np.float32)[None])[0], dtype=np.float32)


def sentence_vectors(vectors: Vectors) -> NDArray[np.float32]:
    """float32[n, d]: the vectors of a chunk's sentences, of unit length."""
    return unit(vectors.sentences.astype(np.float32))


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[n, d]: the rows scaled to unit length; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0), dtype=np.float32)
