"""Figures of the generated world over several seeds: each step's gain with its interval, paired item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from tadarag.evaluation.bootstrap import paired_interval
from tadarag.training.causal.world_records import SeedRecord
from tadarag.training.causal.world_run import Measured

STEPS = (
    ("alone", "graph"),
    ("graph", "reinforced"),
    ("graph", "handed"),
    ("alone_after", "reinforced"),
    ("control", "reinforced"),
    ("graph", "mixed"),
)
"""Pairs of measures, the second expected above the first."""


def figures_of(record: SeedRecord) -> dict[str, Any]:
    """One seed's exact matches and mean graph tokens, and the report of its stage 2."""
    return {
        "seed": record.seed,
        "exact_match": {name: one.exact_match for name, one in record.measures.items()},
        "graph_tokens": {name: fmean(one.graph_tokens) for name, one in record.measures.items() if one.graph_tokens},
        "stage_two": record.report,
        "weights_sha256": record.weights_sha256,
    }


def compare_seeds(results: Sequence[SeedRecord]) -> dict[str, Any]:
    """Means over seeds; for each step the gain in exact match, pooled over the items of all seeds with a paired bootstrap interval of 95 %.

    n_better: in how many seeds the step went up. shorter: the same for the tokens of graphs before and after reinforcement.
    """
    names = [name for name in results[0].measures if all(name in one.measures for one in results)]
    steps = {f"{low} to {high}": _step(results, low, high) for low, high in STEPS if low in names and high in names}
    before, after = (_pooled(results, name, lambda one: one.graph_tokens) for name in ("graph", "reinforced"))
    shorter = paired_interval(after, before)
    return {
        "exact_match": {name: fmean(one.measures[name].exact_match for one in results) for name in names},
        "steps": steps,
        "graph_tokens": {"graph": fmean(before), "reinforced": fmean(after), "change": [shorter.low, shorter.high]},
        "n_shorter": sum(fmean(one.measures["reinforced"].graph_tokens) < fmean(one.measures["graph"].graph_tokens) for one in results),
        "seeds": [figures_of(one) for one in results],
    }


def _step(results: Sequence[SeedRecord], low: str, high: str) -> Mapping[str, Any]:
    ours, theirs = (_pooled(results, name, lambda one: one.is_right) for name in (high, low))
    interval = paired_interval(ours, theirs)
    gains = [one.measures[high].exact_match - one.measures[low].exact_match for one in results]
    return {
        "gain": fmean(gains),
        "interval": [interval.low, interval.high],
        "n_better": sum(gain > 0 for gain in gains),
        "n_items": len(ours),
    }


def _pooled(results: Sequence[SeedRecord], name: str, of: Any) -> list[float]:
    def values(measured: Measured) -> list[float]:
        return [float(value) for value in of(measured)]

    return [value for one in results for value in values(one.measures[name])]
