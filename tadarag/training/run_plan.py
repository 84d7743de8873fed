"""What a run of a recipe would perform, and why: a stage is stale when something that its artefacts depend on has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tadarag.errors import Refused, TrainingError, UsageError
from tadarag.nearest import nearest
from tadarag.training.manifest import DataRecord, Manifest, StageRecord, hash_files, parent_of, read_manifest
from tadarag.training.recipes import DataSource, Recipe, Stage
from tadarag.training.stages import UNFINISHED, missing_packages, module_hash, modules_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Where and how a recipe is run. seed: in the place of the recipe's. again: stages to perform though nothing has changed."""

    out: Path
    data_folder: Path | None = None
    seed: int | None = None
    device: str = "cpu"
    again: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStage:
    """A stage before a run. why: it will be performed, "" if nothing of its own has changed.

    after: stages before it that will be performed; it then is too, unless they come out just as they were. minutes: expected, of one CPU, 0
    if the recipe does not say. has_other_code: the file of its function is not the one that made the artefacts that are kept. missing:
    packages of its extra that are not installed.
    """

    name: str
    why: str
    after: tuple[str, ...]
    minutes: float
    has_other_code: bool
    missing: tuple[str, ...]

    @property
    def is_stale(self) -> bool:
        """Whether it will be performed, as far as one can know before."""
        return bool(self.why or self.after)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """All stages of a recipe before a run, in their order."""

    stages: tuple[PlannedStage, ...]

    @property
    def stale(self) -> tuple[PlannedStage, ...]:
        """The stages that will be performed."""
        return tuple(stage for stage in self.stages if stage.is_stale)

    @property
    def minutes(self) -> float:
        """Expected in all, of one CPU."""
        return sum(stage.minutes for stage in self.stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """What stays the same during a run. intact: stages whose files are those of the manifest. modules: hash of each stage's module."""

    recipe: Recipe
    options: RunOptions
    data: Mapping[str, DataRecord]
    intact: frozenset[str]
    modules: Mapping[str, str]

    @property
    def seed(self) -> int:
        """The recipe's, or the one that goes before it."""
        return self.recipe.seed if self.options.seed is None else self.options.seed

    def input_digests(self, stage: Stage, records: Mapping[str, StageRecord]) -> dict[str, str]:
        """Input -> one hash of all its files. records: of all stages before this one."""
        return {name: self.data[name].digest if name in self.data else records[name].digest for name in stage.inputs}

    def input_folders(self, stage: Stage) -> dict[str, Path]:
        """Input -> where its files are."""
        data = {source.name: _folder_of(source, self.options.data_folder) for source in self.recipe.data}
        return {name: (data.get(name) or self.options.out / name).resolve() for name in stage.inputs}


def plan_recipe(recipe: Recipe, options: RunOptions) -> RunPlan:
    """What `run_recipe` would perform with the same arguments; reads and writes nothing. Raises what it would raise before the first stage."""
    data = data_before(recipe, options)
    before = manifest_of(recipe, options.out)
    with modules_beside(recipe):
        return planned(state_of(recipe, options, data, before), before.stages)


def data_before(recipe: Recipe, options: RunOptions) -> dict[str, DataRecord]:
    """The data of a recipe as they are now, and a check of the rest, before anything is written. Raises UsageError, Refused, TrainingError."""
    unknown = options.again - {stage.name for stage in recipe.stages}
    if unknown:
        raise UsageError(f"the recipe has no stage {min(unknown)!r}", nearest(min(unknown), (stage.name for stage in recipe.stages)))
    manifest_of(recipe, options.out)
    return {source.name: _data_record(recipe, source, options.data_folder) for source in recipe.data}


def manifest_of(recipe: Recipe, out: Path) -> Manifest:
    """The manifest of what was made so far, without stages that the recipe no longer has. Raises Refused for a folder of something else."""
    found = read_manifest(out)
    if found is None:
        if out.exists() and not (out / UNFINISHED).is_dir() and (not out.is_dir() or any(out.iterdir())):
            raise Refused(f"{out} is there and was not made by a recipe", "name another place with --out")
        return Manifest(recipe=recipe.name, recipe_sha256="", licence="", data={}, stages={})
    if found.recipe != recipe.name:
        raise Refused(f"{out} was made by the recipe {found.recipe!r}, not by {recipe.name!r}", "name another place with --out")
    return replace(found, stages={stage.name: found.stages[stage.name] for stage in recipe.stages if stage.name in found.stages})


def state_of(recipe: Recipe, options: RunOptions, data: Mapping[str, DataRecord], before: Manifest) -> RunState:
    """What is there as a run begins: data, artefacts and code, by their hashes. before: what was made so far. Raises TrainingError."""
    return RunState(
        recipe=recipe,
        options=options,
        data=data,
        intact=frozenset(name for name, record in before.stages.items() if hash_files(options.out / name) == record.files),
        modules={stage.name: module_hash(stage) for stage in recipe.stages},
    )


def planned(state: RunState, records: Mapping[str, StageRecord]) -> RunPlan:
    """The plan of a run. records: of the stages that were made so far."""
    return RunPlan(tuple(_planned(state, records)))


def _planned(state: RunState, records: Mapping[str, StageRecord]) -> Iterator[PlannedStage]:
    stale: set[str] = set()
    for stage in state.recipe.stages:
        after = tuple(name for name in stage.inputs if name in stale)
        known = records.keys() | state.data.keys()
        why = why_stale(state, stage, records) if known >= set(stage.inputs) or stage.name not in records else ""
        if why or after:
            stale.add(stage.name)
        old = records.get(stage.name)
        yield PlannedStage(
            name=stage.name,
            why=why,
            after=after,
            minutes=stage.minutes,
            has_other_code=old is not None and old.module_sha256 != state.modules[stage.name],
            missing=tuple(missing_packages(stage.extra)),
        )


def why_stale(state: RunState, stage: Stage, records: Mapping[str, StageRecord]) -> str:
    """Why a stage must be performed, "" if it is up to date. records: of all stages before it, if of this one."""
    old = records.get(stage.name)
    if old is None:
        return "not made yet"
    if stage.name in state.options.again:
        return "asked for"
    if old.run != stage.run:
        return f"{old.run} is now {stage.run}"
    changed = sorted(key for key in {*old.parameters, *stage.parameters} if _differ(old.parameters, stage.parameters, key))
    if changed:
        return f"changed: {', '.join(changed)}"
    if old.seed != state.seed:
        return f"seed {old.seed} is now {state.seed}"
    inputs = state.input_digests(stage, records)
    if old.inputs != inputs:
        return f"other input: {', '.join(sorted(name for name in {*old.inputs, *inputs} if _differ(old.inputs, inputs, name)))}"
    return "" if stage.name in state.intact else "its files are not those that it made"


def _differ(old: Mapping[str, object], new: Mapping[str, object], key: str) -> bool:
    return key not in old or key not in new or json.dumps(old[key], sort_keys=True) != json.dumps(new[key], sort_keys=True)


def _data_record(recipe: Recipe, source: DataSource, data_folder: Path | None) -> DataRecord:
    """The files of data as they are now. Raises UsageError when some are not there, TrainingError when a run made them that does not ship."""
    folder = _folder_of(source, data_folder)
    if not folder.is_dir():
        raise UsageError(f"the data {source.name!r} are not there: no folder {folder}", "check --data-dir")
    absent = [pattern for pattern in source.files if not any(file.is_file() for file in folder.glob(pattern))]
    if absent:
        raise UsageError(f"the data {source.name!r} are not whole: no file {absent[0]} in {folder}", "check --data-dir")
    parent = parent_of(folder)
    learns = any(source.name in stage.inputs and source.name not in stage.measured for stage in recipe.stages)
    if recipe.ships and learns and parent is not None and parent.ships is False:
        raise TrainingError(
            f"{source.place}: this recipe ships what it makes, and {source.name!r} was made by the recipe {parent.recipe!r}, which does not",
            f"write ships: true into {parent.recipe!r} and run it again, if its data allow that; else ships: false here",
        )
    return DataRecord(folder=source.folder, licence=source.licence, files=hash_files(folder, source.files), parent=parent)


def _folder_of(source: DataSource, data_folder: Path | None) -> Path:
    if data_folder is None:
        raise UsageError(f"the recipe reads data ({source.name})", "name the folder that holds them: --data-dir DIR")
    return data_folder / source.folder
