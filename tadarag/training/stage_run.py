"""What a stage of a recipe is given; a stage is a function `(run: StageRun) -> None` that writes its artefacts into `run.folder`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRun:
    """One performance of one stage.

    folder: where the stage writes. Empty at the start; where the recipe says `checkpoints: true` and the stage was stopped, what it had
    written is still there. Every file (hidden ones aside) that is left when the stage returns is an artefact, so a finished stage removes its checkpoints.
    inputs: the folder of each named input, an earlier stage's artefacts or data; read only.
    parameters: the recipe's own for this stage. seed: fixed for the run; with it and the inputs the artefacts must be the same each time.
    device: "cpu" or "cuda". report: says in a few words how far the stage is, for the person who waits.
    """

    folder: Path
    inputs: Mapping[str, Path]
    parameters: Mapping[str, Any]
    seed: int
    device: str
    report: Callable[[str], None]
