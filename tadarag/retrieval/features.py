"""The features of a question's candidates, in one order, for trees that order them."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import capitalised_names
from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.link_features import link_features
from tadarag.retrieval.ranking import Scores, share_of_best
from tadarag.retrieval.text_features import reciprocal_ranks, text_features

FEATURES = (
    *("formula", "formula_rank", "formula_gap"),
    *("lexical", "lexical_rank", "cosine", "cosine_gap", "cosine_rank", "sentence_cosine_gap", "sentence_lexical"),
    *("first_stage", "first_stage_rank", "seed", "seed_rank", "title", "outline", "core", "name_of_question"),
    *("hop_title", "hop_part", "hop_mention", "hop_sum", "hop_seeds", "hop_seed_rank", "hop_match", "hop_rank"),
    *("second_hop", "second_hop_rank", "path_title", "path_part", "path_mention", "path", "residual", "residual_rank"),
    *("residual_dense", "target_match", "first_stage_of_reached", "back", "back_seeds", "same_subject_above", "same_subject_gap"),
    *("cover", "rest_cover", "length"),
    *("question_terms", "question_names", "question_subjects", "question_compares", "first_stage_margin"),
)
"""Names of the columns. Each reads the question, the corpus and the index only; none is a count that grows with the base."""
PLACES = 6
"""Decimals that are kept: below them lies what the order of additions decides."""
_COMPARING = re.compile(
    r"\b(?:both|same|or|first|earlier|later|older|younger|more|less|than|between|which .{0,40}\b(?:film|person|band|magazine|company|one))\b"
    "|都|同|哪[个位家部]|更|最早|先|还是|比",
    re.IGNORECASE,
)


def candidate_features(candidates: Candidates) -> NDArray[np.float64]:
    """float64[n, len(FEATURES)], one row a candidate, rounded to 1e-6 (retrieval design 1.5)."""
    columns = _formula_features(candidates) | text_features(candidates) | link_features(candidates) | _question_features(candidates)
    return np.stack([columns[name] for name in FEATURES], axis=1).round(PLACES)


def _formula_features(candidates: Candidates) -> dict[str, Scores]:
    shares = share_of_best(candidates.formula)
    fifth = shares[min(4, len(shares) - 1)] if len(shares) else 0.0
    return {"formula": shares, "formula_rank": reciprocal_ranks(candidates.formula), "formula_gap": shares - fifth}


def _question_features(candidates: Candidates) -> dict[str, Scores]:
    """What is the same for all candidates of a question: how long it is, what it names, whether it compares, how clear its first stage is."""
    stage = candidates.stage
    highest = np.sort(stage.f[stage.allowed])[::-1][:5]
    said = {
        "question_terms": len(stage.terms),
        "question_names": len(capitalised_names(stage.question)),
        "question_subjects": stage.n_subjects,
        "question_compares": bool(_COMPARING.search(stage.question)),
        "first_stage_margin": highest[0] - highest[-1] if len(highest) else 0.0,
    }
    return {name: np.full(len(candidates), float(value)) for name, value in said.items()}
