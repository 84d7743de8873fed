"""G6: a judge for samples that rules cannot decide, asked seldom; a call that fails drops its sample and is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tadarag.errors import ModelError, TrainingError
from tadarag.training.rewards.emitted import EmittedGraph
from tadarag.training.rewards.gates import Scored
from tadarag.training.rewards.sample import RewardItem
from tadarag.training.rewards.weighted import JUDGE, Weights, weighted_sum

MOST_JUDGED, MOST_FAILED = 0.20, 0.05
_LEAST_CALLS = 20  # before a failure rate means anything

Judge = Callable[[EmittedGraph, RewardItem], float]
"""How well a graph serves its item, in [0, 1]. Raises ModelError where it cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCounts:
    """Samples, calls of the judge and failed ones of a run so far."""

    n_samples: int = 0
    n_calls: int = 0
    n_failures: int = 0


def judge_undecided(
    scored: Sequence[Scored], items: Sequence[RewardItem], judge: Judge, weights: Weights, counts: JudgeCounts
) -> tuple[list[Scored], JudgeCounts]:
    """The samples with the judge's term where rules could not decide, in order, for at most 20 % of all samples of the run.

    counts: of the run before these samples; those after them are returned. A sample on which the judge fails is dropped. Raises TrainingError
    when more than 5 % of 20 calls or more have failed.
    """
    counts = replace(counts, n_samples=counts.n_samples + len(scored))
    judged: list[Scored] = []
    for one, item in zip(scored, items, strict=True):
        if one.graph is None or not one.is_undecided or counts.n_calls + 1 > MOST_JUDGED * counts.n_samples:
            judged.append(one)
            continue
        counts = replace(counts, n_calls=counts.n_calls + 1)
        try:
            terms = {**one.terms, JUDGE: judge(one.graph, item)}
        except ModelError:
            counts = replace(counts, n_failures=counts.n_failures + 1)
            judged.append(replace(one, is_dropped=True))
            _check(counts)
        else:
            judged.append(replace(one, terms=terms, total=weighted_sum(terms, weights)))
    return judged, counts


def _check(counts: JudgeCounts) -> None:
    if counts.n_calls >= _LEAST_CALLS and counts.n_failures > MOST_FAILED * counts.n_calls:
        raise TrainingError(
            f"the judge failed at {counts.n_failures} of {counts.n_calls} calls: too many samples would be dropped",
            "see to its endpoint, then resume from the last checkpoint",
        )
