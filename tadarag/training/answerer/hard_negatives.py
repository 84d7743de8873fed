"""For each question contexts that share its rarest words and do not answer it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import log

import numpy as np

from tadarag.analysis import terms
from tadarag.training.answerer.items import Asked, answer_ranges

N_LOOKED_AT = 8


def hard_negatives(asked: Sequence[Asked], *, n: int = 1) -> dict[str, tuple[Asked, ...]]:
    """By question id, up to `n` questions over the best matching other contexts in which no answer stands, best first; no entry without one.

    Matching: the sum of the inverse document frequencies of the shared terms, by the root of the context's length in terms.
    """
    contexts = list({one.context: one for one in asked}.values())
    held = [set(terms(f"{one.title} {one.context}")) for one in contexts]
    postings: dict[str, list[int]] = {}
    for number, words in enumerate(held):
        for word in sorted(words):
            postings.setdefault(word, []).append(number)
    rows = {word: np.array(numbers) for word, numbers in postings.items()}
    lengths = np.sqrt([len(words) + 1.0 for words in held])
    found = {}
    for one in asked:
        scores = np.zeros(len(contexts))
        for word in sorted(set(terms(one.question)) & rows.keys()):
            scores[rows[word]] += log(len(contexts) / len(rows[word]))
        scores /= lengths
        best = [contexts[number] for number in np.argsort(-scores, kind="stable")[: N_LOOKED_AT * n].tolist() if scores[number] > 0]
        foreign = (other for other in best if other.context != one.context and not answer_ranges(other.context, one.answers))
        if chosen := tuple(islice(foreign, n)):
            found[one.id] = chosen
    return found
