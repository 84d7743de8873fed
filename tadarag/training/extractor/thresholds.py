"""The two thresholds of an extractor, one for spans and one for pairs, chosen on dev sets together; and its figures under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tadarag.training.extractor.corpus import Corpus
from tadarag.training.extractor.scoring import Counts, Reading, entity_counts, given_counts, relation_counts

GRID = tuple(round(0.15 + 0.05 * step, 2) for step in range(14))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least probabilities of a span that is taken for an entity, and of a pair that is taken for a relation."""

    span: float
    pair: float


def choose_thresholds(read: Sequence[tuple[Corpus, Sequence[Reading]]]) -> Thresholds:
    """Those with the best macro F1 of the sets: of entities; of relations, the mean of end to end and between gold entities.

    Ties go to the one nearest to one half.
    """
    span = _best(lambda threshold: [entity_counts(corpus, readings, threshold).f1 for corpus, readings in read])
    related = [(corpus, readings) for corpus, readings in read if _has_relations(corpus)]

    def pair_figures(threshold: float) -> list[float]:
        return [
            (relation_counts(corpus, readings, span, threshold).f1 + given_counts(corpus, readings, threshold).f1) / 2
            for corpus, readings in related
        ]

    return Thresholds(span, _best(pair_figures))


def figures(corpus: Corpus, readings: Sequence[Reading], thresholds: Thresholds) -> Mapping[str, Any]:
    """Precision, recall and F1 in percent: of entities; of relations strict, by boundaries alone, and between gold entities."""
    result: dict[str, Any] = {"n_texts": len(corpus.examples), "entities": _figures(entity_counts(corpus, readings, thresholds.span))}
    if _has_relations(corpus):
        strict, loose = (
            relation_counts(corpus, readings, thresholds.span, thresholds.pair, with_types=with_types) for with_types in (True, False)
        )
        result |= {
            "relations": _figures(strict),
            "relations_boundaries": _figures(loose),
            "relations_gold_entities": _figures(given_counts(corpus, readings, thresholds.pair)),
        }
    return result


def _best(figures_at: Callable[[float], Sequence[float]]) -> float:
    return min(GRID, key=lambda threshold: (-round(sum(figures_at(threshold)), 6), abs(threshold - 0.5), threshold))


def _has_relations(corpus: Corpus) -> bool:
    return any(example.facts for example in corpus.examples)


def _figures(counts: Counts) -> Mapping[str, float]:
    return {"precision": round(counts.precision, 2), "recall": round(counts.recall, 2), "f1": round(counts.f1, 2)}
