"""BM25 from term counts and the exact live number, lengths and document frequencies; never from an index's own statistics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import key
from tadarag.retrieval.ranking import Scores
from tadarag.store.protocol import Rows, Snapshot


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's k1 (saturation of term counts) and b (normalisation by length)."""

    k1: float
    b: float


PASSAGES = Saturation(1.2, 0.75)
SENTENCES = Saturation(0.9, 0.4)
LexicalField = Literal["passage", "sentence", "outline", "core"]


@dataclass(frozen=True, slots=True)
class _Statistics:
    """Lengths of a field's entries in terms, how many entries live and the sum of their lengths: what BM25 needs beside postings."""

    lengths: NDArray[np.int32]
    n_live: int
    n_terms: int


def _statistics(rows: Rows, field: LexicalField) -> _Statistics:
    if field == "sentence":
        return _Statistics(rows.sentence_lengths, rows.n_live_sentences, rows.live_sentence_terms)
    if field == "outline":
        return _Statistics(rows.outline_lengths, rows.n_layered, rows.live_outline_terms)
    if field == "core":
        return _Statistics(rows.core_lengths, rows.n_layered, rows.live_core_terms)
    return _Statistics(rows.passage_lengths, rows.n_live, rows.live_terms)


class LexicalScorer:
    """BM25 over the passages, the sentences, or the passages' entries in a layer, of one snapshot.

    score(d) = sum over terms of weight * idf * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / mean |d|)),
    idf = ln(1 + (N - df + 0.5) / (df + 0.5)). Source: Robertson and Zaragoza 2009; the idf is Lucene's, which is never negative.
    What one term contributes is kept, since the residual searches of a question use the same terms again and again.
    """

    def __init__(self, snapshot: Snapshot, field: LexicalField) -> None:
        statistics = _statistics(snapshot.rows, field)
        self._snapshot = snapshot
        self._field: LexicalField = field
        self._saturation = SENTENCES if field == "sentence" else PASSAGES
        self._lengths = statistics.lengths
        self._n_live = statistics.n_live
        self._mean_length = statistics.n_terms / self._n_live if self._n_live else 0.0
        self._scratch = np.zeros(len(self._lengths))
        self._contributions: dict[int, tuple[NDArray[np.int32], Scores]] = {}

    def scores(self, weights: Mapping[int, float]) -> Scores:
        """float64[N], dead ones 0; `weights` by term key. Terms are added in the order of their keys: a float sum depends on its order."""
        scores = np.zeros(len(self._lengths))
        for term in sorted(weights):
            ids, values = self._contribution(term)
            scores[ids] += weights[term] * values
        return scores

    def shares(self, weights: Mapping[int, float], ids: NDArray[np.int64]) -> Scores:
        """Scores of some ids as shares of the best score of all: `share_of_best(scores(weights))[ids]`, in time that follows the postings."""
        terms = [self._contribution(term) for term in sorted(weights)]
        for term, (holders, values) in zip(sorted(weights), terms, strict=True):
            self._scratch[holders] += weights[term] * values
        highest = max((float(self._scratch[holders].max(initial=0.0)) for holders, _ in terms), default=0.0)
        found = self._scratch[ids] / highest if highest > 0 else np.zeros(len(ids))
        for holders, _ in terms:
            self._scratch[holders] = 0.0
        return found

    def values(self, term: int, ids: NDArray[np.int64]) -> Scores:
        """What one term, with weight 1, contributes to the scores of some ids; 0 for those that do not hold it."""
        holders, contributed = self._contribution(term)
        if not len(holders):
            return np.zeros(len(ids))
        at = np.minimum(np.searchsorted(holders, ids), len(holders) - 1)
        return np.where(holders[at] == ids, contributed[at], 0.0)

    def idf(self, term: int) -> float:
        """The weight of a term by its rarity: ln(1 + (N - df + 0.5) / (df + 0.5))."""
        return self._idf(len(self._contribution(term)[0]))

    def _idf(self, df: int) -> float:
        return float(np.log(1 + (self._n_live - df + 0.5) / (df + 0.5)))

    def _contribution(self, term: int) -> tuple[NDArray[np.int32], Scores]:
        known = self._contributions.get(term)
        if known is not None:
            return known
        postings = self._snapshot.postings(self._field, term)
        ids, counts = postings.ids, postings.counts.astype(np.float64)
        k1, b = self._saturation.k1, self._saturation.b
        idf = self._idf(len(ids))
        relative_length = self._lengths[ids] / self._mean_length if self._mean_length else np.ones(len(ids))
        values = idf * counts * (k1 + 1) / (counts + k1 * (1 - b + b * relative_length))
        self._contributions[term] = ids, values
        return ids, values


def term_weights(terms: Iterable[str]) -> dict[int, float]:
    """Weights of a query's terms: how often each occurs in it."""
    weights: dict[int, float] = {}
    for term in terms:
        term_key = key(term)
        weights[term_key] = weights.get(term_key, 0.0) + 1.0
    return weights
