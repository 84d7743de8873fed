"""Personalised PageRank over passages and the names they share: the link baseline without any hop formula."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tadarag.analysis import LEADING_WORDS, STOP_WORDS, Token, capitalised_names, name_tokens, subject_tokens

RESTART = 0.3
N_STEPS = 20
N_SEEDS = 20
FEWEST_PASSAGES, MOST_PASSAGES = 2, 100  # a name in one passage links nothing; one in hundreds links everything
OWN_TITLE_WEIGHT = 2


class PageRank:
    """Scores passages by a walk that restarts at the best passages and the names of the question.

    Source: Haveliwala, Topic-Sensitive PageRank, WWW 2002, on the passage-and-name graph of HippoRAG (Gutiérrez et al., NeurIPS 2024), with
    names by capitals and titles in place of an LLM's.
    """

    def __init__(self, titles: Sequence[str], texts: Sequence[str]) -> None:
        self._titles = TitleMatcher(titles)
        names = [self._name_counts(title, text) for title, text in zip(titles, texts, strict=True)]
        degrees = Counter(name for counts in names for name in counts)
        self._degrees = {name: degree for name, degree in degrees.items() if FEWEST_PASSAGES <= degree <= MOST_PASSAGES}
        self._n_passages = len(texts)
        self._nodes = {name: self._n_passages + place for place, name in enumerate(self._degrees)}
        self._transition = self._transitions(names)

    def scores(self, question: str, passage_scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[n]: probability of each passage. passage_scores: float32[n] >= 0; its 20 best, squared, are half of the restart vector."""
        restart = np.zeros(self._transition.shape[0])
        seeds = np.argsort(-passage_scores, kind="stable")[:N_SEEDS]
        restart[seeds] = np.square(passage_scores[seeds], dtype=np.float64)
        if restart.sum() > 0:
            restart /= restart.sum()
        names = {name: self._degrees[name] for name in self._names(question) if name in self._degrees}
        if names:
            share = sum(1 / degree for degree in names.values())
            restart *= 0.5
            for name, degree in names.items():
                restart[self._nodes[name]] += 0.5 / degree / share
        visits = restart
        for _ in range(N_STEPS):
            visits = RESTART * restart + (1 - RESTART) * (self._transition @ visits)
        return visits[: self._n_passages].astype(np.float32)

    def _names(self, text: str) -> list[str]:
        return [name.text for name in capitalised_names(text)] + self._titles.found_in(text)

    def _name_counts(self, title: str, text: str) -> Counter[str]:
        counts = Counter(self._names(text))
        if own := " ".join(subject_tokens(title)):
            counts[own] += OWN_TITLE_WEIGHT
        return counts

    def _transitions(self, names: Sequence[Counter[str]]) -> sparse.csr_matrix:
        rows, columns, weights = [], [], []
        for passage, counts in enumerate(names):
            for name, count in counts.items():
                if name in self._nodes:
                    rows.append(passage)
                    columns.append(self._nodes[name])
                    weights.append(float(count))
        n_nodes = self._n_passages + len(self._nodes)
        half = sparse.csr_matrix((weights, (rows, columns)), shape=(n_nodes, n_nodes))
        adjacency = half + half.T
        out_weight = np.asarray(adjacency.sum(axis=0)).ravel()
        return (adjacency @ sparse.diags(1 / np.maximum(out_weight, 1e-9))).tocsr()


class TitleMatcher:
    """Finds the titles of the corpus in a text: whole token sequences, longest first, with a capital in them (Chinese: two characters)."""

    def __init__(self, titles: Sequence[str]) -> None:
        by_first: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for title in titles:
            if tokens := tuple(subject_tokens(title)):
                by_first[tokens[0]].add(tokens)
        self._by_first = {first: sorted(found, key=lambda tokens: (-len(tokens), tokens)) for first, found in by_first.items()}

    def found_in(self, text: str) -> list[str]:
        tokens = name_tokens(text)
        words = tuple(token.text for token in tokens)
        found: dict[str, None] = {}
        start = 0
        while start < len(tokens):
            length = next(
                (
                    len(title)
                    for title in self._by_first.get(words[start], ())
                    if words[start : start + len(title)] == title and _is_name(tokens[start : start + len(title)])
                ),
                0,
            )
            if length:
                found[" ".join(words[start : start + length])] = None
            start += length or 1
        return list(found)


def _is_name(tokens: Sequence[Token]) -> bool:
    if tokens[0].is_cjk:
        return len(tokens) >= 2
    if len(tokens) == 1:
        return tokens[0].is_capital and tokens[0].text not in LEADING_WORDS and tokens[0].text not in STOP_WORDS
    return any(token.is_capital for token in tokens)
