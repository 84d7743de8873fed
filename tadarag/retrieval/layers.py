"""Three layers over the same passages: what an outline entry, a core statement and the chunk itself say about a chunk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import is_mostly_cjk
from tadarag.retrieval.first_stage import TOP, FirstStage, lexical_weight
from tadarag.retrieval.lexical import LexicalScorer, term_weights
from tadarag.retrieval.ranking import Scores, best, rescale_top
from tadarag.store.layer_facts import FARTHEST
from tadarag.store.protocol import Rows, Snapshot
from tadarag.values import Route

Layer = Literal["outline", "core", "chunk"]
Scope = Literal["global", "local", "unsure"]
"""How much of a document a question is about: its course, one place in it, or nobody can tell."""
Weights = Mapping[Layer, float]

RANK_WEIGHTS: Mapping[Scope, Weights] = {
    "global": {"outline": 2.0, "core": 1.0, "chunk": 0.5},
    "local": {"outline": 0.5, "core": 1.0, "chunk": 1.0},
    "unsure": {"outline": 1.0, "core": 1.0, "chunk": 1.0},
}
"""Weights of votes (document memory specification 8)."""
SCORE_WEIGHTS: Mapping[Scope, Weights] = {
    "global": {"outline": 2.0, "core": 0.1, "chunk": 1.0},
    "local": {"outline": 0.25, "core": 0.1, "chunk": 1.0},
    "unsure": {"outline": 1.0, "core": 0.1, "chunk": 1.0},
}
"""Weights of scores, chosen coarsely on development questions (decisions/011)."""
RANK_DEPTH, RANK_DAMPING = 20, 60
GLOBAL_TASKS = frozenset({"overview", "list"})
_ASKING = re.compile(
    r"[?？]|\b(?:who|whom|whose|what|which|when|where|why|how)\b|^(?:is|are|was|were|do|does|did|can|could|should|will|would|has|have|had)\b"
    "|谁|什么|何|哪|几|多少|多[久长大高远]|怎|吗|是否|是不是|有没有|能否|为啥",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerScores:
    """What each layer gives each passage, float64[R]: 0 in outline and core for a document of one passage, which has no entry there."""

    outline: Scores
    core: Scores
    chunk: Scores

    def total(self, weights: Weights) -> Scores:
        """The weighted sum. Without an entry in outline and core it is the chunk's own score times its weight, bit for bit."""
        return weights["chunk"] * self.chunk + (weights["outline"] * self.outline + weights["core"] * self.core)


def scope_of(question: str, route: Route) -> Scope:
    """Overviews and lists are about a document's course, as are comparisons of more than a value; any other question is about one place.

    Words that ask nothing, such as a topic's title, leave it open.
    """
    if route.task in GLOBAL_TASKS or (route.task == "comparison" and route.answer == "text"):
        return "global"
    return "local" if _ASKING.search(question) else "unsure"


def layer_scores(stage: FirstStage, snapshot: Snapshot) -> LayerScores:
    """The three layers of a question; chunk is the first stage's f.

    outline(i) = around(i) + line(i): an outline entry is found by what stands under it, and by the words of its line that the passage does
    not hold; line(i) = their BM25 as a share of the best BM25 that any passage or line has.
    core(i) = w mm100(BM25 of the core statement) + (1 - w) mm100(cosine of the mean of the core sentences' vectors), w as in f.
    """
    rows = snapshot.rows
    nothing = np.zeros(len(rows.keys))
    if not rows.counts.n_layered:
        return LayerScores(outline=nothing, core=nothing, chunk=stage.f)
    weights, in_cjk = term_weights(stage.terms), is_mostly_cjk(stage.terms)
    allowed = stage.allowed & rows.layered
    line = np.where(allowed, LexicalScorer(snapshot, "outline", in_cjk=in_cjk).scores(weights), 0.0)
    highest = max(line.max(), stage.lexical[stage.allowed].max(initial=0.0))
    if highest > 0:
        line /= highest
    lexical = rescale_top(LexicalScorer(snapshot, "core", in_cjk=in_cjk).scores(weights), top=TOP, allowed=allowed)
    dense = rescale_top(core_cosines(stage.sentence_cosines, rows), top=TOP, allowed=allowed & (rows.core_norms > 0))
    share = lexical_weight(len(set(stage.terms)))
    return LayerScores(outline=around(stage.f, rows) + line, core=share * lexical + (1 - share) * dense, chunk=stage.f)


