"""Recipes, plans, runs and checks of runs as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadarag.cli.output import counted, table
from tadarag.errors import TrainingError

if TYPE_CHECKING:
    from tadarag.training.recipe_run import StageOutcome
    from tadarag.training.recipes import Recipe
    from tadarag.training.run_check import Verification
    from tadarag.training.run_plan import PlannedStage, RunPlan

LISTING_HEAD = ("name", "stages", "minutes", "profiles", "extra", "ships", "from", "about")


def listing_row(document: Mapping[str, Any]) -> tuple[str, ...]:
    """A recipe in the list."""
    if "problem" in document:
        return (document["name"], "", "", "", "", "", document["from"], document["problem"])
    extras, ships = ", ".join(document["extras"]), "yes" if document["ships"] else "no"
    stages, minutes = str(len(document["stages"])), f"{document['minutes']:g}"
    profiles = ", ".join(f"{name} ({one:g})" for name, one in document["profiles"].items())
    return (document["name"], stages, minutes, profiles, extras, ships, document["from"], document["description"])


def listing_document(recipe: Recipe, base: Path) -> dict[str, Any]:
    """What a recipe says of itself, for programs."""
    from tadarag.training.recipes import with_profile
    from tadarag.training.shipping import verdict

    return {
        "name": recipe.name,
        "description": recipe.description,
        "licence": recipe.licence,
        "ships": recipe.ships,
        "shipping": verdict(recipe),
        "stages": [stage.name for stage in recipe.stages],
        "minutes": recipe.minutes,
        "profiles": {profile.name: with_profile(recipe, profile.name).minutes for profile in recipe.profiles},
        "extras": sorted({stage.extra for stage in recipe.stages if stage.extra}),
        "from": _origin(recipe.file, base),
        "file": str(recipe.file),
    }


def problem_document(file: Path, error: TrainingError, base: Path) -> dict[str, Any]:
    """A recipe that does not pass its checks."""
    return {"name": file.stem, "problem": error.happened, "do": error.do, "from": _origin(file, base), "file": str(file)}


def _origin(file: Path, base: Path) -> str:
    return "own" if file.is_relative_to(base) else "shipped"


def plan_document(plan: RunPlan) -> dict[str, Any]:
    """What a run will perform, for programs."""
    return {
        "minutes": plan.minutes,
        "stages": [
            {
                "name": stage.name,
                "is_stale": stage.is_stale,
                "why": stage.why,
                "after": list(stage.after),
                "minutes": stage.minutes,
                "has_other_code": stage.has_other_code,
                "missing": list(stage.missing),
            }
            for stage in plan.stages
        ],
    }


def plan_lines(recipe: Recipe, plan: RunPlan) -> Iterator[str]:
    """What a run would perform, for people: all stages, those that are kept too."""
    yield from table([("stage", "expected", "why"), *((stage.name, _expected(stage), _why(stage)) for stage in plan.stages)])
    for stage in plan.stages:
        if stage.has_other_code and not stage.is_stale:
            yield f"{stage.name}: its code has changed since; to perform it again: --again {stage.name}"
        if stage.missing and stage.is_stale:
            yield f"{stage.name}: not installed: {', '.join(stage.missing)}"
    yield f"{recipe.name}: {plan_summary(plan)}" if plan.stale else f"{recipe.name}: up to date ({counted(len(plan.stages), 'stage')})"


def estimate_lines(plan: RunPlan) -> Iterator[str]:
    """What a run is about to perform, told before it begins; nothing when nothing is stale."""
    if plan.stale:
        yield plan_summary(plan)
        yield from (f"  {line}" for line in table([(stage.name, _expected(stage)) for stage in plan.stale]))


def plan_summary(plan: RunPlan) -> str:
    """How many stages, and how long in all."""
    silent = sum(1 for stage in plan.stale if not stage.minutes)
    left_out = f", and what {counted(silent, 'stage')} of which the recipe says nothing take" if silent and plan.minutes else ""
    expected = f"about {span(60 * plan.minutes)} of one CPU in all{left_out}" if plan.minutes else "how long, the recipe does not say"
    return f"{len(plan.stale)} of {counted(len(plan.stages), 'stage')} to perform: {expected}"


def _expected(stage: PlannedStage) -> str:
    return "" if not stage.is_stale else f"about {span(60 * stage.minutes)}" if stage.minutes else "not said"


def _why(stage: PlannedStage) -> str:
    after = f"after {', '.join(stage.after)}" if stage.after else ""
    unless = " (unless that comes out as before)" if after and not stage.why else ""
    return ", ".join(part for part in (stage.why, after) if part) + unless if stage.is_stale else "up to date"


def run_document(recipe: Recipe, folder: Path, plan: RunPlan, outcomes: Sequence[StageOutcome]) -> dict[str, Any]:
    """What a run gave, for programs."""
    return {
        "recipe": recipe.name,
        "profile": recipe.profile,
        "folder": str(folder),
        "ships": recipe.ships,
        "up_to_date": not any(outcome.why for outcome in outcomes),
        "plan": plan_document(plan),
        "stages": [
            {
                "name": outcome.name,
                "state": "made" if outcome.why else "up to date",
                "why": outcome.why,
                "has_other_code": outcome.has_other_code,
                "seconds": outcome.record.seconds,
                "peak_bytes": outcome.record.peak_bytes,
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
    if not verification.has_recipe:
        yield f"the recipe's file was not compared: there is no recipe {verification.recipe!r} here; name it with --recipe"
    compared = counted(verification.n_artefacts, "artefact")
    compared += f" and {counted(verification.n_data_files, 'data file')}" if verification.n_data_files else ""
    n_wrong = len(verification.mismatches)
    yield f"{verification.recipe}: {compared} compared, {'all as the manifest says' if not n_wrong else f'{n_wrong} not as the manifest says'}"


def span(seconds: float) -> str:
    """A length of time as a person says it."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} minutes"
