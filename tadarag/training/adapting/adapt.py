"""From labelled pages to an extractor of one's own: the parts are written, and the recipe `extractor-adapt` is run on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tadarag.templates.template import Template
from tadarag.training.adapting.parts import FOLDER, Parts, write_parts
from tadarag.training.adapting.stages import FIGURES
from tadarag.training.recipe_run import Progress, RunOptions, run_recipe
from tadarag.training.recipes import Recipe

EXTRACTOR = "extractor"
"""The folder of a run that `--tier small:FOLDER` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """What came of it. extractor: the folder of its files. figures: of before and after, on the pages held back."""

    extractor: Path
    n_learned: int
    n_chosen_on: int
    n_held_back: int
    figures: Mapping[str, Any]


def adapt(
    recipe: Recipe,
    parts: Parts,
    template: Template,
    out: Path,
    *,
    steps: int | None = None,
    seed: int | None = None,
    device: str = "cpu",
    progress: Progress = lambda state: None,
) -> Adapted:
    """Train the extractor on the parts in `out`, where a run that was stopped goes on.

    recipe: `extractor-adapt`. steps: in the place of the recipe's. Raises as `run_recipe`.
    """
    write_parts(parts, template, out / FOLDER)
    if steps is not None:
        recipe = replace(
            recipe,
            stages=tuple(
                replace(stage, parameters={**stage.parameters, "steps": steps}) if "steps" in stage.parameters else stage
                for stage in recipe.stages
            ),
        )
    options = RunOptions(out=out / "run", data_folder=out, seed=seed, device=device)
    run_recipe(recipe, options, progress=progress)
    return Adapted(
        extractor=out / "run" / EXTRACTOR,
        n_learned=len(parts.learned),
        n_chosen_on=len(parts.chosen_on),
        n_held_back=len(parts.held_back),
        figures=json.loads((out / "run" / "figures" / FIGURES).read_text("utf-8")),
    )
