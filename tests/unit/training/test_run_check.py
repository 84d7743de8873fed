"""A check names exactly the file that is not as it was: artefact, data, recipe or the manifest itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import TrainingError
from tadarag.training.manifest import FILE_NAME
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import read_recipe
from tadarag.training.run_check import verify_run

RECIPE = """\
name: checked
description: One to check.
licence: CC0-1.0
data:
  texts: {folder: texts, files: ["*.txt"], licence: MIT}
stages:
  - name: first
    run: checked_stages:copy
    inputs: [texts]
  - name: second
    run: checked_stages:copy
    inputs: [first]
"""
STAGES = """\
def copy(run):
    for name, folder in run.inputs.items():
        for file in sorted(folder.glob("*.txt")):
            (run.folder / file.name).write_bytes(file.read_bytes())
"""
FILES = ("run/first/a.txt", "run/second/二.txt", "data/texts/a.txt", "checked.yaml", f"run/{FILE_NAME}")
NAMED = {
    "run/first/a.txt": "first/a.txt",
    "run/second/二.txt": "second/二.txt",
    "data/texts/a.txt": "texts/a.txt",
    f"run/{FILE_NAME}": FILE_NAME,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A recipe, its data and its run."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "checked_stages.py").write_text(STAGES, encoding="utf-8")
    (folder / "checked.yaml").write_text(RECIPE, encoding="utf-8")
    (folder / "data" / "texts").mkdir(parents=True)
    for name in ("a.txt", "二.txt"):
        (folder / "data" / "texts" / name).write_text(f"the text {name}", encoding="utf-8")
    run_recipe(read_recipe(folder / "checked.yaml"), RunOptions(out=folder / "run", data_folder=folder / "data"))
    yield folder
    sys.modules.pop("checked_stages", None)


def named(folder: Path) -> list[str]:
    """What a check of everything names."""
    try:
        return [one.path for one in verify_run(folder / "run", folder / "data", folder / "checked.yaml").mismatches]
    except TrainingError as error:
        return [FILE_NAME] if "is no manifest of a run" in error.happened else [error.happened]


def test_what_nobody_touched_is_as_the_manifest_says(folder: Path) -> None:
    verification = verify_run(folder / "run", folder / "data", folder / "checked.yaml")
    assert verification.mismatches == ()
    assert (verification.n_artefacts, verification.n_data_files, verification.has_recipe) == (4, 2, True)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.integers(0, 2**32), st.integers(1, 255))
def test_one_flipped_byte_anywhere_is_named_with_its_file_and_no_other(folder: Path, name: str, place: int, mask: int) -> None:
    file = folder / name
    content = file.read_bytes()
    flipped = bytearray(content)
    flipped[place % len(content)] ^= mask
    file.write_bytes(flipped)
    try:
        found = named(folder)
    finally:
        file.write_bytes(content)
    expected = NAMED.get(name, str(folder / "checked.yaml"))
    # a manifest whose recorded hash was flipped is named, and so may be the file that the hash is of
    assert set(found) == {expected} if name != f"run/{FILE_NAME}" else FILE_NAME in found


def test_the_manifest_is_named_where_a_figure_in_it_was_changed(folder: Path) -> None:
    file = folder / "run" / FILE_NAME
    content = file.read_bytes()
    document = json.loads(content)
    document["stages"]["first"]["seconds"] = 99.5
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    try:
        assert named(folder) == [FILE_NAME]
    finally:
        file.write_bytes(content)


def test_a_recipe_that_is_not_given_is_not_compared(folder: Path) -> None:
    assert not verify_run(folder / "run").has_recipe
