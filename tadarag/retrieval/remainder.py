"""What a believed sentence leaves unanswered: searched for directly, and checked at the passages that its names lead to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import key, name_tokens, terms
from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.hops import DEGREE_POWER, sentence_matches
from tadarag.retrieval.lexical import LexicalScorer, term_weights
from tadarag.retrieval.links import Links, SentenceLink
from tadarag.retrieval.ranking import Scores, best, rescale_top, share_of_best
from tadarag.retrieval.reached import Reached, Steps, make_steps
from tadarag.store.protocol import Rows, Snapshot

N_SEED_PASSAGES = 12
N_SEED_SENTENCES = 10
MAX_SENTENCES_OF_A_PASSAGE = 2
TOP_SENTENCES = 300
MENTION_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class SeedSentence:
    """A sentence that is believed to bear on the question: its number, its passage, its belief relative to the best one.

    rest: keys of the question's terms that neither the sentence nor its subject holds.
    """

    sentence: int
    row: int
    belief: float
    rest: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Remainder:
    """`paths`: passages reached through a link, by how well they answer the rest; `residual`: by searching for the rest alone.

    cosines: float64[S], those of the sentences to the question, rescaled over the best 300.
    """

    paths: Reached
    residual: Scores
    residual_seed: NDArray[np.int32]
    seeds: tuple[SeedSentence, ...]
    cosines: Scores

    def only(self, layers: Collection[str]) -> Remainder:
        """The same without `paths` or `residual` where "path" or "residual" is not among the layers."""
        n_rows = len(self.residual)
        paths = self.paths if "path" in layers else Reached.nothing(n_rows)
        residual = self.residual if "residual" in layers else np.zeros(n_rows)
        return replace(self, paths=paths, residual=residual)

    def changed(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Remainder:
        """The same with another residual and its seeds, both changed in the same way."""
        return replace(self, residual=change(self.residual), residual_seed=change(self.residual_seed))


def search_remainder(
    stage: FirstStage, seed_scores: Scores, snapshot: Snapshot, linker: Links, *, passages: LexicalScorer, sentences: LexicalScorer
) -> Remainder:
    """Residual search and paths with a target check (retrieval design 1.4).

    seed_scores: F, float64[R]. For each seed sentence k with belief v: rest = terms of q that occur neither in k nor in its subject;
    tm(s) = 0.5 cosine rescaled over the best 300 sentences + 0.5 BM25 share of rest;
    path(q,d) = max over k, links k -> d of v covers/degree^0.4 (0.3 + 0.7 tm), tm of d's best sentence, or of the sentence that shares
    the mention; residual(q,d) = max over k of sqrt(v) BM25 share of rest + 0.7 (terms of k's mentions that are not in q).
    """
    rows = snapshot.rows
    seeds = _seed_sentences(stage, seed_scores, snapshot)
    cosines = rescale_top(stage.sentence_cosines, top=TOP_SENTENCES, allowed=stage.allowed[rows.owners])
    residual = np.zeros(len(rows.keys))
    residual_seed = np.full(len(rows.keys), -1, np.int32)
    question_words = f" {' '.join(token.text for token in name_tokens(stage.question))} "
    links = linker.links(sorted({seed.row for seed in seeds}))
    parts: list[_Followed] = []
    for number, seed in enumerate(seeds):
        target = _Target(cosines, sentences, dict.fromkeys(seed.rest, 1.0), rows)
        parts.append(_follow(seed, number, links[seed.sentence], target, question_words))
        wanted = dict.fromkeys(seed.rest, 1.0)
        names = snapshot.mention_names(seed.row)[seed.sentence - int(rows.starts[seed.row])]
        for term in (term for name in names if f" {name} " not in question_words for term in terms(name)):
            wanted[key(term)] = wanted.get(key(term), 0.0) + MENTION_WEIGHT
        found = seed.belief**0.5 * share_of_best(passages.scores(wanted) * stage.allowed)
        found[seed.row] = 0.0
        better = found > residual
        residual[better] = found[better]
        residual_seed[better] = number
    paths = Reached.by(_joined(parts), len(rows.keys))
    return Remainder(paths=paths, residual=residual, residual_seed=residual_seed, seeds=tuple(seeds), cosines=cosines)


def _seed_sentences(stage: FirstStage, seed_scores: Scores, snapshot: Snapshot) -> list[SeedSentence]:
    """The sentences of the best passages with the highest belief (seed score times match), at most two a passage."""
    rows = snapshot.rows
    seeds = best(seed_scores, N_SEED_PASSAGES, keys=rows.keys, allowed=stage.allowed & (seed_scores > 0))
    if not len(seeds):
        return []
    sentences, matches = sentence_matches(stage, seeds, rows)
    owners = rows.owners[sentences].astype(np.int64)
    beliefs = seed_scores[owners] / seed_scores[seeds[0]] * matches
    order = np.lexsort((sentences - rows.starts[owners], rows.keys[owners], -beliefs))
    chosen: list[tuple[int, int, float]] = []
    used: dict[int, int] = {}
    for at in order.tolist():
        row = int(owners[at])
        if beliefs[at] > 0 and used.get(row, 0) < MAX_SENTENCES_OF_A_PASSAGE:
            used[row] = used.get(row, 0) + 1
            chosen.append((int(sentences[at]), row, float(beliefs[at])))
            if len(chosen) == N_SEED_SENTENCES:
                break
    highest = chosen[0][2] if chosen else 1.0
    return [SeedSentence(sentence, row, belief / highest, _rest(stage, sentence, row, snapshot)) for sentence, row, belief in chosen]


def _rest(stage: FirstStage, sentence: int, row: int, snapshot: Snapshot) -> frozenset[int]:
    passage = snapshot.passage(row)
    text = passage.sentence_text(sentence - int(snapshot.rows.starts[row]))
    covered = {key(term) for term in terms(f"{text} {passage.subject}")}
    return frozenset(term_weights(stage.terms)) - covered


@dataclass(frozen=True, slots=True)
class _Target:
    """How well sentences answer what a seed sentence leaves open: tm of the design."""

    cosine: Scores
    lexical: LexicalScorer
    rest: Mapping[int, float]
    rows: Rows

    def matches(self, sentences: NDArray[np.int64]) -> Scores:
        """tm(s) = 0.5 cosine rescaled over the best sentences + 0.5 BM25 share of the rest."""
        return 0.5 * self.cosine[sentences] + 0.5 * self.lexical.shares(self.rest, sentences)


@dataclass(frozen=True, slots=True)
class _Followed:
    """The links of a seed sentence that were followed, what they give their targets, and the number of the sentence among the seeds."""

    links: list[SentenceLink]
    values: Scores
    seed: int


def _follow(seed: SeedSentence, number: int, links: Sequence[SentenceLink], target: _Target, question_words: str) -> _Followed:
    """What a seed sentence gives the passages that it leads to; a name that the question holds itself tells nothing new."""
    followed = [link for link in links if link.kind != "mention" or f" {link.name} " not in question_words]
    if not followed:
        return _Followed([], np.zeros(0), number)
    rows = target.rows
    checked = [link.target_sentences if link.kind == "mention" else _sentences_of(link.targets, rows) for link in followed]
    groups = [link.sentence_targets if link.kind == "mention" else _places(link.targets, rows) for link in followed]
    widths = [len(link.targets) for link in followed]
    firsts = np.repeat(np.cumsum([0, *widths[:-1]]), [len(part) for part in checked])
    best_match = np.zeros(sum(widths))
    np.maximum.at(best_match, np.concatenate(groups) + firsts, target.matches(np.concatenate(checked)))
    strengths = np.repeat([seed.belief / link.degree**DEGREE_POWER for link in followed], widths)
    values = strengths * np.concatenate([link.covers for link in followed]) * (0.3 + 0.7 * best_match)
    return _Followed(followed, values, number)


def _joined(parts: Sequence[_Followed]) -> Steps:
    links = [link for part in parts for link in part.links]
    seeds = [part.seed for part in parts for _ in part.links]
    values = np.concatenate([np.zeros(0), *(part.values for part in parts)])
    return make_steps(links, values, seeds=seeds, matches=np.zeros(len(links)).tolist())


def _sentences_of(targets: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """The sentences of some passages, passage by passage."""
    widths = rows.starts[targets + 1] - rows.starts[targets]
    shift = np.repeat(rows.starts[targets] - np.concatenate([[0], np.cumsum(widths)[:-1]]), widths)
    sentences: NDArray[np.int64] = np.arange(int(widths.sum())) + shift
    return sentences


def _places(targets: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """For each of `_sentences_of(targets)` the place of its passage in `targets`."""
    return np.repeat(np.arange(len(targets)), rows.starts[targets + 1] - rows.starts[targets])
