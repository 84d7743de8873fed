"""What a selection of items is worth on the generated world: from one model after stage 1, stage 2 on the choice of each strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from tadarag.evaluation.bootstrap import paired_interval
from tadarag.training.causal.item_rollouts import SelectionSettings, select_items
from tadarag.training.causal.world_records import SeedRecord
from tadarag.training.causal.world_run import Report, WorldSettings, measure, reinforce_world, roll_out_world, start_world
from tadarag.training.selection.band import reason_outside
from tadarag.training.selection.choosing import Selection
from tadarag.training.selection.rollouts import Rollouts

BEFORE = "before"
_MOST_BELOW_RANDOM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Which strategies are compared, on so many items of stage 2, of which each chooses the same share; stage 2 takes `steps` for each."""

    strategies: tuple[str, ...] = ("medium", "random", "hardest")
    n_items: int = 600
    share: float = 0.25
    steps: int = 60


def compare_selections(
    settings: WorldSettings, compared: Compared, *, seed: int, report: Report = lambda message: None, taught: Path | None = None
) -> SeedRecord:
    """One seed. Measures by strategy, and `before` stage 2, all by the answer behind the model's own graph; the report says what was chosen.

    Rollouts, weights and the draws of stage 2 begin the same for every strategy.
    """
    stage_two = replace(settings.stage_two, steps=compared.steps)
    settings = replace(settings, stage_two=stage_two, n_reinforced=compared.n_items)
    started = start_world(settings, seed=seed, report=report, taught=taught)
    state = {name: value.clone() for name, value in started.model.state_dict().items()}
    measures = {BEFORE: measure(started, settings, way="graph")}
    asked = SelectionSettings(share=compared.share)
    rollouts = roll_out_world(started, settings, asked, seed=seed)
    chosen_of: dict[str, Any] = {}
    for strategy in compared.strategies:
        started.model.load_state_dict(state)
        items, selection = select_items(
            started.reinforced, rollouts, replace(asked, strategy=strategy), seed=seed, group=stage_two.n_graphs
        )
        reinforce_world(started, settings, seed=seed, report=report, items=items)
        measures[strategy] = measure(started, settings, way="graph")
        chosen_of[strategy] = _what_was_chosen(selection, rollouts)
        report(f"{strategy}: {len(items)} items, exact match {measures[strategy].exact_match:.3f}")
    return SeedRecord(seed=seed, measures=measures, report={"rollouts": _what_was_rolled(rollouts, stage_two.n_graphs), **chosen_of})


def compare_strategies(records: Sequence[SeedRecord]) -> dict[str, Any]:
    """Means over seeds; medium against every other measure, paired item by item over all seeds, with an interval of 95 %.

    fails: whether medium is below random by more than a point.
    """
    names = list(records[0].measures)
    pairs = {f"medium minus {name}": _difference(records, name) for name in names if name != "medium"}
    return {
        "exact_match": {name: fmean(one.measures[name].exact_match for one in records) for name in names},
        "graph_tokens": {name: fmean(fmean(one.measures[name].graph_tokens) for one in records) for name in names},
        "medium": pairs,
        "fails": pairs["medium minus random"]["gain"] < -_MOST_BELOW_RANDOM,
        "seeds": [
            {
                "seed": one.seed,
                "exact_match": {name: measured.exact_match for name, measured in one.measures.items()},
                "chosen": dict(one.report),
            }
            for one in records
        ],
    }


def _difference(records: Sequence[SeedRecord], other: str) -> Mapping[str, Any]:
    ours, theirs = ([float(right) for one in records for right in one.measures[name].is_right] for name in ("medium", other))
    found = paired_interval(ours, theirs)
    return {
        "gain": fmean(ours) - fmean(theirs),
        "interval": [found.low, found.high],
        "n_better": sum(one.measures["medium"].exact_match > one.measures[other].exact_match for one in records),
        "n_items": len(ours),
    }


def _what_was_chosen(selection: Selection, rollouts: Sequence[Rollouts]) -> dict[str, Any]:
    p = {one.item: one.p for one in rollouts}
    return {
        "n": len(selection.items),
        "n_easy": len(selection.easy),
        "n_hard": len(selection.hard),
        "mean_p": fmean(p[item] for item in selection.items),
        "label_doubt": selection.label_doubt,
        "discarded": dict(selection.discarded),
    }


def _what_was_rolled(rollouts: Sequence[Rollouts], group: int) -> dict[str, Any]:
    return {
        "n": len(rollouts),
        "mean_p": fmean(one.p for one in rollouts),
        "in_band": fmean(float(not reason_outside(one, group=group)) for one in rollouts),
        "label_doubt": fmean(one.label_doubt for one in rollouts),
    }
