"""Repeats a run in a fresh folder, with its recipe, seed, data and device, and compares what comes out with what came out then."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tadarag.errors import Refused, TrainingError, UsageError
from tadarag.training.manifest import Manifest, hash_file
from tadarag.training.recipe_run import Announce, Progress, RunOptions, run_recipe
from tadarag.training.recipes import Recipe, read_recipe
from tadarag.training.run_check import verify_run
from tadarag.training.run_comparison import Comparison, compare_runs, manifest_in, recipe_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """A run (left) and its repetition (right), compared.

    folder: of the repetition, None where it was temporary and is gone. is_same: every artefact has the hash that it had. has_other_recipe: the
    recipe's file has changed since, and what was repeated is the recipe as the manifest has it.
    """

    recipe: str
    folder: Path | None
    is_same: bool
    has_other_recipe: bool
    comparison: Comparison


def repeat_run(
    folder: Path,
    *,
    recipe_file: Path | None,
    data_folder: Path | None = None,
    out: Path | None = None,
    announce: Announce = lambda plan: None,
    progress: Progress = lambda state: None,
) -> Repetition:
    """Perform all stages of a run again, and compare the hashes of all artefacts.

    recipe_file: where the recipe stands now; modules of its own lie beside it. out: where the repetition goes; else it is made beside the run
    and kept only if something differs. Raises TrainingError when the run is not whole, its files or data are not those of its manifest, or a
    stage fails; UsageError, and Refused when `out` is not empty.
    """
    manifest = manifest_in(folder)
    recipe = _recipe_of(manifest, recipe_file)
    seed, device = _settings(manifest, recipe)
    mismatches = verify_run(folder, data_folder).mismatches
    if mismatches:
        raise TrainingError(
            f"there is nothing to compare with: {mismatches[0].path} {mismatches[0].happened}",
            "see all with: tadarag train verify; run the recipe again, then repeat it",
        )
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} is not empty, and a repetition begins in an empty folder", "name another place with --out")
    target = out or Path(tempfile.mkdtemp(prefix=f"{folder.resolve().name}-repeated-", dir=folder.resolve().parent))
    is_kept = out is not None
    try:
        options = RunOptions(out=target, data_folder=data_folder, seed=seed, device=device)
        run_recipe(recipe, options, announce=announce, progress=progress)
        comparison = compare_runs(folder, target)
        is_same = not comparison.artefacts
        is_kept = is_kept or not is_same
    finally:
        if not is_kept:
            shutil.rmtree(target)
    return Repetition(
        recipe=recipe.name,
        folder=target if is_kept else None,
        is_same=is_same,
        has_other_recipe=recipe_file is not None and hash_file(recipe_file, recipe_file.name).sha256 != manifest.recipe_sha256,
        comparison=comparison,
    )


def _recipe_of(manifest: Manifest, file: Path | None) -> Recipe:
    """The recipe as it was run. Raises UsageError when neither manifest nor file has it."""
    if manifest.recipe_text:
        return recipe_of(manifest, file)
    if file is None or hash_file(file, file.name).sha256 != manifest.recipe_sha256:
        raise UsageError(f"the recipe {manifest.recipe!r} is not here as it was run", "name its file: --recipe FILE")
    return read_recipe(file)


def _settings(manifest: Manifest, recipe: Recipe) -> tuple[int, str]:
    """Seed and device of a run. Raises TrainingError for one that is not whole or was made with several."""
    absent = [stage.name for stage in recipe.stages if stage.name not in manifest.stages]
    if absent:
        raise TrainingError(f"the run is not whole: stage {absent[0]!r} is not made yet", "finish it first: tadarag train run")
    settings = {(record.seed, record.device) for record in manifest.stages.values()}
    if len(settings) > 1:
        several = " and ".join(f"seed {seed} on {device}" for seed, device in sorted(settings))
        raise TrainingError(f"the run's stages were made with {several}", "run the recipe again with one of them, then repeat it")
    return settings.pop()
