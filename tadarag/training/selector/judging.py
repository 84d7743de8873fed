"""What orders of candidates are worth: measures on questions that were not learned from, with intervals and differences from formula S."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.bootstrap import Interval, interval, paired_interval
from tadarag.evaluation.measures import RANKING_DEPTH
from tadarag.evaluation.measures.all_gold_at_k import all_gold_at_k
from tadarag.evaluation.measures.recall_at_k import recall_at_k
from tadarag.evaluation.records import RetrievalRecord
from tadarag.training.selector.feature_file import Asked

MEASURES = {"recall@5": partial(recall_at_k, k=5), "all_gold@5": partial(all_gold_at_k, k=5), "recall@20": partial(recall_at_k, k=20)}
PRIMARY = "recall@5"
Run = Sequence[RetrievalRecord]


def record_of(asked: Asked, scores: NDArray[np.float64]) -> RetrievalRecord:
    """The ranking that scores of the candidates give, each passage once; ties in S's order. A direct question keeps what it found."""
    ranked = asked.direct if asked.is_direct else tuple(asked.ids[place] for place in np.argsort(-scores, kind="stable").tolist())
    return RetrievalRecord(question=asked.id, gold=asked.gold, ranking=tuple(dict.fromkeys(ranked))[:RANKING_DEPTH])


def described(runs: Mapping[str, Run], *, against: str) -> dict[str, Any]:
    """For each system every measure in percent with its interval, and what it is above another system, question by question."""
    n = len(runs[against])
    systems = {
        system: {name: _percent(interval([measure(one) for one in run])) for name, measure in MEASURES.items()}
        for system, run in runs.items()
    }
    above = {
        system: {name: _percent(difference(run, runs[against], name)) for name in MEASURES}
        for system, run in runs.items()
        if system != against
    }
    return {"n_questions": n, "systems": systems, f"above {against}": above}


def difference(ours: Run, theirs: Run, measure: str = PRIMARY) -> Interval:
    """Mean and interval of the difference by question (paired bootstrap)."""
    compute = MEASURES[measure]
    return paired_interval([compute(one) for one in ours], [compute(one) for one in theirs])


def in_reach(questions: Sequence[Asked]) -> float:
    """The share of gold passages that are among the candidates, in percent, averaged over questions that follow links."""
    shares = [len(asked.gold.intersection(asked.ids)) / len(asked.gold) for asked in questions if not asked.is_direct]
    return round(100 * float(np.mean(shares)), 2) if shares else 100.0


def _percent(found: Interval) -> dict[str, float]:
    return {"mean": round(100 * found.mean, 2), "low": round(100 * found.low, 2), "high": round(100 * found.high, 2)}
