"""Runs a recipe: a stage is performed when what its artefacts depend on has changed, and kept otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from tadarag.errors import BaseBusy, Refused, UsageError
from tadarag.evaluation.provenance import code_commit, installed_version, machine
from tadarag.nearest import nearest
from tadarag.store.lock import WriterLock
from tadarag.training.manifest import DataRecord, Manifest, StageRecord, hash_file, hash_files, read_manifest
from tadarag.training.recipes import DataSource, Recipe, Stage
from tadarag.training.stage_run import StageRun
from tadarag.training.stages import UNFINISHED, StageFunction, keep, load_function, module_hash, modules_beside, perform


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Where and how a recipe is run. seed: in the place of the recipe's. again: stages to perform though nothing has changed."""

    out: Path
    data_folder: Path | None = None
    seed: int | None = None
    device: str = "cpu"
    again: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageProgress:
    """Where a run is: the stage, which of how many (from 1), the minutes that it should take, why it runs, and what it says of itself."""

    stage: str
    place: int
    n_stages: int
    minutes: float
    why: str
    message: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOutcome:
    """What became of a stage: why it was performed ("" if it was up to date), and its record.

    has_other_code: it was kept, but the file of its function is no longer the one that made the artefacts.
    """

    name: str
    why: str
    record: StageRecord
    has_other_code: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What stays the same during a run. intact: stages whose files are those of the manifest. modules: hash of each stage's module."""

    recipe: Recipe
    options: RunOptions
    data: Mapping[str, DataRecord]
    intact: frozenset[str]
    modules: Mapping[str, str]

    @property
    def seed(self) -> int:
        return self.recipe.seed if self.options.seed is None else self.options.seed

    def input_digests(self, stage: Stage, records: Mapping[str, StageRecord]) -> dict[str, str]:
        return {name: self.data[name].digest if name in self.data else records[name].digest for name in stage.inputs}

    def input_folders(self, stage: Stage) -> dict[str, Path]:
        data = {source.name: _folder_of(source, self.options.data_folder) for source in self.recipe.data}
        return {name: (data.get(name) or self.options.out / name).resolve() for name in stage.inputs}


Progress = Callable[[StageProgress], None]


def run_recipe(recipe: Recipe, options: RunOptions, *, progress: Progress = lambda state: None) -> tuple[StageOutcome, ...]:
    """Perform the stages of a recipe that are not up to date, in order; the manifest is written after each.

    A stage depends on the name of its function, its parameters, the seed and the hashes of its inputs. The device and the text of the code are
    recorded, and nothing is performed again for them. Raises TrainingError; UsageError for data that are not there; Refused when the folder
    holds something else or another process is at it.
    """
    unknown = options.again - {stage.name for stage in recipe.stages}
    if unknown:
        raise UsageError(f"the recipe has no stage {min(unknown)!r}", nearest(min(unknown), (stage.name for stage in recipe.stages)))
    _manifest_of(recipe, options.out)  # refuses before anything is written there
    data = {source.name: _data_record(source, options.data_folder) for source in recipe.data}
    with modules_beside(recipe), _only_one(options.out):
        before = _manifest_of(recipe, options.out)
        intact = frozenset(name for name, record in before.stages.items() if hash_files(options.out / name) == record.files)
        modules = {stage.name: module_hash(stage) for stage in recipe.stages}
        run = _Run(recipe=recipe, options=options, data=data, intact=intact, modules=modules)
        functions = {stage.name: load_function(stage) for stage in _stale(run, before.stages)}
        manifest = replace(before, recipe_sha256=hash_file(recipe.file, recipe.file.name).sha256, licence=recipe.licence, data=data)
        outcomes = []
        for place, stage in enumerate(recipe.stages, start=1):
            why = _why(run, stage, manifest.stages)
            if why:
                state = StageProgress(stage=stage.name, place=place, n_stages=len(recipe.stages), minutes=stage.minutes, why=why)
                progress(state)
                inputs = run.input_digests(stage, manifest.stages)
                record = _perform(run, stage, functions[stage.name], inputs, _reporter(progress, state))
                progress(replace(state, is_done=True))
                manifest = manifest.with_stage(stage.name, record)
                # First the manifest: stopped between the two, the next run finds files that are not in it, and makes them again.
                manifest.write(options.out)
                keep(stage, options.out)
            record = manifest.stages[stage.name]
            has_other_code = record.module_sha256 != modules[stage.name]
            outcomes.append(StageOutcome(name=stage.name, why=why, record=record, has_other_code=has_other_code))
        if manifest != before:
            manifest.write(options.out)
    return tuple(outcomes)


def _reporter(progress: Progress, state: StageProgress) -> Callable[[str], None]:
    return lambda message: progress(replace(state, message=message))


