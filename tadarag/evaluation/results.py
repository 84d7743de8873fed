"""Published runs: one file each, with all that is needed to run it again and to say whether the figures still hold."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tadarag.content import content_file
from tadarag.errors import UsageError
from tadarag.evaluation.bootstrap import CONFIDENCE, N_DRAWS, SEED
from tadarag.evaluation.outcomes import Figure, Outcome
from tadarag.evaluation.provenance import code_commit, compared_libraries, machine, today
from tadarag.evaluation.requests import RunRequest, request_from_json

TOLERANCE = 0.01  # another CPU class rounds vectors elsewhere: a few near ties change place
_SAME = 1e-6  # published values are rounded to six decimals
_FOLDER = "eval/results"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRun:
    """A published run as its file holds it: the request, the hash of each data set, and the figures with their tolerances."""

    name: str
    request: RunRequest
    data: Mapping[str, str]
    figures: Mapping[str, Figure]
    tolerances: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A published figure beside the one that was measured now."""

    name: str
    published: float
    measured: float
    verdict: Literal["same", "close", "different"]


def publish(name: str, request: RunRequest, outcome: Outcome, folder: Path) -> Path:
    """Write `folder`/NAME.json. It names no path and no host: data sets go by their hash, files by their place in the data folder."""
    if not name or not name.replace("-", "").replace("_", "").replace(".", "").isalnum() or name.startswith("."):
        raise UsageError(f"{name!r} cannot be the name of a result", "use letters, digits, '-', '_' and '.'")
    if outcome.invalid:
        raise UsageError(f"an invalid run is not published: {outcome.invalid[0]}", "mend what failed and run it again")
    content = {
        "name": name,
        "command": request.command(),
        "request": request.as_json(),
        "commit": code_commit(),
        "data_sha256": dict(outcome.data),
        "bootstrap": {"seed": SEED, "n_draws": N_DRAWS, "confidence": CONFIDENCE},
        "machine": machine(),
        **({"date": today(), "compared_with": compared_libraries()} if request.kind == "run" else {}),
        "figures": {
            key: {"value": figure.value, "interval": list(figure.interval), "tolerance": TOLERANCE}
            for key, figure in sorted(outcome.figures.items())
        },
        "costs": {key: round(cost, 4) for key, cost in sorted(outcome.costs.items())},
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return file


def load_published(name: str, *, user_folder: Path | None = None) -> PublishedRun:
    """Read a published run, the one in `user_folder`/eval/results first. Raises ContentMissing, and UsageError for an unreadable figure."""
    file = content_file(_FOLDER, f"{name}.json", user_folders=(user_folder,) if user_folder else ())
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        request = request_from_json(content["request"])
        figures, tolerances = {}, {}
        for key, entry in content["figures"].items():
            figures[key] = Figure(value=_number(key, entry["value"]), interval=(entry["interval"][0], entry["interval"][1]))
            tolerances[key] = _number(key, entry["tolerance"])
        data, command = dict(content["data_sha256"]), content["command"]
    except (json.JSONDecodeError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise UsageError(f"{file.name} is not a published run: {type(error).__name__} {error}", "publish the run again") from error
    if command != request.command():
        raise UsageError(f"{file.name}: the command is not the one of its request", "publish the run again; do not edit results by hand")
    if not figures:
        raise UsageError(f"{file.name} holds no figure", "publish the run again")
    return PublishedRun(name=name, request=request, data=data, figures=figures, tolerances=tolerances)


def check_data(published: PublishedRun, data: Mapping[str, str]) -> None:
    """Raise UsageError unless these are the data of the published run (name -> hash)."""
    if dict(data) != dict(published.data):
        changed = sorted(name for name in published.data if data.get(name) != published.data[name])
        raise UsageError(f"the data of {', '.join(changed) or published.name} are not those of the published run", "check --data-dir")


def compare(published: PublishedRun, outcome: Outcome) -> tuple[Comparison, ...]:
    """Each published figure against the one measured now. Raises UsageError if the data differ or a figure is missing: never 0."""
    check_data(published, outcome.data)
    comparisons = []
    for name, figure in sorted(published.figures.items()):
        if name not in outcome.figures:
            raise UsageError(f"this run gave no figure {name!r}", "the code no longer measures it: publish the run again")
        measured = _number(name, outcome.figures[name].value)
        gap = abs(measured - figure.value)
        verdict: Literal["same", "close", "different"] = (
            "same" if gap <= _SAME else "close" if gap <= published.tolerances[name] else "different"
        )
        comparisons.append(Comparison(name=name, published=figure.value, measured=measured, verdict=verdict))
    return tuple(comparisons)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UsageError(f"the figure {name!r} cannot be read: {value!r}", "publish the run again")
    return float(value)
