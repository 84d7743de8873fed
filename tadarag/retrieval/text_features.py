"""Features of candidates by what their texts and vectors share with the question, each relative to the question's own candidates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import capitalised_names, is_mostly_cjk, name_key
from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.dense import vectors_of
from tadarag.retrieval.lexical import term_weights
from tadarag.retrieval.ranking import Scores, best, best_of_group, rescale, share_of_best

N_BELIEVED = 2
MAX_PASSAGES_OF_A_NAME = 30
_RANK_DAMPING = 5


def text_features(candidates: Candidates) -> dict[str, Scores]:
    """float64[n] by name: lists of the first stage, layers, cover of the question and of what the two best seeds leave of it, length."""
    stage, rows = candidates.stage, candidates.rows
    lexical, cosine = stage.lexical[rows], stage.passage_cosines[rows]
    sentences, starts = sentences_of(candidates)
    sentence_cosine = best_of_group(stage.sentence_cosines[sentences], starts, empty=-1.0)
    sentence_lexical = best_of_group(stage.sentence_lexical[sentences], starts, empty=0.0)
    lengths = candidates.snapshot.rows.passage_lengths[rows].astype(np.float64)
    cover, rest_cover = _covers(candidates)
    f, seeds = stage.f[rows], candidates.links.seeds[rows]
    return {
        "lexical": share_of_best(lexical),
        "lexical_rank": reciprocal_ranks(lexical),
        "cosine": cosine,
        "cosine_gap": cosine - cosine.max(initial=-1.0),
        "cosine_rank": reciprocal_ranks(cosine),
        "sentence_cosine_gap": sentence_cosine - sentence_cosine.max(initial=-1.0),
        "sentence_lexical": share_of_best(sentence_lexical),
        "first_stage": share_of_best(f),
        "first_stage_rank": reciprocal_ranks(f),
        "seed": share_of_best(seeds),
        "seed_rank": reciprocal_ranks(seeds),
        "title": candidates.titles[rows],
        "outline": candidates.outline[rows],
        "core": candidates.core[rows],
        "name_of_question": _names_of_question(candidates),
        "cover": cover,
        "rest_cover": rest_cover,
        "length": lengths / max(1.0, float(np.median(lengths[_alike(candidates)]))) if len(lengths) else lengths,
        "target_match": _target_match(candidates, sentences, starts),
        "residual_dense": _residual_dense(candidates),
    }


def reciprocal_ranks(values: Scores) -> Scores:
    """1 / (5 + rank), ranks from 0, equal values at the best rank of them: no order of ties that a numbering could decide."""
    higher = len(values) - np.searchsorted(np.sort(values), values, side="right")
    return 1.0 / (_RANK_DAMPING + higher)


def sentences_of(candidates: Candidates) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sentences of the candidates, int64[m], candidate by candidate, and where each one's start, int64[n + 1]."""
    rows, starts = candidates.rows, candidates.snapshot.rows.starts
    widths = starts[rows + 1] - starts[rows]
    ends = np.concatenate([[0], np.cumsum(widths)])
    sentences: NDArray[np.int64] = np.arange(ends[-1]) + np.repeat(starts[rows] - ends[:-1], widths)
    return sentences, ends


def _covers(candidates: Candidates) -> tuple[Scores, Scores]:
    """What share of the question's terms, weighed by idf, each candidate holds; the same for the terms that the two best seeds lack."""
    passages, snapshot, stage = candidates.links.passages, candidates.snapshot, candidates.stage
    seeds = candidates.links.seeds
    believed = best(seeds, N_BELIEVED, keys=snapshot.rows.keys, allowed=stage.allowed & (seeds > 0))
    terms = sorted(term_weights(stage.terms))
    idf = np.array([passages.idf(term) for term in terms])
    holds = np.array([passages.values(term, candidates.rows) > 0 for term in terms]).reshape(len(terms), len(candidates))
    is_left = np.array([not (passages.values(term, believed) > 0).any() for term in terms], np.bool_)
    return _share(idf, holds), _share(idf[is_left], holds[is_left])


def _share(weights: Scores, holds: NDArray[np.bool_]) -> Scores:
    total = weights.sum()
    return (weights[:, None] * holds).sum(axis=0) / total if total > 0 else np.zeros(holds.shape[1])


def _names_of_question(candidates: Candidates) -> Scores:
    """1/sqrt(passages that mention it) for the rarest name of the question that each candidate mentions, if few do."""
    snapshot = candidates.snapshot
    found = np.zeros(len(candidates.stage.allowed))
    for name in capitalised_names(candidates.stage.question):
        owners = snapshot.rows.owners[snapshot.postings("mention", name_key(name.text.split(" "))).ids]
        owners = np.unique(owners[candidates.stage.allowed[owners]])
        if 0 < len(owners) <= MAX_PASSAGES_OF_A_NAME:
            found[owners] = np.maximum(found[owners], len(owners) ** -0.5)
    return found[candidates.rows]


def _target_match(candidates: Candidates, sentences: NDArray[np.int64], starts: NDArray[np.int64]) -> Scores:
    """max over seed sentences k of sqrt(v_k) tm_k(best sentence of the candidate), tm as in paths, its BM25 as share of the candidates' best.

    A seed sentence's own passage gets nothing from it.
    """
    remainder, scorer = candidates.links.remainder, candidates.links.sentences
    terms = sorted(set().union(*(seed.rest for seed in remainder.seeds)))
    values: Mapping[int, Scores] = {term: scorer.values(term, sentences) for term in terms}
    cosines = 0.5 * remainder.cosines[sentences]
    matches = np.zeros(len(candidates))
    for seed in remainder.seeds:
        lexical = np.zeros(len(sentences))
        for term in sorted(seed.rest):
            lexical += values[term]
        found = seed.belief**0.5 * best_of_group(cosines + 0.5 * share_of_best(lexical), starts, empty=0.0)
        found[candidates.rows == seed.row] = 0.0
        matches = np.maximum(matches, found)
    return matches


def _alike(candidates: Candidates) -> NDArray[np.bool_]:
    """bool[n]: the candidates that are written in a script of the question's kind; all where none is."""
    alike = candidates.snapshot.rows.in_cjk[candidates.rows] == is_mostly_cjk(candidates.stage.terms)
    return alike if alike.any() else np.ones_like(alike)


def _residual_dense(candidates: Candidates) -> Scores:
    """max over seed sentences k of sqrt(v_k) cos(e(q) + e(k), e(d)), rescaled over the candidates in the question's kind of script.

    No encoder pass is needed for it.
    """
    remainder, stage = candidates.links.remainder, candidates.stage
    found = np.zeros(len(candidates))
    if not remainder.seeds:
        return found
    numbers = np.array([seed.sentence for seed in remainder.seeds], np.int64)
    of_seeds, seed_scales = vectors_of(candidates.snapshot, "sentence", numbers)
    of_rows, row_scales = vectors_of(candidates.snapshot, "passage", candidates.rows)
    between = (of_seeds @ of_rows.T).astype(np.float64) * np.outer(seed_scales, row_scales)
    with_question, alike = stage.sentence_cosines[numbers], _alike(candidates)
    for seed, cosines, own in zip(remainder.seeds, between, with_question.tolist(), strict=True):
        joint = rescale((stage.passage_cosines[candidates.rows] + cosines) / (2 + 2 * max(own, -0.99)) ** 0.5, among=alike)
        joint[candidates.rows == seed.row] = 0.0
        found = np.maximum(found, seed.belief**0.5 * joint)
    return found