def _manifest_of(recipe: Recipe, out: Path) -> Manifest:
    """The manifest of what was made so far, without stages that the recipe no longer has. Raises Refused for a folder of something else."""
    found = read_manifest(out)
    if found is None:
        if out.exists() and not (out / UNFINISHED).is_dir() and (not out.is_dir() or any(out.iterdir())):
            raise Refused(f"{out} is there and was not made by a recipe", "name another place with --out")
        return Manifest(recipe=recipe.name, recipe_sha256="", licence="", data={}, stages={})
    if found.recipe != recipe.name:
        raise Refused(f"{out} was made by the recipe {found.recipe!r}, not by {recipe.name!r}", "name another place with --out")
    return replace(found, stages={stage.name: found.stages[stage.name] for stage in recipe.stages if stage.name in found.stages})


def _data_record(source: DataSource, data_folder: Path | None) -> DataRecord:
    """The files of data as they are now. Raises UsageError when some are not there."""
    folder = _folder_of(source, data_folder)
    if not folder.is_dir():
        raise UsageError(f"the data {source.name!r} are not there: no folder {folder}", "check --data-dir")
    absent = [pattern for pattern in source.files if not any(file.is_file() for file in folder.glob(pattern))]
    if absent:
        raise UsageError(f"the data {source.name!r} are not whole: no file {absent[0]} in {folder}", "check --data-dir")
    return DataRecord(folder=source.folder, licence=source.licence, files=hash_files(folder, source.files))


def _folder_of(source: DataSource, data_folder: Path | None) -> Path:
    if data_folder is None:
        raise UsageError(f"the recipe reads data ({source.name})", "name the folder that holds them: --data-dir DIR")
    return data_folder / source.folder


@contextmanager
def _only_one(out: Path) -> Iterator[None]:
    """Keeps other processes from running a recipe into the same folder. Raises Refused when one does."""
    (out / UNFINISHED).mkdir(parents=True, exist_ok=True)
    try:
        lock = WriterLock(out / UNFINISHED / "lock")
    except BaseBusy as error:
        raise Refused(f"another run is at work in {out}", "wait for it to finish, or name another place with --out") from error
    with lock:
        yield


def _stale(run: _Run, records: Mapping[str, StageRecord]) -> list[Stage]:
    """The stages that will be performed, or would be if those before them made something else than last time."""
    stale: dict[str, Stage] = {}
    for stage in run.recipe.stages:
        if not stale.keys().isdisjoint(stage.inputs) or _why(run, stage, records):
            stale[stage.name] = stage
    return list(stale.values())


def _why(run: _Run, stage: Stage, records: Mapping[str, StageRecord]) -> str:
    """Why a stage must be performed, "" if it is up to date. records: of all stages before it at least."""
    old = records.get(stage.name)
    if old is None:
        return "not made yet"
    if stage.name in run.options.again:
        return "asked for"
    if old.run != stage.run:
        return f"{old.run} is now {stage.run}"
    changed = sorted(key for key in {*old.parameters, *stage.parameters} if _differ(old.parameters, stage.parameters, key))
    if changed:
        return f"changed: {', '.join(changed)}"
    if old.seed != run.seed:
        return f"seed {old.seed} is now {run.seed}"
    inputs = run.input_digests(stage, records)
    if old.inputs != inputs:
        return f"other input: {', '.join(sorted(name for name in {*old.inputs, *inputs} if _differ(old.inputs, inputs, name)))}"
    return "" if stage.name in run.intact else "its files are not those that it made"


def _differ(old: Mapping[str, object], new: Mapping[str, object], key: str) -> bool:
    return key not in old or key not in new or json.dumps(old[key], sort_keys=True) != json.dumps(new[key], sort_keys=True)


def _perform(run: _Run, stage: Stage, function: StageFunction, inputs: Mapping[str, str], report: Callable[[str], None]) -> StageRecord:
    """Perform a stage and say what it made, from what. inputs: their digests."""
    given = StageRun(
        folder=(run.options.out / UNFINISHED / stage.name).resolve(),
        inputs=run.input_folders(stage),
        parameters=stage.parameters,
        seed=run.seed,
        device=run.options.device,
        report=report,
    )
    commit = code_commit()  # of the code as it starts
    depends_on = [stage.run, stage.parameters, run.seed, inputs, run.options.device]
    files, seconds = perform(stage, function, given, fingerprint=sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest())
    return StageRecord(
        run=stage.run,
        inputs=inputs,
        parameters=stage.parameters,
        seed=run.seed,
        device=run.options.device,
        code=f"tadarag {installed_version('tadarag')}" if commit == "unknown" else commit,
        module_sha256=run.modules[stage.name],
        machine=machine(),
        seconds=round(seconds, 3),
        files=files,
    )
