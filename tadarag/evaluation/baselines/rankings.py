"""Ranks one corpus by every baseline, sharing what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.baselines import Ranking
from tadarag.evaluation.baselines.bm25 import Bm25
from tadarag.evaluation.baselines.dense import Dense
from tadarag.evaluation.baselines.fusion import LEXICAL_WEIGHT, ranked, reciprocal_rank_fusion, rescaled
from tadarag.evaluation.baselines.pagerank import PageRank
from tadarag.evaluation.beir import Passages, shuffle_key
from tadarag.evaluation.measures import RANKING_DEPTH
from tadarag.values import Vectors


class BaselineIndex:
    """All baselines over one corpus. index_seconds: by baseline, without the encoding (they use the product's vectors)."""

    def __init__(self, passages: Passages, vectors: Sequence[tuple[Vectors, ...]]) -> None:
        order = sorted(range(len(passages)), key=lambda place: shuffle_key(passages.ids[place]))  # ties must not follow the order given
        passages, vectors = passages.taken(order), [vectors[place] for place in order]
        titled = [f"{title}. {text}" if title else text for title, text in zip(passages.titles, passages.texts, strict=True)]
        self._ids = passages.ids
        started = perf_counter()
        self._bm25 = Bm25(titled)
        bm25_seconds = perf_counter() - started
        started = perf_counter()
        self._dense = Dense(vectors)
        dense_seconds = perf_counter() - started
        started = perf_counter()
        self._pagerank = PageRank(passages.titles, passages.texts)
        both = bm25_seconds + dense_seconds
        ppr_seconds = both + perf_counter() - started
        self.index_seconds = {"bm25": bm25_seconds, "dense": dense_seconds, "rrf": both, "ppr": ppr_seconds, "rrf+ppr": ppr_seconds}

    def rank(self, question: str, query: NDArray[np.float32], encoding_seconds: float) -> dict[str, Ranking]:
        """Rankings by baseline. query: float32[d], the question's unit vector, which took `encoding_seconds` to make."""
        n_passages = len(self._ids)
        clock = perf_counter()
        lexical = self._bm25.scores(question)
        lexical_order = ranked(lexical, matches=lexical > 0)
        clock, bm25_seconds = perf_counter(), perf_counter() - clock
        dense = self._dense.passage_scores(query)
        dense_order = ranked(dense)
        clock, dense_seconds = perf_counter(), perf_counter() - clock + encoding_seconds
        fused_order = ranked(reciprocal_rank_fusion([lexical_order, dense_order], n_passages))
        clock, rrf_seconds = perf_counter(), perf_counter() - clock + bm25_seconds + dense_seconds
        linear = LEXICAL_WEIGHT * rescaled(lexical) + (1 - LEXICAL_WEIGHT) * rescaled(dense + self._dense.sentence_scores(query))
        walk_order = ranked(self._pagerank.scores(question, np.asarray(linear, dtype=np.float32)))
        clock, ppr_seconds = perf_counter(), perf_counter() - clock + bm25_seconds + dense_seconds
        all_order = ranked(reciprocal_rank_fusion([lexical_order, dense_order, walk_order], n_passages))
        all_seconds = perf_counter() - clock + ppr_seconds
        found = {
            "bm25": (lexical_order, bm25_seconds),
            "dense": (dense_order, dense_seconds),
            "rrf": (fused_order, rrf_seconds),
            "ppr": (walk_order, ppr_seconds),
            "rrf+ppr": (all_order, all_seconds),
        }
        return {
            name: Ranking(ids=tuple(self._ids[place] for place in order[:RANKING_DEPTH]), seconds=seconds)
            for name, (order, seconds) in found.items()
        }
