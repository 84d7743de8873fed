"""BM25 as the library rank-bm25 has it, which many toolkits use: Okapi with floored negative idf, over our own search terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from tadarag.analysis import terms
from tadarag.evaluation.baselines.corpus import Corpus


class OkapiRanker:
    """Ranks by rank_bm25's BM25Okapi with its defaults (k1 1.5, b 0.75, epsilon 0.25). Source: Robertson and Zaragoza, 2009."""

    def __init__(self, corpus: Corpus) -> None:
        self._ids = corpus.passages.ids
        self._index = BM25Okapi([terms(text) for text in corpus.titled()])

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """The passages that share a term with the question."""
        scores = np.asarray(self._index.get_scores(terms(question)))
        return [self._ids[place] for place in np.argsort(-scores, kind="stable") if scores[place] > 0]
