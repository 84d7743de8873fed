"""What a question finds without links: lexical and dense lists fused into f, and the subjects that the question names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import LEADING_WORDS, MAX_NAME_TOKENS, STOP_WORDS, capitalised_names, is_cjk, name_key, name_words, terms, window_keys
from tadarag.retrieval.dense import cosines
from tadarag.retrieval.lexical import LexicalScorer, term_weights
from tadarag.retrieval.ranking import Scores, best_of_group, rescale_top, share_of_best
from tadarag.retrieval.subject_degree import subject_degree
from tadarag.retrieval.switches import LISTS
from tadarag.store.protocol import Snapshot

LEXICAL_WEIGHT, LEXICAL_WEIGHT_OF_LONG = 0.35, 0.65
SHORT_QUESTION, LONG_QUESTION = 12, 24
"""Different terms of a question: so few weigh its words by the first weight, so many by the second."""
TOP = 100
MAX_SUBJECTS_OF_A_PART = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStage:
    """Score lists of one question over a snapshot; float64[R] over passages unless said otherwise.

    f: fused first-stage score. titles: t of the design, how far the question names the passage's subject. lexical, dense: the two lists
    before rescaling (dense = cosine + best sentence cosine). sentence_cosines, sentence_lexical: float64[S]. allowed: bool[R].
    """

    question: str
    terms: tuple[str, ...]
    f: Scores
    titles: Scores
    lexical: Scores
    dense: Scores
    passage_cosines: Scores
    sentence_cosines: Scores
    sentence_lexical: Scores
    allowed: NDArray[np.bool_]
    n_subjects: int


def first_stage(
    question: str,
    vector: NDArray[np.float32],
    snapshot: Snapshot,
    *,
    passages: LexicalScorer,
    sentences: LexicalScorer,
    allowed: NDArray[np.bool_],
    lists: Collection[str] = LISTS,
) -> FirstStage:
    """f(q,d) = w mm100(BM25(q,d)) + (1 - w) mm100(cos(q,d) + max over sentences of cos(q,s)) (retrieval design 1.2).

    w: 0.35, and more for long questions (`lexical_weight`). lists: "lexical" and "dense", those that count in f; sentences are matched by both in any case.
    """
    question_terms = tuple(terms(question))
    weights = term_weights(question_terms)
    lexical = passages.scores(weights)
    passage_cosines = cosines(snapshot, "passage", vector)
    sentence_cosines = cosines(snapshot, "sentence", vector)
    dense = passage_cosines + best_of_group(sentence_cosines, snapshot.rows.starts, empty=-1.0)
    share = lexical_weight(len(weights))
    scaled = {
        "lexical": share * rescale_top(lexical, top=TOP, allowed=allowed),
        "dense": (1 - share) * rescale_top(dense, top=TOP, allowed=allowed),
    }
    f = sum((part for name, part in scaled.items() if name in lists), start=np.zeros(len(allowed)))
    titles, n_subjects = _title_scores(question, snapshot, allowed)
    return FirstStage(
        question=question,
        terms=question_terms,
        f=f,
        titles=titles,
        lexical=lexical,
        dense=dense,
        passage_cosines=passage_cosines,
        sentence_cosines=sentence_cosines,
        sentence_lexical=share_of_best(sentences.scores(weights)),
        allowed=allowed,
        n_subjects=n_subjects,
    )


def lexical_weight(n_terms: int) -> float:
    """What the words of a question weigh against its vector: 0.35 up to 12 different terms, 0.65 from 24 on, linear in between.

    One vector holds less of a long question than its words do (decisions/019).
    """
    length = (n_terms - SHORT_QUESTION) / (LONG_QUESTION - SHORT_QUESTION)
    return LEXICAL_WEIGHT + (LEXICAL_WEIGHT_OF_LONG - LEXICAL_WEIGHT) * min(1.0, max(0.0, length))


def find_subjects(words: Sequence[str], snapshot: Snapshot, *, borders: Sequence[int] = ()) -> list[tuple[int, int, int]]:
    """Subjects of the corpus that stand in a sequence of `name_words`: (first word, word after the last, subject key), longest match first.

    A match needs a capital or a digit at some word, or CJK of two characters and more; a single Latin word must start with a capital
    and not be a function word. borders: indexes of words that no match may cross (sentence starts), rising.
    """
    longest = int(snapshot.rows.subject_tokens.max(initial=0))
    if not words or not longest:
        return []
    longest = min(longest, MAX_NAME_TOKENS)
    windows = window_keys([word.lower() for word in words], longest)
    known = snapshot.known("subject", windows) & (windows != 0)
    ends = [*borders, len(words)]
    found: list[tuple[int, int, int]] = []
    taken = 0
    for first in np.flatnonzero(known.any(axis=1)).tolist():
        if first < taken:
            continue
        for length in (np.flatnonzero(known[first])[::-1] + 1).tolist():
            if first + length <= ends[bisect_right(ends, first)] and _may_be_named(words[first : first + length]):
                found.append((first, first + length, int(windows[first, length - 1])))
                taken = first + length
                break
    return found


def _may_be_named(words: Sequence[str]) -> bool:
    if is_cjk(words[0][0]):
        return len(words) >= 2
    if len(words) == 1:
        folded = words[0].lower()
        return _is_capital(words[0]) and not folded.isdigit() and folded not in LEADING_WORDS and folded not in STOP_WORDS
    return any(map(_is_capital, words))


def _is_capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _title_scores(question: str, snapshot: Snapshot, allowed: NDArray[np.bool_]) -> tuple[Scores, int]:
    """t(q,d): 1/sqrt(degree) if d's subject stands in q; 0.5 words(name)/words(subject)/sqrt(subjects) if a name of q is part of few subjects.

    degree: `subject_degree`.
    """
    rows = snapshot.rows
    scores = np.zeros(len(rows.keys))
    subjects = {subject for _, _, subject in find_subjects(name_words(question), snapshot)}
    for subject in subjects:
        ids = snapshot.postings("subject", subject).ids
        ids = ids[allowed[ids]]
        if len(ids):
            owners = rows.owners[snapshot.postings("mention", subject).ids]
            degree = subject_degree(ids, owners[allowed[owners]], snapshot)
            scores[ids] = np.maximum(scores[ids], degree**-0.5)
    for name in capitalised_names(question):
        words = name.text.split(" ")
        ids = snapshot.postings("part", name_key(words)).ids
        ids = ids[allowed[ids]]
        n_subjects = len(np.unique(rows.subjects[ids]))
        if 0 < n_subjects <= MAX_SUBJECTS_OF_A_PART:
            scores[ids] = np.maximum(scores[ids], 0.5 * len(words) / rows.subject_tokens[ids] / n_subjects**0.5)
    return scores, len(subjects)
