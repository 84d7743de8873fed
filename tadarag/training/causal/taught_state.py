"""What stage 1 of the generated world has left, in one file, so that several runs can go on from it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from tadarag.errors import TrainingError

Rows = list[dict[str, float]]


def keep_taught(model: Any, rows: tuple[Rows, Rows], file: Path, *, made_of: str) -> None:
    """Write the model's weights and the rows of reading and of stage 1. made_of: all that they depend on. The file is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    torch.save({"made_of": made_of, "state": model.state_dict(), "rows": list(rows)}, part)
    os.replace(part, file)


def load_taught(model: Any, file: Path, *, made_of: str) -> tuple[Rows, Rows]:
    """Put such weights into a model; the rows of reading and of stage 1. Raises TrainingError for a file that was made of something else."""
    kept = torch.load(file, weights_only=True)
    if kept["made_of"] != made_of:
        raise TrainingError(f"{file.name} was made with other settings or for another seed", "give another folder, or remove the file")
    model.load_state_dict(kept["state"])
    read, supervised = kept["rows"]
    return read, supervised
