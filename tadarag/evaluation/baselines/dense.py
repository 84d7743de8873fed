"""Exact dense retrieval over the vectors that the product's own index holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tadarag.values import Vectors


class Dense:
    """Cosines of a query vector to every passage: the best of its chunks, and the best of its sentences."""

    def __init__(self, passages: Iterable[tuple[Vectors, ...]]) -> None:
        """passages: for each passage the vectors of its chunks as stored (int8 with a scale)."""
        chunks: list[NDArray[np.float32]] = []
        sentences: list[NDArray[np.float32]] = []
        chunk_owners: list[int] = []
        sentence_owners: list[int] = []
        n_passages = 0
        for owner, vectors in enumerate(passages):
            n_passages += 1
            for stored in vectors:
                chunks.append(stored.vector.astype(np.float32)[None] * np.float32(stored.scale))
                chunk_owners.append(owner)
                sentences.append(stored.sentences.astype(np.float32) * stored.sentence_scales[:, None])
                sentence_owners.extend([owner] * len(stored.sentences))
        self._n_passages = n_passages
        self._chunks = np.concatenate(chunks)
        self._sentences = np.concatenate(sentences)
        self._chunk_owners = np.asarray(chunk_owners, dtype=np.int64)
        self._sentence_owners = np.asarray(sentence_owners, dtype=np.int64)

    def passage_scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[n]: the best chunk's cosine; -1 for a passage without a chunk."""
        return self._best(self._chunks @ query, self._chunk_owners)

    def sentence_scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[n]: the best sentence's cosine; -1 for a passage without a sentence."""
        return self._best(self._sentences @ query, self._sentence_owners)

    def _best(self, cosines: NDArray[np.float32], owners: NDArray[np.int64]) -> NDArray[np.float32]:
        best = np.full(self._n_passages, -1, dtype=np.float32)
        np.maximum.at(best, owners, cosines)
        return best
