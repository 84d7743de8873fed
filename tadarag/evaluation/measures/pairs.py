"""Pairwise precision, recall and F1 of a grouping, and the share of homonyms kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """Pairs of items by what gold and prediction say of them: joined by both, by the prediction, by gold. Counts of several groupings add."""

    both: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: PairCounts) -> PairCounts:
        return PairCounts(both=self.both + other.both, predicted=self.predicted + other.predicted, gold=self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of joined pairs that gold joins; 1.0 when nothing was joined."""
        return self.both / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of gold's pairs that were joined; 1.0 when gold joins none."""
        return self.both / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pair_counts(items: Iterable[tuple[Hashable, Hashable]]) -> PairCounts:
    """Counts over all pairs of items, each given as (gold group, predicted group)."""
    labelled = list(items)
    return PairCounts(
        both=_pairs(Counter(labelled)),
        predicted=_pairs(Counter(one for _, one in labelled)),
        gold=_pairs(Counter(one for one, _ in labelled)),
    )


def homonyms_apart(items: Iterable[tuple[Hashable, Hashable, Hashable]]) -> tuple[int, int]:
    """(pairs kept apart, pairs) of items with one name and different gold groups; each item is (name, gold group, predicted group)."""
    labelled = list(items)
    of_name = _pairs(Counter(name for name, _, _ in labelled)) - _pairs(Counter((name, gold) for name, gold, _ in labelled))
    merged = _pairs(Counter((name, predicted) for name, _, predicted in labelled)) - _pairs(Counter(labelled))
    return of_name - merged, of_name


def _pairs(counts: Counter[Hashable]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())
