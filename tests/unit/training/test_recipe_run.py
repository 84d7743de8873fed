"""A run can be stopped at any point and goes on; two processes never run into one folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tadarag.errors import Refused, TrainingError, UsageError
from tadarag.store.lock import WriterLock
from tadarag.training import recipe_run
from tadarag.training.recipe_run import RunOptions, StageProgress, run_recipe
from tadarag.training.recipes import Recipe, read_recipe
from tadarag.training.run_check import verify_run
from tadarag.training.stages import missing_packages

RECIPE = """\
name: mine
description: One of mine.
licence: CC0-1.0
stages:
  - name: first
    run: stopped_stages:note_seed
    checkpoints: CHECKPOINTS
  - name: second
    run: stopped_stages:copy
    inputs: [first]
"""
STAGES = """\
import random


def note_seed(run):
    run.report("noting")
    with (run.folder / "seed.txt").open("a") as file:
        file.write(f"{run.seed} {run.device} {random.random()}")


def copy(run):
    (run.folder / "copy.txt").write_text((run.inputs["first"] / "seed.txt").read_text())


def nothing(run):
    pass
"""


class Stopped(BaseException):
    """The process ends here."""


@pytest.fixture
def recipe(tmp_path: Path) -> Iterator[Recipe]:
    yield written(tmp_path, checkpoints="false")
    sys.modules.pop("stopped_stages", None)


def written(folder: Path, *, checkpoints: str, text: str = RECIPE) -> Recipe:
    (folder / "stopped_stages.py").write_text(STAGES, encoding="utf-8")
    (folder / "mine.yaml").write_text(text.replace("CHECKPOINTS", checkpoints), encoding="utf-8")
    return read_recipe(folder / "mine.yaml")


def stop_at(stage: str, *, message: str = "", is_done: bool = False) -> recipe_run.Progress:
    def stop(state: StageProgress) -> None:
        if (state.stage, state.message, state.is_done) == (stage, message, is_done):
            raise Stopped

    return stop


@pytest.mark.parametrize("stopped", [("first", "", False), ("first", "noting", False), ("first", "", True), ("second", "", False)])
def test_a_run_that_is_stopped_anywhere_gives_in_the_end_what_an_unbroken_one_gives(
    tmp_path: Path, recipe: Recipe, stopped: tuple[str, str, bool]
) -> None:
    stage, message, is_done = stopped
    with pytest.raises(Stopped):
        run_recipe(recipe, RunOptions(out=tmp_path / "stopped"), progress=stop_at(stage, message=message, is_done=is_done))
    again = run_recipe(recipe, RunOptions(out=tmp_path / "stopped"))
    unbroken = run_recipe(recipe, RunOptions(out=tmp_path / "unbroken"))
    assert [outcome.record.files for outcome in again] == [outcome.record.files for outcome in unbroken]
    assert verify_run(tmp_path / "stopped").mismatches == ()


def test_a_run_that_is_stopped_between_manifest_and_move_makes_the_stage_again(
    tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run_recipe(recipe, RunOptions(out=out))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        with pytest.raises(Stopped):
            run_recipe(recipe, RunOptions(out=out, seed=5))
    outcomes = run_recipe(recipe, RunOptions(out=out, seed=5))
    assert [outcome.why for outcome in outcomes] == ["its files are not those that it made", "seed 13 is now 5"]
    assert verify_run(out).mismatches == ()


def stop(*arguments: object) -> None:
    raise Stopped


def test_a_stage_with_checkpoints_is_given_what_it_had_written_unless_it_would_make_something_else(tmp_path: Path, recipe: Recipe) -> None:
    recipe = written(tmp_path, checkpoints="true")
    for seed, n_notes in ((1, 2), (2, 1)):
        out = tmp_path / str(seed)
        with pytest.raises(Stopped):
            run_recipe(recipe, RunOptions(out=out, seed=1), progress=stop_at("first", is_done=True))
        run_recipe(recipe, RunOptions(out=out, seed=seed))
        assert (out / "first" / "seed.txt").read_text().count("cpu") == n_notes


def test_the_device_is_passed_on_and_recorded_and_makes_nothing_again(tmp_path: Path, recipe: Recipe) -> None:
    first, second = run_recipe(recipe, RunOptions(out=tmp_path / "out", device="cuda"))
    assert (first.record.device, second.record.device) == ("cuda", "cuda")
    assert (tmp_path / "out" / "first" / "seed.txt").read_text().startswith("13 cuda ")
    assert [outcome.why for outcome in run_recipe(recipe, RunOptions(out=tmp_path / "out"))] == ["", ""]


def test_the_global_generators_are_seeded_before_each_stage(tmp_path: Path, recipe: Recipe) -> None:
    one, _ = run_recipe(recipe, RunOptions(out=tmp_path / "one"))
    two, _ = run_recipe(recipe, RunOptions(out=tmp_path / "two"))
    assert one.record.files == two.record.files


def test_what_a_stopped_run_left_behind_is_named_by_the_check(tmp_path: Path, recipe: Recipe) -> None:
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    with pytest.raises(Stopped):
        run_recipe(recipe, RunOptions(out=tmp_path / "out", seed=5), progress=stop_at("second"))
    [mismatch] = verify_run(tmp_path / "out").mismatches
    assert (mismatch.path, mismatch.happened) == ("second", "was made from another first; run the recipe again")


def test_a_stage_that_was_taken_out_of_the_recipe_leaves_the_manifest(tmp_path: Path, recipe: Recipe) -> None:
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    shorter = written(tmp_path, checkpoints="false", text=RECIPE[: RECIPE.index("  - name: second")])
    [outcome] = run_recipe(shorter, RunOptions(out=tmp_path / "out"))
    assert outcome.why == ""
    assert verify_run(tmp_path / "out").n_artefacts == 1


def test_a_folder_at_which_another_process_is_at_work_is_refused(tmp_path: Path, recipe: Recipe) -> None:
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    with WriterLock(tmp_path / "out" / ".unfinished" / "lock"), pytest.raises(Refused, match="another run is at work"):
        run_recipe(recipe, RunOptions(out=tmp_path / "out"))


def test_a_stage_that_leaves_no_file_is_an_error(tmp_path: Path, recipe: Recipe) -> None:
    empty = written(tmp_path, checkpoints="false", text=RECIPE.replace("stopped_stages:copy", "stopped_stages:nothing"))
    with pytest.raises(TrainingError, match="stage 'second' left no file"):
        run_recipe(empty, RunOptions(out=tmp_path / "out"))


def test_an_unknown_stage_to_perform_again_names_the_nearest(tmp_path: Path, recipe: Recipe) -> None:
    with pytest.raises(UsageError, match="no stage 'secnd'\ndid you mean 'second'"):
        run_recipe(recipe, RunOptions(out=tmp_path / "out", again=frozenset({"secnd"})))


def test_the_folder_of_the_recipe_does_not_stay_on_the_path_of_modules(tmp_path: Path, recipe: Recipe) -> None:
    run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    assert str(tmp_path) not in sys.path


def test_no_extra_and_an_unknown_extra_ask_for_nothing() -> None:
    assert missing_packages("") == []
    assert missing_packages("no-such-extra") == []
