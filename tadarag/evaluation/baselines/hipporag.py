"""Personalised PageRank over the phrases of triples that a language model made: HippoRAG, as far as it goes without asking a model again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tadarag.analysis import capitalised_names, name_tokens
from tadarag.errors import UsageError
from tadarag.evaluation.baselines.corpus import Corpus, chunk_vectors
from tadarag.evaluation.baselines.pagerank import TitleMatcher
from tadarag.models.encoder import Encoder

DAMPING = 0.5
N_STEPS = 30
MAX_NEAR = 50


class HippoRanker:
    """Ranks passages by the probability of the phrases that their triples name.

    Source: Gutiérrez et al., HippoRAG, NeurIPS 2024: phrases as nodes, triples as edges, damping 0.5, each seed divided by the number of
    passages that name it. Departures: the names of a question are found by capitals and by the phrases themselves instead of by a model;
    phrases are one node when their folded words are equal, and are not joined by near vectors; a question without a known name is ranked
    by the vectors of the passages, as HippoRAG does too.
    """

    def __init__(self, corpus: Corpus) -> None:
        """Raises UsageError when the corpus has no triples."""
        if not corpus.triples:
            raise UsageError(
                "hipporag needs triples of the corpus", "name a file of triples in the suite, or leave hipporag out of --systems"
            )
        self._ids = corpus.passages.ids
        self._encoder = corpus.encoder
        edges, holders = _read_triples(corpus)
        self._phrases = sorted(holders)
        self._node = {phrase: number for number, phrase in enumerate(self._phrases)}
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            for word in set(phrase.split(" ")):
                self._by_word[word].append(number)
        self._matcher = TitleMatcher(self._phrases)
        self._holders = _incidence([holders[phrase] for phrase in self._phrases], len(self._ids))
        self._specificity = 1 / np.maximum(np.asarray(self._holders.sum(axis=0)).ravel(), 1)
        self._transition = self._transitions(edges)
        self._passage_vectors = np.stack([chunk_vectors(record.vectors[0]) for record in corpus.records])
        self._phrase_vectors: dict[str, NDArray[np.float32]] = {}

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """All passages; those that no phrase leads to stand last, by the cosine of their vectors."""
        cosines = self._passage_vectors @ query
        scores = cosines / 1e6  # cosines are below 1: they order only what the walk does not
        if seeds := self._seeds(question):
            scores = scores + self._holders @ self._walk(seeds)
        return [self._ids[place] for place in np.argsort(-scores, kind="stable")]

    def _seeds(self, question: str) -> list[int]:
        known = [_folded(name) for name in self._matcher.found_in(question)]
        found = dict.fromkeys(self._node[phrase] for phrase in known if phrase in self._node)
        for name in capitalised_names(question):
            folded = _folded(name.text)
            if folded not in self._node and (near := self._nearest(folded)) is not None:
                found[near] = None
        return list(found)

    def _nearest(self, name: str) -> int | None:
        """The phrase nearest to a name by the encoder, among those that share a word with it."""
        sharing = list(dict.fromkeys(node for word in name.split(" ") for node in self._by_word.get(word, ())))[:MAX_NEAR]
        if not sharing:
            return None
        cosines = [float(self._vector(self._phrases[node]) @ self._vector(name)) for node in sharing]
        return sharing[int(np.argmax(cosines))]

    def _vector(self, phrase: str) -> NDArray[np.float32]:
        if phrase not in self._phrase_vectors:
            self._phrase_vectors[phrase] = _read(self._encoder, phrase)
        return self._phrase_vectors[phrase]

    def _walk(self, seeds: Sequence[int]) -> NDArray[np.float64]:
        restart = np.zeros(len(self._phrases))
        restart[list(seeds)] = self._specificity[list(seeds)]
        restart /= restart.sum()
        visits = restart
        for _ in range(N_STEPS):
            visits = (1 - DAMPING) * restart + DAMPING * (self._transition @ visits)
        return visits

    def _transitions(self, edges: Sequence[tuple[str, str]]) -> sparse.csr_matrix:
        heads = [self._node[head] for head, _ in edges]
        tails = [self._node[tail] for _, tail in edges]
        size = len(self._phrases)
        half = sparse.csr_matrix((np.ones(len(edges)), (heads, tails)), shape=(size, size))
        adjacency = half + half.T
        out_weight = np.asarray(adjacency.sum(axis=0)).ravel()
        return (adjacency @ sparse.diags(1 / np.maximum(out_weight, 1e-9))).tocsr()


def _read_triples(corpus: Corpus) -> tuple[list[tuple[str, str]], dict[str, set[int]]]:
    """The edges between folded phrases, and the places of the passages that name each phrase."""
    edges: list[tuple[str, str]] = []
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for place, identifier in enumerate(corpus.passages.ids):
        for head, _, tail in corpus.triples.get(identifier, ()):
            ends = (_folded(head), _folded(tail))
            if all(ends):
                edges.append(ends)
                for end in ends:
                    holders[end].add(place)
    return edges, dict(holders)


def _incidence(holders: Sequence[set[int]], n_passages: int) -> sparse.csr_matrix:
    """float64[passages, phrases]: 1 where a passage names a phrase."""
    rows = [place for places in holders for place in sorted(places)]
    columns = [number for number, places in enumerate(holders) for _ in places]
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n_passages, len(holders)))


def _folded(phrase: str) -> str:
    return " ".join(token.text for token in name_tokens(phrase))


def _read(encoder: Encoder, text: str) -> NDArray[np.float32]:
    return np.asarray(encoder.read(text, (), kind="query").vector, dtype=np.float32)
