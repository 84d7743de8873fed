"""A tree of summaries over the passages, without a language model: clusters of vectors, each told by its most central sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.baselines.corpus import Corpus, chunk_vectors, sentence_vectors, unit
from tadarag.evaluation.measures import RANKING_DEPTH

PASSAGES_A_CLUSTER = 10
FEWEST_NODES = 10  # a level with no more nodes than this is the top
SENTENCES_A_SUMMARY = 5
N_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: int
    text: str


class RaptorRanker:
    """Ranks the nodes of all levels together by cosine ("collapsed tree"); a summary brings in the passages that its sentences stand in.

    Source: Sarthi et al., RAPTOR, ICLR 2024. Departures: spherical k-means in place of Gaussian mixtures after UMAP, one cluster a node; a
    summary is the sentences nearest to the centroid, one a passage, in place of a model's words. Its text is read by the same encoder.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._ids = corpus.passages.ids
        chunks = [chunk_vectors(vectors) for record in corpus.records for vectors in record.vectors]
        self._leaf_passages = [place for place, record in enumerate(corpus.records) for _ in record.vectors]
        self._leaves = np.stack(chunks)
        sentences, vectors = _sentences(corpus)
        of_passage = [list[int]() for _ in corpus.records]
        for number, sentence in enumerate(sentences):
            of_passage[sentence.passage].append(number)
        summaries: list[list[_Sentence]] = []
        rows: list[NDArray[np.float32]] = []
        level = self._leaves
        members: list[list[int]] = [[place] for place in self._leaf_passages]
        while len(level) > FEWEST_NODES:
            clusters = spherical_clusters(level, max(1, len(level) // PASSAGES_A_CLUSTER))
            members = [sorted({place for node in cluster for place in members[node]}) for cluster in clusters]
            level_rows = []
            for cluster, places in zip(clusters, members, strict=True):
                centroid = unit(level[cluster].mean(axis=0, keepdims=True))[0]
                numbers = [number for place in places for number in of_passage[place]]
                chosen = _central(numbers, centroid, sentences, vectors)
                summaries.append(chosen)
                text = " ".join(sentence.text for sentence in chosen)
                level_rows.append(np.asarray(corpus.encoder.read(text).vector, dtype=np.float32) if text else centroid)
            level = np.stack(level_rows)
            rows += level_rows
        self._summaries = summaries
        self._summary_rows = np.stack(rows) if rows else np.zeros((0, self._leaves.shape[1]), np.float32)

    def rank(self, question: str, query: NDArray[np.float32]) -> Sequence[str]:
        """The best passages, each where the best node stands that is or names it."""
        leaf_scores = self._leaves @ query
        scores = np.concatenate([leaf_scores, self._summary_rows @ query])
        best = np.full(len(self._ids), -np.inf)
        np.maximum.at(best, np.asarray(self._leaf_passages), leaf_scores)
        found: dict[int, None] = {}
        for node in np.argsort(-scores, kind="stable"):
            if len(found) >= RANKING_DEPTH:
                break
            if node < len(self._leaves):
                found[self._leaf_passages[node]] = None
            else:
                told = {sentence.passage for sentence in self._summaries[node - len(self._leaves)]}
                found.update(dict.fromkeys(sorted(told, key=lambda place: (-best[place], place))))
        return [self._ids[place] for place in found]


def spherical_clusters(rows: NDArray[np.float32], n_clusters: int) -> list[list[int]]:
    """Row numbers of each non-empty cluster, by k-means with cosines; the first centres are rows spread evenly over the given order.

    rows: float32[n, d] of unit length. Source: Dhillon and Modha, Machine Learning 42, 2001.
    """
    centres = rows[np.linspace(0, len(rows) - 1, n_clusters).astype(np.int64)]
    nearest = np.zeros(len(rows), np.int64)
    for _ in range(N_ROUNDS):
        found = np.argmax(rows @ centres.T, axis=1)
        if np.array_equal(found, nearest):
            break
        nearest = found
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, rows)
        occupied = np.bincount(nearest, minlength=n_clusters) > 0
        centres = np.where(occupied[:, None], unit(sums), centres)
    order = np.argsort(nearest, kind="stable")
    borders = np.flatnonzero(np.diff(nearest[order])) + 1
    return [part.tolist() for part in np.split(order, borders)]


def _sentences(corpus: Corpus) -> tuple[list[_Sentence], NDArray[np.float32]]:
    found: list[_Sentence] = []
    rows: list[NDArray[np.float32]] = []
    for place, record in enumerate(corpus.records):
        for chunk, vectors in zip(record.chunks, record.vectors, strict=True):
            found += [_Sentence(place, span.of(record.document.text).strip()) for span in chunk.sentences]
            rows.append(sentence_vectors(vectors))
    return found, np.concatenate(rows)


def _central(
    numbers: Sequence[int], centroid: NDArray[np.float32], sentences: Sequence[_Sentence], vectors: NDArray[np.float32]
) -> list[_Sentence]:
    """The sentences nearest to a centroid, at most one of a passage."""
    cosines = vectors[np.asarray(numbers, np.int64)] @ centroid if numbers else np.zeros(0, np.float32)
    chosen: dict[int, _Sentence] = {}
    for place in np.argsort(-cosines, kind="stable"):
        sentence = sentences[numbers[place]]
        chosen.setdefault(sentence.passage, sentence)
        if len(chosen) == SENTENCES_A_SUMMARY:
            break
    return list(chosen.values())
