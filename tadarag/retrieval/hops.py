"""One hop: passages that the believed passages lead to, through the names in their best matching sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.links import MAX_PASSAGES_OF_A_MENTION, WEIGHTS, Links, SentenceLink
from tadarag.retrieval.ranking import Scores, best, rescale
from tadarag.retrieval.reached import Reached, make_steps
from tadarag.store.protocol import Rows

N_SEEDS = 15
MATCH_POWER = 1.5
DEGREE_POWER = 0.4


def hop(stage: FirstStage, seed_scores: Scores, rows: Rows, linker: Links) -> Reached:
    """hop(q,d) = max over seeds a, their sentences s, links s -> d of (g(a)/max g) m(q,s)^1.5 w covers / degree^0.4 (retrieval design 1.3).

    m(q,s) = 0.5 cosine rescaled over the seed sentences + 0.5 BM25 share. seed_scores: g, float64[R].
    """
    n_rows = len(seed_scores)
    seeds = best(seed_scores, N_SEEDS, keys=rows.keys, allowed=stage.allowed & (seed_scores > 0))
    if not len(seeds):
        return Reached.nothing(n_rows)
    sentences, matches = sentence_matches(stage, seeds, rows)
    match_of = dict(zip(sentences.tolist(), matches.tolist(), strict=True))
    highest = float(seed_scores[seeds[0]])
    links = linker.links(seeds.tolist())
    followed: list[SentenceLink] = []
    strengths: list[float] = []
    degrees: list[float] = []
    places: list[int] = []
    matched: list[float] = []
    for place, seed in enumerate(seeds.tolist()):
        for sentence in range(int(rows.starts[seed]), int(rows.starts[seed + 1])):
            strength = float(seed_scores[seed]) / highest * match_of[sentence] ** MATCH_POWER
            for link in links[sentence] if strength > 0 else ():
                if link.kind != "mention" or link.degree <= MAX_PASSAGES_OF_A_MENTION:
                    followed.append(link)
                    strengths.append(strength * WEIGHTS[link.kind])
                    degrees.append(link.degree**DEGREE_POWER)
                    places.append(place)
                    matched.append(match_of[sentence])
    widths = [len(link.targets) for link in followed]
    covers = np.concatenate([np.zeros(0), *(link.covers for link in followed)])
    values = np.repeat(strengths, widths) * covers / np.repeat(degrees, widths)
    return Reached.by(make_steps(followed, values, seeds=places, matches=matched), n_rows)


def sentence_matches(stage: FirstStage, seeds: NDArray[np.int64], rows: Rows) -> tuple[NDArray[np.int64], Scores]:
    """Sentences of the seed passages, and how well each matches the question: the mean of rescaled cosine and BM25 share."""
    ranges = [np.arange(rows.starts[seed], rows.starts[seed + 1]) for seed in seeds.tolist()]
    sentences = np.concatenate([np.zeros(0, np.int64), *ranges])
    return sentences, 0.5 * rescale(stage.sentence_cosines[sentences]) + 0.5 * stage.sentence_lexical[sentences]
