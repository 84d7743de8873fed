"""One hop: passages that the believed passages lead to, through the names in their best matching sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.links import MAX_PASSAGES_OF_A_MENTION, WEIGHTS, Linker, SentenceLink
from tadarag.retrieval.ranking import Scores, best, rescale
from tadarag.store.protocol import Rows

N_SEEDS = 15
MATCH_POWER = 1.5
DEGREE_POWER = 0.4


@dataclass(slots=True)
class Reached:
    """Scores float64[R] with the link by which each passage was reached best (-1: not reached), an index into `links`."""

    scores: Scores
    via: NDArray[np.int32]
    links: list[SentenceLink]

    @classmethod
    def nothing(cls, n_rows: int) -> Reached:
        """No passage reached yet."""
        return cls(np.zeros(n_rows), np.full(n_rows, -1, np.int32), [])

    def raise_to(self, rows: NDArray[np.int64], values: Scores, link: SentenceLink) -> None:
        """Let `rows` (each once) have `values` where these are higher than what they had."""
        better = values > self.scores[rows]
        if better.any():
            self.scores[rows[better]] = values[better]
            self.via[rows[better]] = len(self.links)
            self.links.append(link)


def hop(stage: FirstStage, seed_scores: Scores, rows: Rows, linker: Linker) -> Reached:
    """hop(q,d) = max over seeds a, their sentences s, links s -> d of (g(a)/max g) m(q,s)^1.5 w covers / degree^0.4 (retrieval design 1.3).

    m(q,s) = 0.5 cosine rescaled over the seed sentences + 0.5 BM25 share. seed_scores: g, float64[R].
    """
    seeds = best(seed_scores, N_SEEDS, keys=rows.keys, allowed=stage.allowed & (seed_scores > 0))
    reached = Reached.nothing(len(seed_scores))
    if not len(seeds):
        return reached
    sentences, matches = sentence_matches(stage, seeds, rows)
    match_of = dict(zip(sentences.tolist(), matches.tolist(), strict=True))
    highest = float(seed_scores[seeds[0]])
    links = linker.links(seeds.tolist())
    for seed in seeds.tolist():
        for sentence in range(int(rows.starts[seed]), int(rows.starts[seed + 1])):
            strength = float(seed_scores[seed]) / highest * match_of[sentence] ** MATCH_POWER
            if strength > 0:
                _spread(reached, strength, links[sentence])
    return reached


def _spread(reached: Reached, strength: float, links: list[SentenceLink]) -> None:
    for link in links:
        if link.kind != "mention" or link.degree <= MAX_PASSAGES_OF_A_MENTION:
            reached.raise_to(link.targets, strength * WEIGHTS[link.kind] * link.covers / link.degree**DEGREE_POWER, link)


def sentence_matches(stage: FirstStage, seeds: NDArray[np.int64], rows: Rows) -> tuple[NDArray[np.int64], Scores]:
    """Sentences of the seed passages, and how well each matches the question: the mean of rescaled cosine and BM25 share."""
    ranges = [np.arange(rows.starts[seed], rows.starts[seed + 1]) for seed in seeds.tolist()]
    sentences = np.concatenate([np.zeros(0, np.int64), *ranges])
    return sentences, 0.5 * rescale(stage.sentence_cosines[sentences]) + 0.5 * stage.sentence_lexical[sentences]
