"""What a network reads in a set, and its precision, recall and F1 against the gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from tadarag.extraction.set_template import type_words
from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.examples import Example
from tadarag.training.extractor.loss import padded
from tadarag.training.extractor.names import NameVectors
from tadarag.training.extractor.network import Extractor

FLOOR = 0.1
"""The least probability of a span or pair that is kept; thresholds lie above it."""
_BATCH_PIECES = 2048

Thing = str | tuple[int, int, int, str]
"""A gold thing by its id, or a span that is none: the number of its text, first and last piece, type."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were right, found, and true."""

    n_right: int = 0
    n_found: int = 0
    n_gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.n_right + other.n_right, self.n_found + other.n_found, self.n_gold + other.n_gold)

    @property
    def precision(self) -> float:
        """In percent; 0 where nothing was found."""
        return 100 * self.n_right / max(1, self.n_found)

    @property
    def recall(self) -> float:
        """In percent; 0 where nothing is true."""
        return 100 * self.n_right / max(1, self.n_gold)

    @property
    def f1(self) -> float:
        """In percent: the harmonic mean of precision and recall."""
        return 200 * self.n_right / max(1, self.n_found + self.n_gold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a network finds in one example, all above FLOOR.

    spans: (first, last, type, probability), none crossing or covering a better one. pairs: (head, tail, relation, probability) as
    indexes of spans. between_gold: likewise, as indexes of the example's own entities.
    """

    spans: tuple[tuple[int, int, str, float], ...]
    pairs: tuple[tuple[int, int, str, float], ...]
    between_gold: tuple[tuple[int, int, str, float], ...]


def read_corpus(network: Extractor, corpus: Corpus, vectors: NameVectors) -> list[Reading]:
    """A reading of each example, with the names of its own template."""
    network.eval()
    device = next(network.parameters()).device
    order = sorted(range(len(corpus.examples)), key=lambda index: len(corpus.examples[index].pieces))
    readings: dict[int, Reading] = {}
    with torch.inference_mode():
        while order:
            indexes = [order.pop()]
            while order and (len(indexes) + 1) * len(corpus.examples[indexes[0]].pieces) <= _BATCH_PIECES:
                indexes.append(order.pop())
            states, mask = padded(corpus, indexes)
            hidden = network.upper(states.to(device), mask.to(device))
            for row, index in enumerate(indexes):
                example = corpus.examples[index]
                readings[index] = _reading(network, example, hidden[row, : len(example.pieces)], vectors)
    return [readings[index] for index in range(len(corpus.examples))]


def _reading(network: Extractor, example: Example, hidden: torch.Tensor, vectors: NameVectors) -> Reading:
    spans = network.spans(hidden[None])[0]
    logits = network.type_scores(spans, vectors([type_words(kind) for kind in example.entity_types]))
    found = tuple(
        (first, last, example.entity_types[kind], probability)
        for first, last, kind, probability in choose_spans(torch.sigmoid(logits).cpu().numpy(), FLOOR)
    )
    return Reading(
        spans=found,
        pairs=_related(network, example, hidden, spans, [(first, last) for first, last, _, _ in found], vectors),
        between_gold=_related(network, example, hidden, spans, [(first, last) for first, last, _ in example.entities], vectors),
    )


def choose_spans(scores: NDArray[np.float32], threshold: float) -> list[tuple[int, int, int, float]]:
    """Spans (first, last, type index, probability) at or above the threshold, in text order, none crossing or covering a better one.

    scores: probabilities float[pieces, max_width, types]. The spans of a higher threshold are those of a lower one that reach it.
    """
    best = scores.max(axis=2).astype(np.float64)  # a float32 at 0.7 is less than 0.7
    n_pieces = len(best)
    found = [(float(best[a, w]), int(a), int(a + w)) for a, w in np.argwhere(best >= threshold) if a + w < n_pieces]
    chosen: list[tuple[int, int, int, float]] = []
    taken = np.zeros(n_pieces, bool)
    for probability, first, last in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
        if not taken[first : last + 1].any():
            taken[first : last + 1] = True
            chosen.append((first, last, int(scores[first, last - first].argmax()), probability))
    return sorted(chosen)


def _related(
    network: Extractor, example: Example, hidden: torch.Tensor, spans: torch.Tensor, chosen: Sequence[tuple[int, int]], vectors: NameVectors
) -> tuple[tuple[int, int, str, float], ...]:
    if len(chosen) < 2 or not example.relation_types:
        return ()
    pairs = [(a, b) for a in range(len(chosen)) for b in range(len(chosen)) if chosen[a] != chosen[b]]
    if not pairs:
        return ()
    heads, tails = torch.tensor(pairs, device=hidden.device).T
    names = vectors([type_words(name) for name in example.relation_types])
    scores = torch.sigmoid(network.pair_scores(hidden, spans, chosen, heads, tails, names)).cpu().numpy()
    return tuple(
        (*pairs[row], example.relation_types[name], float(scores[row, name])) for row, name in np.argwhere(scores >= FLOOR).tolist()
    )


def entity_counts(corpus: Corpus, readings: Sequence[Reading], threshold: float) -> Counts:
    """Strict: both ends and the type. Gold entities that no model on these pieces can find count as missed."""
    total = Counts()
    for example, reading in zip(corpus.examples, readings, strict=True):
        found = {(first, last, kind) for first, last, kind, probability in reading.spans if probability >= threshold}
        total += Counts(len(found & set(example.entities)), len(found), len(example.entities) + example.n_lost)
    return total


def relation_counts(
    corpus: Corpus, readings: Sequence[Reading], threshold: float, pair_threshold: float, *, with_types: bool = True
) -> Counts:
    """End to end: right if the relation holds between the things whose mentions (ends, and type unless without) were found."""

    def facts(number: int) -> Iterable[tuple[Thing, Thing, str]]:
        example, reading = corpus.examples[number], readings[number]
        known = {
            (first, last, kind if with_types else ""): thing
            for (first, last, kind), thing in zip(example.entities, example.clusters, strict=True)
        }
        keys = [(first, last, kind if with_types else "") for first, last, kind, _ in reading.spans]
        things: list[Thing] = [known.get(key, (number, *key)) for key in keys]
        for head, tail, relation, probability in reading.pairs:
            if probability >= pair_threshold and min(reading.spans[head][3], reading.spans[tail][3]) >= threshold:
                yield things[head], things[tail], relation

    return _fact_counts(corpus, [facts(number) for number in range(len(readings))])


def given_counts(corpus: Corpus, readings: Sequence[Reading], pair_threshold: float) -> Counts:
    """Relations between the gold entities; of a document-level relation one pair of mentions of its things is enough."""

    def facts(example: Example, reading: Reading) -> Iterable[tuple[Thing, Thing, str]]:
        for head, tail, relation, probability in reading.between_gold:
            if probability >= pair_threshold and example.clusters[head] != example.clusters[tail]:
                yield example.clusters[head], example.clusters[tail], relation

    return _fact_counts(corpus, [facts(example, reading) for example, reading in zip(corpus.examples, readings, strict=True)])


def _fact_counts(corpus: Corpus, facts: Sequence[Iterable[tuple[Thing, Thing, str]]]) -> Counts:
    """Each record once, however many windows it has."""
    found: dict[str, set[tuple[Thing, Thing, str]]] = defaultdict(set)
    gold: dict[str, set[tuple[Thing, Thing, str]]] = defaultdict(set)
    for example, own in zip(corpus.examples, facts, strict=True):
        found[example.record].update(own)
        gold[example.record].update(example.facts)
    return sum((Counts(len(found[one] & gold[one]), len(found[one]), len(gold[one])) for one in gold), Counts())
