"""BM25 from term counts and the exact live number, lengths and document frequencies; never from an index's own statistics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import key
from tadarag.retrieval.ranking import Scores
from tadarag.store.protocol import LiveCounts, Rows, Snapshot


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's k1 (saturation of term counts) and b (normalisation by length)."""

    k1: float
    b: float


PASSAGES = Saturation(1.2, 0.75)
SENTENCES = Saturation(0.9, 0.4)
LexicalField = Literal["passage", "sentence", "outline", "core"]


def _lengths(rows: Rows, field: LexicalField) -> NDArray[np.int32]:
    """Of a field's entries, in terms."""
    if field == "sentence":
        return rows.sentence_lengths
    if field == "outline":
        return rows.outline_lengths
    return rows.core_lengths if field == "core" else rows.passage_lengths


def _n_and_terms(counts: LiveCounts, field: LexicalField) -> tuple[int, int]:
    """How many entries of a field there are, and the sum of their lengths."""
    if field == "sentence":
        return counts.n_sentences, counts.sentence_terms
    if field == "outline":
        return counts.n_layered, counts.outline_terms
    return (counts.n_layered, counts.core_terms) if field == "core" else (counts.n_passages, counts.passage_terms)


@dataclass(frozen=True, slots=True)
class _Population:
    """The entries of a field that BM25's statistics are of: their number, the sum of their lengths in terms, and bool[N] which they are; None: all."""

    n: int
    n_terms: int
    members: NDArray[np.bool_] | None

    def count(self, ids: NDArray[np.int32]) -> int:
        """How many of some entries are among them."""
        return len(ids) if self.members is None else int(self.members[ids].sum())


def _population(rows: Rows, field: LexicalField, *, in_cjk: bool) -> _Population:
    """The entries in one of the two kinds of script; all where none or every one is written in it."""
    (n, n_terms), (n_cjk, n_cjk_terms) = _n_and_terms(rows.counts, field), _n_and_terms(rows.cjk_counts, field)
    own, own_terms = (n_cjk, n_cjk_terms) if in_cjk else (n - n_cjk, n_terms - n_cjk_terms)
    if own in (0, n):
        return _Population(n, n_terms, None)
    of_rows = rows.in_cjk == in_cjk
    return _Population(own, own_terms, of_rows[rows.owners] if field == "sentence" else of_rows)


class LexicalScorer:
    """BM25 over the passages, the sentences, or the passages' entries in a layer, of one snapshot.

    score(d) = sum over terms of weight * idf * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / mean |d|)),
    idf = ln(1 + (N - df + 0.5) / (df + 0.5)). Source: Robertson and Zaragoza 2009; the idf is Lucene's, which is never negative.
    in_cjk: whether the question is written in a script without spaces between words. N, df and mean |d| are of what is written in a script of
    the same kind, so that Chinese documents do not change in which order English ones are found, nor the other way round (decisions/021).
    What one term contributes is kept, since the residual searches of a question use the same terms again and again.
    """

    def __init__(self, snapshot: Snapshot, field: LexicalField, *, in_cjk: bool) -> None:
        self._snapshot = snapshot
        self._field: LexicalField = field
        self._saturation = SENTENCES if field == "sentence" else PASSAGES
        self._lengths = _lengths(snapshot.rows, field)
        self._among = _population(snapshot.rows, field, in_cjk=in_cjk)
        self._mean_length = self._among.n_terms / self._among.n if self._among.n else 0.0
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
        return self._idf(self._contribution(term)[0])

    def _idf(self, holders: NDArray[np.int32]) -> float:
        df = self._among.count(holders)
        return float(np.log(1 + (self._among.n - df + 0.5) / (df + 0.5)))

    def _contribution(self, term: int) -> tuple[NDArray[np.int32], Scores]:
        known = self._contributions.get(term)
        if known is not None:
            return known
        postings = self._snapshot.postings(self._field, term)
        ids, counts = postings.ids, postings.counts.astype(np.float64)
        k1, b = self._saturation.k1, self._saturation.b
        idf = self._idf(ids)
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
