"""The sentences that together say what the documents hold about a subject."""

from __future__ import annotations

import numpy as np

from tadarag.generation.described import own_sentences
from tadarag.generation.sentence_features import SENTENCE_FEATURES, Reading, SentenceView
from tadarag.generation.term_matching import locate_terms

MAX_SENTENCES = 5
PER_PASSAGE = 2
MIN_SCORE = 0.35


def choose_sentences(reading: Reading, *, use_cosines: bool = True) -> list[SentenceView]:
    """Up to five sentences: match to the question plus what they add to the sentences chosen before; at most two a passage, and no headings."""
    column = {name: index for index, name in enumerate(SENTENCE_FEATURES)}
    own = [own_sentences(hit.passage) for hit in reading.hits]
    scored = []
    for view in reading.sentences:
        if len(view.located) < 5 or view.index not in own[view.hit]:
            continue
        features = view.features
        score = (
            0.6 * features[column["cover_with_heading"]] + 0.2 * features[column["hit_rank"]] + 0.15 * features[column["first_sentence"]]
        )
        scored.append((float(score + (0.5 * (1 + features[column["cosine_below_best"]]) if use_cosines else 0.25)), view))
    scored.sort(key=lambda pair: (-pair[0], pair[1].hit, pair[1].index))
    chosen: list[SentenceView] = []
    seen: set[str] = set()
    for score, view in scored:
        terms = {term.term for term in view.located if term.term}
        fresh = len(terms - seen) / max(1, len(terms))
        if score < MIN_SCORE or fresh < 0.35 or sum(view.hit == other.hit for other in chosen) >= PER_PASSAGE:
            continue
        chosen.append(view)
        seen |= terms
        if len(chosen) == MAX_SENTENCES:
            break
    return sorted(chosen, key=lambda view: (view.hit, view.index))


def overview_support(reading: Reading, *, is_comparison: bool = False) -> float:
    """How well the evidence covers the question's terms, in [0, 1]: the best passage's cover, halved where a name is missing; of things that
    are compared, which stand in passages of their own, that of all passages together."""
    if not reading.sentences:
        return 0.0
    if is_comparison:
        return reading.matcher.cover({term.term for view in reading.sentences for term in view.located} | _subject_terms(reading))
    table = np.array([view.features for view in reading.sentences])
    cover = float(table[:, SENTENCE_FEATURES.index("cover_passage")].max())
    return cover if table[:, SENTENCE_FEATURES.index("names")].max() >= 0.99 else cover / 2


def _subject_terms(reading: Reading) -> set[str]:
    return {term.term for subject in reading.subjects for term in locate_terms(subject)}
