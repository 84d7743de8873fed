"""What the spike monitor tells: events, and a row of figures now and then; both as JSON lines."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tadarag.errors import TrainingError

FILE_NAME = "spikes.jsonl"
Kind = Literal["decay", "warning", "alarm", "spike"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeEvent:
    """Something that a person should know of a run.

    step: counted from 1. tensor: which one, "" for the loss. decay: v has decayed by itself for a tenth of K9 (value kappa, limit .9);
    warning and alarm: the margin K7 (limits .8 and 1); spike: the loss's score K8 (limit 8).
    """

    step: int
    tensor: str
    kind: Kind
    value: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeRow:
    """A run before one step.

    source: the set that the batch is from. loss: None where it was not finite. gradient: length of the gradient as the step uses it.
    kappa: K2 of all tensors together, None before the second step. decaying: share of |d|_D^2 in tensors with K2 above .9.
    curvature, limit, margin: K6, K3, K7, None at steps at which no curvature was taken.
    """

    step: int
    source: str
    loss: float | None
    gradient: float | None
    kappa: float | None
    decaying: float
    curvature: float | None
    limit: float | None
    margin: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorSummary:
    """A tensor at the end: steps in which its v decayed by itself in all and at most in succession, and its last K2."""

    name: str
    n_decaying: int
    longest: int
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeLog:
    """All that a monitor has written; tensors by name.

    settings: every, window, guard, beta1, beta2, n_steps, and rollbacks: for each time that the loop went back {step, to}.
    """

    settings: Mapping[str, Any]
    rows: tuple[SpikeRow, ...]
    events: tuple[SpikeEvent, ...]
    tensors: tuple[TensorSummary, ...]


def write_spikes(log: SpikeLog, file: Path) -> None:
    """One JSON object a line: the settings, then rows, events and tensors, each with its `record`. No times: equal runs give equal bytes.

    The file is there whole or as it was before.
    """
    lines = [_line("settings", log.settings)]
    for record, entries in (("row", log.rows), ("event", log.events), ("tensor", log.tensors)):
        lines += [_line(record, asdict(entry)) for entry in entries]
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text("".join(lines), encoding="utf-8")
    os.replace(unfinished, file)


def read_spikes(file: Path) -> SpikeLog:
    """What `write_spikes` wrote. Raises TrainingError for a file that is something else."""
    found: dict[str, list[dict[str, Any]]] = {"settings": [], "row": [], "event": [], "tensor": []}
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found[entry.pop("record")].append(entry)
        return SpikeLog(
            settings=found["settings"][0],
            rows=tuple(SpikeRow(**entry) for entry in found["row"]),
            events=tuple(SpikeEvent(**{**entry, "value": _number(entry["value"])}) for entry in found["event"]),
            tensors=tuple(TensorSummary(**entry) for entry in found["tensor"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise TrainingError(
            f"{file} is no log of a spike monitor: {type(error).__name__} {error}", "run the stage again: --again"
        ) from error


def finite(value: float | None) -> float | None:
    """A figure for a row: six digits, None where it is not finite."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def counts(events: Iterable[SpikeEvent]) -> dict[str, int]:
    """How many events of each kind, all four named."""
    listed = [event.kind for event in events]
    return {kind: listed.count(kind) for kind in ("decay", "warning", "alarm", "spike")}


def _line(record: str, entry: Mapping[str, Any]) -> str:
    safe = {key: str(value) if isinstance(value, float) and not math.isfinite(value) else value for key, value in entry.items()}
    return json.dumps({"record": record, **safe}, ensure_ascii=False) + "\n"


def _number(value: float | str) -> float:
    return float(value)  # "inf" is written as a text: JSON has no such number
