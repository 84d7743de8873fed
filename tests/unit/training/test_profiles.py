"""A profile runs a recipe with other settings; what it makes never ships, and it is kept and told apart like any other run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tadarag.errors import TrainingError, UsageError
from tadarag.training.manifest import read_manifest
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import Recipe, read_recipe, recipe_files, with_profile
from tadarag.training.run_card import run_card
from tadarag.training.run_comparison import compare_runs
from tadarag.training.run_plan import plan_recipe
from tadarag.training.run_repeat import repeat_run
from tadarag.training.shipping import verdict

RECIPE = """\
name: mine
description: One of mine.
licence: CC0-1.0
ships: true
data:
  big: {folder: big, licence: own}
  small: {folder: small, licence: own}
stages:
  - name: fit
    run: profiled_stages:note
    inputs: [big, small]
    measured: [big]
    parameters: {steps: 500, rate: 1e-2}
    minutes: 30
  - name: figures
    run: profiled_stages:note
    inputs: [fit]
    minutes: 5
"""
SHORT = """\
profiles:
  short:
    fit: {inputs: [small], parameters: {steps: 5}, minutes: 0.5}
"""
STAGES = """\
import json


def note(run):
    (run.folder / "noted.json").write_text(json.dumps([sorted(run.inputs), dict(run.parameters), run.seed]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "profiled_stages.py").write_text(STAGES, encoding="utf-8")
    for name in ("big", "small"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text.txt").write_text(name, encoding="utf-8")
    yield tmp_path
    sys.modules.pop("profiled_stages", None)


def read(folder: Path, profiles: str = SHORT) -> Recipe:
    (folder / "mine.yaml").write_text(RECIPE + profiles, encoding="utf-8")
    return read_recipe(folder / "mine.yaml")


def test_what_a_profile_states_stands_in_the_place_of_the_stage_s_and_the_rest_stays(folder: Path) -> None:
    whole = read(folder)
    fit, figures = with_profile(whole, "short").stages
    assert (fit.inputs, fit.measured, fit.parameters, fit.minutes) == (("small",), (), {"steps": 5, "rate": 0.01}, 0.5)
    assert figures == whole.stages[1]
    assert (whole.minutes, with_profile(whole, "short").minutes) == (35, 5.5)
    assert whole.stages[0].parameters == {"steps": 500, "rate": 0.01}


def test_a_stage_that_is_left_out_is_not_performed_and_data_that_nothing_reads_are_not_asked_for(folder: Path) -> None:
    (folder / "big" / "text.txt").unlink()
    short = with_profile(read(folder, SHORT + "    figures: {left_out: true}\n"), "short")
    assert ([stage.name for stage in short.stages], [source.name for source in short.data]) == (["fit"], ["small"])
    [outcome] = run_recipe(short, RunOptions(out=folder / "out", data_folder=folder))
    assert outcome.name == "fit"


def test_what_a_profile_makes_does_not_ship_and_the_manifest_names_it(folder: Path) -> None:
    short = with_profile(read(folder), "short")
    run_recipe(short, RunOptions(out=folder / "out", data_folder=folder))
    manifest = read_manifest(folder / "out")
    assert manifest is not None
    assert (manifest.profile, manifest.ships) == ("short", False)
    assert verdict(short) == "not to be shipped: made by the profile 'short'"
    card = run_card(folder / "out").text
    assert "**Not to be shipped: made by the profile 'short'.**" in card
    assert "| profile | short |" in card


def test_a_manifest_of_no_profile_is_written_as_before_there_were_any(folder: Path) -> None:
    run_recipe(read(folder), RunOptions(out=folder / "out", data_folder=folder))
    assert '"profile"' not in (folder / "out" / "manifest.json").read_text(encoding="utf-8")


def test_a_profile_makes_stale_what_it_changes_and_going_back_makes_that_again(folder: Path) -> None:
    whole, options = read(folder), RunOptions(out=folder / "out", data_folder=folder)
    run_recipe(whole, options)
    short = with_profile(whole, "short")
    assert [stage.why for stage in plan_recipe(short, options).stages] == ["changed: steps", ""]
    run_recipe(short, options)
    assert not plan_recipe(short, options).stale
    assert [stage.name for stage in plan_recipe(whole, options).stale] == ["fit", "figures"]


def test_a_run_of_a_profile_is_repeated_with_it_and_compared_by_it(folder: Path) -> None:
    whole = read(folder)
    run_recipe(with_profile(whole, "short"), RunOptions(out=folder / "out", data_folder=folder))
    assert repeat_run(folder / "out", recipe_file=whole.file, data_folder=folder).is_same
    run_recipe(whole, RunOptions(out=folder / "whole", data_folder=folder))
    differences = {(one.kind, one.what): (one.left, one.right) for one in compare_runs(folder / "out", folder / "whole").differences}
    assert differences["recipe", "profile"] == ("short", "-")


@pytest.mark.parametrize(
    ("profiles", "told"),
    [
        ("profiles: short\n", ":19: here a mapping is expected"),
        ("profiles:\n  Short: {}\n", ":20: 'Short' is no name of a profile"),
        ("profiles:\n  short: {}\n  short: {}\n", ":21: the profile 'short' stands here twice"),
        ("profiles:\n  short:\n    fit: {}\n    fit: {}\n", ":22: the stage 'fit' stands here twice"),
        ("profiles:\n  short:\n    fitt: {minutes: 1}\n", ":21: the recipe has no stage 'fitt'"),
        ("profiles:\n  short:\n    fit: {stepps: 1}\n", ":21: there is no key 'stepps' here"),
        ("profiles:\n  short:\n    fit: {parameters: 3}\n", ":21: here a mapping is expected"),
        ("profiles:\n  short:\n    fit: {minutes: soon}\n", ":21: 'soon' is no number of minutes"),
        ("profiles:\n  short:\n    fit: {inputs: [large]}\n", ":21: stage 'fit' needs 'large', which is no stage and no data"),
        ("profiles:\n  short:\n    fit: {left_out: true}\n", ": stage 'figures' needs 'fit', which is no stage and no data"),
        ("profiles:\n  short: {fit: {left_out: true}, figures: {left_out: true}}\n", ":20: the profile 'short' leaves out all stages"),
    ],
)
def test_a_profile_that_does_not_fit_is_told_with_file_and_line(folder: Path, profiles: str, told: str) -> None:
    with pytest.raises(TrainingError) as caught:
        read(folder, profiles)
    assert told in caught.value.happened
    assert "mine.yaml:" in caught.value.happened
    assert caught.value.do


def test_an_unknown_profile_names_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match="no profile 'shirt'\ndid you mean 'short'"):
        with_profile(read(folder), "shirt")
    with pytest.raises(UsageError, match="no profile 'short'\nrun it without --profile"):
        with_profile(read(folder, ""), "short")


def test_every_shipped_recipe_has_a_profile_of_ten_minutes_at_most() -> None:
    minutes = {recipe.name: with_profile(recipe, "short").minutes for recipe in map(read_recipe, recipe_files())}
    assert {name: one for name, one in minutes.items() if not 0 < one <= 10} == {}
