"""What the stages of a run have written down while they trained: losses and other numbers a step, and the spike monitor's log."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from tadarag.training.manifest import FILE_NAME as MANIFEST
from tadarag.training.spikes.events import FILE_NAME as SPIKES
from tadarag.training.spikes.events import SpikeLog, read_spikes
from tadarag.training.stages import UNFINISHED

LOG = "log.jsonl"
_LOSS = "loss"
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpikes:
    """The spike monitor's log of a stage, or of one network of several that it trains.

    name: the stage, and the folder in it if any. losses: (step, loss) of every step. is_finished: the stage is done.
    """

    name: str
    log: SpikeLog
    losses: Points
    is_finished: bool


def is_run(folder: Path) -> bool:
    """Whether a folder is that of a run, finished or begun."""
    return (folder / MANIFEST).is_file() or (folder / UNFINISHED).is_dir()


def spike_logs(folder: Path) -> tuple[StageSpikes, ...]:
    """All logs of the spike monitor in a run, those of stages that are still at work too, by name. Raises TrainingError for a broken one."""
    found = []
    for root, is_finished in ((folder, True), (folder / UNFINISHED, False)):
        for file in sorted(root.glob(f"[!.]*/**/{SPIKES}")):
            log = read_spikes(file)
            losses = curves_of(file.with_name(LOG)).get(_LOSS) or tuple((row.step, row.loss) for row in log.rows if row.loss is not None)
            name = file.parent.relative_to(root).as_posix()
            found.append(StageSpikes(name=name, log=log, losses=losses, is_finished=is_finished))
    return tuple(found)


def step_logs(folder: Path) -> Iterator[tuple[str, dict[str, Points]]]:
    """(stage, and the folder in it if any; name of a number -> its curve), for each log of steps in a run whose stage is finished."""
    for file in sorted(folder.glob(f"[!.]*/**/{LOG}")):
        curves = curves_of(file)
        if curves:
            yield file.parent.relative_to(folder).as_posix(), curves


def curves_of(file: Path) -> dict[str, Points]:
    """Name -> (step, value) of each number that a log of steps holds, the loss first; those that are not finite are left out.

    A line is a JSON object with a `step`. A file that is not there, or has other lines, has no curves.
    """
    curves: dict[str, list[tuple[float, float]]] = {_LOSS: []}
    if not file.is_file():
        return {}
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except ValueError:  # no JSON lines: a stage may keep any log under this name
        return {}
    for row in rows:
        step = row.get("step") if isinstance(row, dict) else None
        if not _is_number(step):
            return {}
        for name, value in row.items():
            if name != "step" and _is_number(value):
                curves.setdefault(name, []).append((float(step), float(value)))
    return {name: tuple(points) for name, points in curves.items() if points}


def thinned(points: Points, *, most: int = 200) -> Points:
    """At most so many points of a curve, each the mean of as many neighbours: (last step of them, mean)."""
    width = math.ceil(len(points) / most) if points else 1
    groups = [points[start : start + width] for start in range(0, len(points), width)]
    return tuple((group[-1][0], math.fsum(value for _, value in group) / len(group)) for group in groups)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
