"""Recipes, runs and checks of runs as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadarag.cli.output import counted
from tadarag.errors import TrainingError

if TYPE_CHECKING:
    from tadarag.training.recipe_run import StageOutcome
    from tadarag.training.recipes import Recipe
    from tadarag.training.run_check import Verification

LISTING_HEAD = ("name", "stages", "minutes", "extra", "from", "about")


def listing_row(document: Mapping[str, Any]) -> tuple[str, ...]:
    """A recipe in the list."""
    if "problem" in document:
        return (document["name"], "", "", "", document["from"], document["problem"])
    extras = ", ".join(document["extras"])
    return (document["name"], str(len(document["stages"])), f"{document['minutes']:g}", extras, document["from"], document["description"])


def listing_document(recipe: Recipe, base: Path) -> dict[str, Any]:
    """What a recipe says of itself, for programs."""
    return {
        "name": recipe.name,
        "description": recipe.description,
        "licence": recipe.licence,
        "stages": [stage.name for stage in recipe.stages],
        "minutes": sum(stage.minutes for stage in recipe.stages),
        "extras": sorted({stage.extra for stage in recipe.stages if stage.extra}),
        "from": _origin(recipe.file, base),
        "file": str(recipe.file),
    }


def problem_document(file: Path, error: TrainingError, base: Path) -> dict[str, Any]:
    """A recipe that does not pass its checks."""
    return {"name": file.stem, "problem": error.happened, "do": error.do, "from": _origin(file, base), "file": str(file)}


def _origin(file: Path, base: Path) -> str:
    return "own" if file.is_relative_to(base) else "shipped"


def run_document(recipe: Recipe, folder: Path, outcomes: Sequence[StageOutcome]) -> dict[str, Any]:
    """What a run gave, for programs."""
    return {
        "recipe": recipe.name,
        "folder": str(folder),
        "up_to_date": not any(outcome.why for outcome in outcomes),
        "stages": [
            {
                "name": outcome.name,
                "state": "made" if outcome.why else "up to date",
                "why": outcome.why,
                "has_other_code": outcome.has_other_code,
                "seconds": outcome.record.seconds,
                "device": outcome.record.device,
                "n_files": len(outcome.record.files),
                "n_bytes": sum(file.bytes for file in outcome.record.files),
                "sha256": outcome.record.digest,
            }
            for outcome in outcomes
        ],
    }


def run_lines(recipe: Recipe, folder: Path, outcomes: Sequence[StageOutcome]) -> Iterator[str]:
    """What a run gave, for people."""
    made = [outcome for outcome in outcomes if outcome.why]
    if not made:
        yield f"{recipe.name}: up to date ({counted(len(outcomes), 'stage')} in {folder})"
    for outcome in outcomes:
        files, seconds = outcome.record.files, outcome.record.seconds
        if outcome.why:
            yield f"{outcome.name}: {counted(len(files), 'file')}, {sum(file.bytes for file in files):,} bytes, {seconds:.1f} s"
        elif made:
            yield f"{outcome.name}: up to date"
        if outcome.has_other_code:
            yield f"{outcome.name}: its code has changed since; to perform it again: --again {outcome.name}"
    if made:
        yield f"manifest: {folder / 'manifest.json'}"


def verification_lines(verification: Verification) -> Iterator[str]:
    """What a check found."""
    for mismatch in verification.mismatches:
        yield f"{mismatch.path} {mismatch.happened}"
    compared = counted(verification.n_artefacts, "artefact")
    compared += f" and {counted(verification.n_data_files, 'data file')}" if verification.n_data_files else ""
    n_wrong = len(verification.mismatches)
    yield f"{verification.recipe}: {compared} compared, {'all as the manifest says' if not n_wrong else f'{n_wrong} not as the manifest says'}"
