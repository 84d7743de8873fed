"""The stage of the recipe `causal-tiny-world`: policy B on the generated world for the run's seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import torch

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.causal.curves import write_curves
from tadarag.training.causal.item_rollouts import SelectionSettings
from tadarag.training.causal.reading import ReadingSettings
from tadarag.training.causal.run_report import LOG, REPORT, write_json, write_rows
from tadarag.training.causal.stage_two_settings import StageTwoSettings
from tadarag.training.causal.supervised import SupervisedSettings
from tadarag.training.causal.world import WorldShape
from tadarag.training.causal.world_figures import figures_of
from tadarag.training.causal.world_records import record_of
from tadarag.training.causal.world_run import WorldSettings, run_seed
from tadarag.training.rewards.weighted import read_weights
from tadarag.training.spikes.events import FILE_NAME, write_spikes
from tadarag.training.stage_run import StageRun

CURVES = ("loss", "reward.mean", "graph_tokens", "gate", "anchored", "zero_groups", "losses.base", "losses.mix")
_PARTS: Mapping[str, Any] = {
    "shape": WorldShape,
    "reading": ReadingSettings,
    "supervised": SupervisedSettings,
    "stage_two": StageTwoSettings,
}


def world_settings(parameters: Mapping[str, Any]) -> WorldSettings:
    """The settings that a recipe states; parts are mappings. Raises TrainingError for a setting that there is not."""
    stated = dict(parameters)
    _check(stated, WorldSettings)
    for part, kind in _PARTS.items():
        stated[part] = _part(stated.get(part, {}), kind)
    if stated.get("selection") is not None:
        stated["selection"] = _part(stated["selection"], SelectionSettings)
    read_weights(stated.get("reward_weights"))
    return WorldSettings(**stated)


def run_world(run: StageRun) -> None:
    """Both stages for the run's seed: figures.json, reading.jsonl, supervised.jsonl, log.jsonl and report.json of stage 2, spikes.jsonl, and curves.

    With a selection, selection.json says which items were chosen, and how many were not and why.

    Parameters: those of `WorldSettings`; threads (1), and with_control (false), whether stage 2 is run once more with beta 0.
    """
    parameters = dict(run.parameters)
    torch.set_num_threads(parameters.pop("threads", 1))
    with_control = parameters.pop("with_control", False)
    result = run_seed(world_settings(parameters), seed=run.seed, with_control=with_control, report=run.report)
    write_json(figures_of(record_of(result)), run.folder / "figures.json")
    if result.selection is not None:
        write_json(asdict(result.selection), run.folder / "selection.json")
    write_rows(result.reading_rows, run.folder / "reading.jsonl")
    write_rows(result.supervised_rows, run.folder / "supervised.jsonl")
    write_rows(result.run.rows, run.folder / LOG)
    write_json(result.run.report, run.folder / REPORT)
    write_spikes(result.run.spikes, run.folder / FILE_NAME)
    write_curves(result.reading_rows, ("loss",), run.folder, prefix="reading")
    write_curves(result.supervised_rows, ("loss", "graph", "answer_with_graph", "answer_alone"), run.folder, prefix="supervised")
    write_curves(result.run.rows, CURVES, run.folder, prefix="stage-two")


def _part(stated: Mapping[str, Any], kind: Any) -> Any:
    _check(stated, kind)
    return kind(**stated)


def _check(stated: Mapping[str, Any], kind: Any) -> None:
    unknown = sorted(set(stated) - set(kind.__slots__))
    if unknown:
        raise TrainingError(f"there is no setting {unknown[0]!r} of {kind.__name__}", nearest(unknown[0], kind.__slots__))
