"""Runs a recipe: a stage is performed when what its artefacts depend on has changed, and kept otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from tadarag.errors import BaseBusy, Refused
from tadarag.evaluation.provenance import code_commit, installed_version, machine
from tadarag.store.lock import WriterLock
from tadarag.training.disk_space import full_disk_is_told
from tadarag.training.imported_packages import imported_packages
from tadarag.training.manifest import StageRecord, records_in
from tadarag.training.peak_memory import forget_peak, peak_bytes
from tadarag.training.recipes import Recipe, Stage
from tadarag.training.run_plan import RunOptions, RunPlan, RunState, data_before, manifest_of, planned, state_of, why_stale
from tadarag.training.stage_run import StageRun
from tadarag.training.stages import UNFINISHED, StageFunction, keep, load_function, modules_beside, perform

__all__ = ["Announce", "Progress", "RunOptions", "StageOutcome", "StageProgress", "run_recipe"]


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


Progress = Callable[[StageProgress], None]
Announce = Callable[[RunPlan], None]


def run_recipe(
    recipe: Recipe,
    options: RunOptions,
    *,
    announce: Announce = lambda plan: None,
    progress: Progress = lambda state: None,
) -> tuple[StageOutcome, ...]:
    """Perform the stages of a recipe that are not up to date, in order; the manifest is written after each.

    announce: is given the plan before the first stage. A stage depends on the name of its function, its parameters, the seed and the hashes of
    its inputs. The device and the text of the code are recorded, and nothing is performed again for them. Raises TrainingError; UsageError for
    data that are not there; Refused when the folder holds something else or another process is at it.
    """
    data = data_before(recipe, options)
    with modules_beside(recipe), full_disk_is_told(options.out), _only_one(options.out):
        before = manifest_of(recipe, options.out)
        state = state_of(recipe, options, data, before)
        plan = planned(state, before.stages)
        functions = {stage.name: load_function(stage) for stage, one in zip(recipe.stages, plan.stages, strict=True) if one.is_stale}
        code = _code() if plan.stale else ""  # as the functions were loaded
        announce(plan)
        manifest = replace(
            before,
            recipe_sha256=recipe.sha256,
            recipe_text=recipe.text,
            licence=recipe.licence,
            ships=recipe.ships,
            profile=recipe.profile,
            data=state.data,
        )
        outcomes = []
        for place, stage in enumerate(recipe.stages, start=1):
            why = why_stale(state, stage, manifest.stages)
            if why:
                shown = StageProgress(stage=stage.name, place=place, n_stages=len(recipe.stages), minutes=stage.minutes, why=why)
                progress(shown)
                inputs = state.input_digests(stage, manifest.stages)
                record = _perform(state, stage, functions[stage.name], inputs, code, _reporter(progress, shown))
                progress(replace(shown, is_done=True))
                manifest = manifest.with_stage(stage.name, record)
                # First the manifest: stopped between the two, the next run finds files that are not in it, and makes them again.
                manifest.write(options.out)
                keep(stage, options.out)
            record = manifest.stages[stage.name]
            has_other_code = record.module_sha256 != state.modules[stage.name]
            outcomes.append(StageOutcome(name=stage.name, why=why, record=record, has_other_code=has_other_code))
        if manifest != before:
            manifest.write(options.out)
    return tuple(outcomes)


def _reporter(progress: Progress, state: StageProgress) -> Callable[[str], None]:
    return lambda message: progress(replace(state, message=message))


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


def _code() -> str:
    """Which code it is: the commit, or the version of tadarag where it is installed."""
    commit = code_commit()
    return f"tadarag {installed_version('tadarag')}" if commit == "unknown" else commit


def _perform(
    state: RunState,
    stage: Stage,
    function: StageFunction,
    inputs: Mapping[str, str],
    code: str,
    report: Callable[[str], None],
) -> StageRecord:
    """Perform a stage and say what it made, from what. inputs: their digests. code: see `_code`."""
    device = state.options.device
    given = StageRun(
        folder=(state.options.out / UNFINISHED / stage.name).resolve(),
        inputs=state.input_folders(stage),
        parameters=stage.parameters,
        seed=state.seed,
        device=device,
        report=report,
    )
    depends_on = [stage.run, stage.parameters, state.seed, inputs, device]
    forget_peak()
    files, seconds = perform(stage, function, given, fingerprint=sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest())
    return StageRecord(
        run=stage.run,
        inputs=inputs,
        parameters=stage.parameters,
        seed=state.seed,
        device=device,
        code=code,
        module_sha256=state.modules[stage.name],
        machine={**machine(), **_graphics_processor(device)},
        seconds=round(seconds, 3),
        files=files,
        peak_bytes=peak_bytes(),
        packages=imported_packages(),
        records=records_in(given.folder, files),
    )


def _graphics_processor(device: str) -> dict[str, str]:
    """What a stage that computed on one had; nothing where no stage has loaded torch."""
    torch = sys.modules.get("torch")
    return {"gpu": torch.cuda.get_device_name()} if device == "cuda" and torch is not None and torch.cuda.is_available() else {}
