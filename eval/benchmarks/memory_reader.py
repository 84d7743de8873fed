"""A MemReader tuned by a recipe: loss and reward over its steps, and what each model writes on held-out parts.

    python eval/benchmarks/memory_reader.py [--recipe memory-reader-smoke] [--profile NAME] [--run FOLDER] [--out FILE]

Replies are scored as they were written, by the repaired memory scores, and what a MemReader keeps of them as well (docs/training-memory-reader.md).
FOLDER: where the recipe is run; stages that are up to date there are not performed again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import fmean
from typing import Any

from reporting import report

from tadarag.training.memory_reader.memory_terms import MEMORY_TERMS
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import find_recipe, read_recipe, with_profile

ENDS = 5
"""Steps at either end of a run over which a loss is averaged."""


def main() -> None:
    """Run the recipe, or what of it is not up to date, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="memory-reader-smoke")
    parser.add_argument("--profile")
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    whole = read_recipe(find_recipe(chosen.recipe))
    recipe = with_profile(whole, chosen.profile) if chosen.profile else whole
    with tempfile.TemporaryDirectory() as own:
        folder = chosen.run or Path(own)
        run_recipe(recipe, RunOptions(out=folder))
        report(
            "memory_reader",
            seed=recipe.seed,
            figures={"recipe": recipe.name, "profile": recipe.profile, **figures_of(folder)},
            out=chosen.out,
        )


def figures_of(folder: Path) -> dict[str, Any]:
    """The figures of a finished run."""
    taught, reinforced = _rows(folder / "taught"), _rows(folder / "reinforced")
    losses = [row["loss"] for row in taught]
    terms = {name: _mean(row[f"rewards/{name}/mean"] for row in reinforced) for name in ("gate", *MEMORY_TERMS)}
    return {
        "records": json.loads((folder / "records" / "figures.json").read_text("utf-8")),
        "supervised": {"steps": len(taught), "loss_first": fmean(losses[:ENDS]), "loss_last": fmean(losses[-ENDS:])},
        "reinforced": {
            "steps": len(reinforced),
            "reward": _mean(row["reward"] for row in reinforced),
            "groups_without_spread": _mean(row["frac_reward_zero_std"] for row in reinforced),
            "cut": _mean(row["completions/clipped_ratio"] for row in reinforced),
            "terms": terms,
        },
        "held_out": json.loads((folder / "measured" / "figures.json").read_text("utf-8")),
    }


def _rows(stage: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (stage / "log.jsonl").read_text("utf-8").splitlines()]


def _mean(values: Any) -> float | None:
    """The mean of those that were reached, None where none was."""
    reached = [value for value in values if value is not None]
    return fmean(reached) if reached else None


if __name__ == "__main__":
    main()
