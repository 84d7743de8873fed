"""A full disk is told as such: the finished stages and the last checkpoint stay, and the run goes on once there is space."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tadarag.errors import TrainingError
from tadarag.training.disk_space import is_full
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import Recipe, read_recipe
from tadarag.training.run_check import verify_run

RECIPE = """\
name: filling
description: Fills a disk.
licence: CC0-1.0
stages:
  - name: first
    run: filling_stages:little
  - name: second
    run: filling_stages:much
    inputs: [first]
    checkpoints: true
    parameters: {n_bytes: BYTES, to: TO}
"""
STAGES = '''\
import os
from pathlib import Path


def little(run):
    (run.folder / "little.txt").write_text("little")


def much(run):
    """A checkpoint first, then more than there is space for."""
    checkpoint = run.folder / "checkpoint.txt"
    if checkpoint.exists():
        run.report("going on")
    checkpoint.write_text("half way")
    with Path(run.parameters["to"] or run.folder / "much.bin").open("wb") as file:
        file.write(bytes(run.parameters["n_bytes"]))
    checkpoint.unlink()
'''


@pytest.fixture(autouse=True)
def _fresh_modules() -> Iterator[None]:
    yield
    sys.modules.pop("filling_stages", None)


def written(folder: Path, *, n_bytes: int, to: str = "''") -> Recipe:
    folder.mkdir(exist_ok=True)
    (folder / "filling_stages.py").write_text(STAGES, encoding="utf-8")
    (folder / "filling.yaml").write_text(RECIPE.replace("BYTES", str(n_bytes)).replace("TO", to), encoding="utf-8")
    return read_recipe(folder / "filling.yaml")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where this process may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_stage_that_finds_the_disk_full_says_what_is_kept_and_what_to_do(tmp_path: Path) -> None:
    recipe = written(tmp_path / "recipe", n_bytes=10, to="/dev/full")
    with pytest.raises(TrainingError) as caught:
        run_recipe(recipe, RunOptions(out=tmp_path / "out"))
    assert caught.value.happened.startswith("the disk is full: stage 'second' failed: [Errno 28] No space left on device (")
    assert "free space there, or copy the run to a larger disk and name it with --out" in caught.value.do
    assert caught.value.do.endswith("finished stages are kept, and 'second' begins from its last checkpoint")
    assert (tmp_path / "out" / ".unfinished" / "second" / "checkpoint.txt").read_text() == "half way"
    assert not (tmp_path / "out" / "second").exists()
    assert verify_run(tmp_path / "out").mismatches == ()


def test_a_run_on_a_disk_that_was_full_goes_on_from_its_checkpoint_when_there_is_space(tmp_path: Path, small_disk: Path) -> None:
    filler = small_disk / "filler.bin"
    filler.write_bytes(bytes(500_000))
    recipe = written(tmp_path / "recipe", n_bytes=700_000)
    with pytest.raises(TrainingError, match="the disk is full: stage 'second' failed"):
        run_recipe(recipe, RunOptions(out=small_disk / "out"))
    assert verify_run(small_disk / "out").mismatches == ()
    filler.unlink()
    said: list[str] = []
    first, second = run_recipe(recipe, RunOptions(out=small_disk / "out"), progress=lambda state: said.append(state.message))
    assert (first.why, second.why) == ("", "not made yet")
    assert "going on" in said
    assert verify_run(small_disk / "out").mismatches == ()


def test_a_disk_that_is_full_before_the_first_stage_is_told_too(tmp_path: Path, small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "filler.bin").write_bytes(bytes(2_000_000))
    with pytest.raises(TrainingError, match="the disk is full"):
        run_recipe(written(tmp_path / "recipe", n_bytes=1), RunOptions(out=small_disk / "out"))


def test_a_library_that_does_not_say_why_it_failed_is_believed_where_nothing_is_free(tmp_path: Path, small_disk: Path) -> None:
    error = RuntimeError("unexpected pos 64 vs 0")
    assert not is_full(error, tmp_path)
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "filler.bin").write_bytes(bytes(2_000_000))
    assert is_full(error, small_disk)
    assert not is_full(ValueError("the loss is not a number"), small_disk)


def test_the_cause_of_an_error_is_looked_at_and_other_errors_of_files_are_not_a_full_disk(tmp_path: Path) -> None:
    wrapped = RuntimeError("cannot save")
    wrapped.__cause__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert is_full(wrapped, tmp_path)
    assert not is_full(PermissionError(errno.EACCES, os.strerror(errno.EACCES)), tmp_path)
