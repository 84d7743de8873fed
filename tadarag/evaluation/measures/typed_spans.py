"""Micro-averaged precision, recall and F1 of sets of found things against sets of gold things, text by text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tadarag.evaluation.bootstrap import CONFIDENCE, N_DRAWS, SEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many things of one text were found, are gold, and are both."""

    n_right: int = 0
    n_found: int = 0
    n_gold: int = 0

    @classmethod
    def of(cls, found: Collection[Any], gold: Collection[Any]) -> Counts:
        """The counts of two collections without repetitions; a thing is right when it equals a gold one."""
        return cls(n_right=len(set(found) & set(gold)), n_found=len(set(found)), n_gold=len(set(gold)))


def f1_figures(texts: Sequence[Counts], *, n_draws: int = N_DRAWS) -> dict[str, Any]:
    """Precision, recall and F1 in [0, 1] over all texts together, F1 with its percentile interval over texts drawn anew, and the counts.

    Nothing found has precision 0, and F1 is 0 where nothing is right. n_draws: 0 leaves the interval out.
    """
    counts = np.array([(one.n_right, one.n_found, one.n_gold) for one in texts], np.int64).reshape(-1, 3)
    right, found, gold = counts.sum(0).tolist()
    precision, recall = right / found if found else 0.0, right / gold if gold else 0.0
    figures: dict[str, Any] = {"precision": round(precision, 6), "recall": round(recall, 6), "f1": round(_f1(right, found, gold), 6)}
    if n_draws:
        generator = np.random.default_rng(SEED)
        drawn = [_f1(*counts[generator.integers(0, len(counts), len(counts))].sum(0).tolist()) for _ in range(n_draws)]
        tail = (1 - CONFIDENCE) / 2
        figures["f1_interval"] = [round(float(edge), 6) for edge in np.quantile(drawn, (tail, 1 - tail))]
    return {**figures, "n_right": right, "n_found": found, "n_gold": gold}


def _f1(right: int, found: int, gold: int) -> float:
    return 2 * right / (found + gold) if right else 0.0