def around(scores: Scores, rows: Rows) -> Scores:
    """For each passage the mean score of the passages around it in its section, weighted 1/(1 + distance/2); those that are missing count 0.

    Time follows the number of passages with a score.
    """
    means = np.zeros(len(scores))
    scored = np.flatnonzero(scores)
    shares = [1 / (1 + distance / 2) for distance in range(1, FARTHEST + 1)]
    for distance, share in enumerate(shares, start=1):
        for side, step in ((0, -distance), (1, distance)):
            sources = scored[rows.reach[scored, side] >= distance]
            means[sources + step] += share * scores[sources]
    return means / (2 * fsum(shares))


def core_cosines(sentence_cosines: Scores, rows: Rows) -> Scores:
    """float64[R]: cosine of the question to the mean of each passage's core sentences; 0 without core entry.

    The mean's vector is never made: sum of the cosines / norm of the sum. Sums run in the order of the sentences of a passage.
    """
    chosen = np.flatnonzero(rows.core)
    sums = np.bincount(rows.owners[chosen], weights=sentence_cosines[chosen], minlength=len(rows.keys))
    return np.divide(sums, rows.core_norms, out=np.zeros(len(rows.keys)), where=rows.core_norms > 0)


def rank_layers(scores: LayerScores, rows: Rows, allowed: NDArray[np.bool_]) -> dict[Layer, list[int]]:
    """The best 20 rows of each layer, best first."""
    lists: dict[Layer, Scores] = {"outline": scores.outline, "core": scores.core, "chunk": scores.chunk}
    return {layer: best(values, RANK_DEPTH, keys=rows.keys, allowed=allowed & (values > 0)).tolist() for layer, values in lists.items()}


def expand_to_documents(rankings: Mapping[Layer, Sequence[int]], rows: Rows) -> dict[Layer, list[int]]:
    """What the released system does: a hit in outline or core brings in all passages of its document, in their order."""
    expanded: dict[Layer, list[int]] = {layer: list(ranking) for layer, ranking in rankings.items()}
    for layer in ("outline", "core"):
        documents = dict.fromkeys(rows.documents[rankings[layer]].tolist())
        expanded[layer] = [row for document in documents for row in np.flatnonzero(rows.documents == document).tolist()]
    return expanded


def fuse_votes(rankings: Mapping[Layer, Sequence[int]], weights: Weights) -> list[tuple[int, float]]:
    """F(i) = sum over layers of weight / (60 + rank(i)), best first; ties: the better best rank, then the smaller number.

    rankings: numbers of passages, best first, ranks counted from 1; a hit in any layer is a vote for that very passage.
    Source: document memory specification 8; reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009.
    """
    parts: dict[int, list[float]] = {}
    best_rank: dict[int, int] = {}
    for layer, ranking in rankings.items():
        for rank, passage in enumerate(ranking, start=1):
            parts.setdefault(passage, []).append(weights[layer] / (RANK_DAMPING + rank))
            best_rank[passage] = min(rank, best_rank.get(passage, rank))
    fused = {passage: fsum(values) for passage, values in parts.items()}
    return sorted(fused.items(), key=lambda pair: (-pair[1], best_rank[pair[0]], pair[0]))


def one_vector_for_both(rho: float, share: float) -> tuple[float, float, float]:
    """What is lost when one vector m = share a + (1 - share) b stands for a global vector a and a local one b of cosine rho.

    Returns (norm of m, cosine of a and m, cosine of b and m); with a vector for each, both cosines are 1. Why layers are kept apart:
    document memory specification 8; it compares with the right passage only, so measurements must decide.
    """
    norm = (share**2 + (1 - share) ** 2 + 2 * share * (1 - share) * rho) ** 0.5
    return norm, (share + (1 - share) * rho) / norm, (share * rho + 1 - share) / norm
