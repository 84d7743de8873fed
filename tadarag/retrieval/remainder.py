"""What a believed sentence leaves unanswered: searched for directly, and checked at the passages that its names lead to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import key, name_tokens, terms
from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.hops import DEGREE_POWER, Reached, sentence_matches
from tadarag.retrieval.lexical import LexicalScorer, term_weights
from tadarag.retrieval.links import Linker, SentenceLink
from tadarag.retrieval.ranking import Scores, best, rescale_top, share_of_best
from tadarag.store.protocol import Rows, Snapshot

N_SEED_PASSAGES = 12
N_SEED_SENTENCES = 10
MAX_SENTENCES_OF_A_PASSAGE = 2
TOP_SENTENCES = 300
MENTION_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class SeedSentence:
    """A sentence that is believed to bear on the question: its number, its passage, its belief relative to the best one."""

    sentence: int
    row: int
    belief: float


@dataclass(frozen=True, slots=True)
class Remainder:
    """`paths`: passages reached through a link, by how well they answer the rest; `residual`: by searching for the rest alone."""

    paths: Reached
    residual: Scores
    residual_seed: NDArray[np.int32]
    seeds: tuple[SeedSentence, ...]

    def only(self, layers: Collection[str]) -> Remainder:
        """The same without `paths` or `residual` where "path" or "residual" is not among the layers."""
        n_rows = len(self.residual)
        paths = self.paths if "path" in layers else Reached.nothing(n_rows)
        return Remainder(paths, self.residual if "residual" in layers else np.zeros(n_rows), self.residual_seed, self.seeds)


def search_remainder(
    stage: FirstStage, seed_scores: Scores, snapshot: Snapshot, linker: Linker, *, passages: LexicalScorer, sentences: LexicalScorer
) -> Remainder:
    """Residual search and paths with a target check (retrieval design 1.4).

    seed_scores: F, float64[R]. For each seed sentence k with belief v: rest = terms of q that occur neither in k nor in its subject;
    tm(s) = 0.5 cosine rescaled over the best 300 sentences + 0.5 BM25 share of rest;
    path(q,d) = max over k, links k -> d of v covers/degree^0.4 (0.3 + 0.7 tm), tm of d's best sentence, or of the sentence that shares
    the mention; residual(q,d) = max over k of sqrt(v) BM25 share of rest + 0.7 (terms of k's mentions that are not in q).
    """
    rows = snapshot.rows
    seeds = _seed_sentences(stage, seed_scores, snapshot)
    paths = Reached.nothing(len(rows.keys))
    residual = np.zeros(len(rows.keys))
    residual_seed = np.full(len(rows.keys), -1, np.int32)
    if not seeds:
        return Remainder(paths, residual, residual_seed, ())
    question_weights = term_weights(stage.terms)
    question_words = f" {' '.join(token.text for token in name_tokens(stage.question))} "
    cosine = rescale_top(stage.sentence_cosines, top=TOP_SENTENCES, allowed=stage.allowed[rows.owners])
    links = linker.links(sorted({seed.row for seed in seeds}))
    for number, seed in enumerate(seeds):
        passage = snapshot.passage(seed.row)
        index = seed.sentence - int(rows.starts[seed.row])
        covered = {key(term) for term in terms(f"{passage.sentence_text(index)} {passage.subject}")}
        rest = {term: 1.0 for term in question_weights if term not in covered}
        _follow(paths, seed, links[seed.sentence], _Target(cosine, sentences, rest, rows), question_words)
        wanted = dict(rest)
        for name in snapshot.mention_names(seed.row)[index]:
            if f" {name} " not in question_words:
                for term in terms(name):
                    wanted[key(term)] = wanted.get(key(term), 0.0) + MENTION_WEIGHT
        found = passages.scores(wanted) * stage.allowed
        found = seed.belief**0.5 * share_of_best(found)
        found[seed.row] = 0.0
        better = found > residual
        residual[better] = found[better]
        residual_seed[better] = number
    return Remainder(paths, residual, residual_seed, tuple(seeds))


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
    return [SeedSentence(sentence, row, belief / highest) for sentence, row, belief in chosen]


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


def _follow(paths: Reached, seed: SeedSentence, links: Sequence[SentenceLink], target: _Target, question_words: str) -> None:
    """Raise the passages that a seed sentence leads to; a name that the question holds itself tells nothing new."""
    followed = [link for link in links if link.kind != "mention" or f" {link.name} " not in question_words]
    if not followed:
        return
    rows = target.rows
    checked = [link.target_sentences if link.kind == "mention" else _sentences_of(link.targets, rows) for link in followed]
    matches = np.split(target.matches(np.concatenate(checked)), np.cumsum([len(part) for part in checked])[:-1])
    for link, match in zip(followed, matches, strict=True):
        groups = link.sentence_targets if link.kind == "mention" else _places(link.targets, rows)
        best_match = np.zeros(len(link.targets))
        np.maximum.at(best_match, groups, match)
        strength = seed.belief / link.degree**DEGREE_POWER
        paths.raise_to(link.targets, strength * link.covers * (0.3 + 0.7 * best_match), link)


def _sentences_of(targets: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """The sentences of some passages, passage by passage."""
    widths = rows.starts[targets + 1] - rows.starts[targets]
    shift = np.repeat(rows.starts[targets] - np.concatenate([[0], np.cumsum(widths)[:-1]]), widths)
    sentences: NDArray[np.int64] = np.arange(int(widths.sum())) + shift
    return sentences


def _places(targets: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """For each of `_sentences_of(targets)` the place of its passage in `targets`."""
    return np.repeat(np.arange(len(targets)), rows.starts[targets + 1] - rows.starts[targets])
