"""Semantic chunking: a cut wherever neighbouring sentences are unusually far apart for an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.chunkers.sentence_cuts import chunks_between
from tadarag.values import Span


def semantic_chunks(sentences: Sequence[Span], vectors: NDArray[np.float32], *, percentile: float) -> list[Span]:
    """Chunks that end where the cosine distance to the next sentence is above the percentile of all such distances in the text.

    vectors: float32[n, d] of unit length, one a sentence. The percentile is interpolated linearly; fewer than two sentences have no cut.
    Source: Kamradt, 5 Levels of Text Splitting, 2023, as in LangChain's SemanticChunker with buffer_size 0.
    """
    if not sentences:
        return []
    distances = 1.0 - np.sum(vectors[:-1].astype(np.float64) * vectors[1:], axis=1)
    cuts = np.flatnonzero(distances > np.percentile(distances, percentile)) + 1 if len(distances) else np.empty(0, np.int64)
    return chunks_between(cuts.tolist(), sentences)
