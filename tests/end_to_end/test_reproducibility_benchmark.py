"""The benchmark of reproducibility runs a profile twice, names what differs, and keeps what it knows of other recipes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # six processes

BENCHMARK = Path(__file__).parents[2] / "eval" / "benchmarks" / "reproducibility.py"
RECIPE = """\
name: NAME
description: Notes its seed.
licence: CC0-1.0
stages:
  - name: fit
    run: twice_stages:STAGE
    parameters: {n: 9}
    minutes: 1
profiles:
  short: {fit: {parameters: {n: 2}, minutes: 0.1}}
"""
STAGES = """\
import os


def steady(run):
    (run.folder / "noted.txt").write_text(f"{run.seed} {run.parameters['n']}")


def shaky(run):
    (run.folder / "noted.txt").write_text(str(os.getpid()))
"""


def measured(folder: Path, name: str) -> tuple[int, dict[str, Any]]:
    (folder / "twice_stages.py").write_text(STAGES, encoding="utf-8")
    (folder / f"{name}.yaml").write_text(RECIPE.replace("NAME", name).replace("STAGE", name), encoding="utf-8")
    out = folder / "figures.json"
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), f"{name}.yaml", "--out", str(out)], cwd=folder, capture_output=True, text=True, timeout=300
    )
    return done.returncode, json.loads(out.read_text(encoding="utf-8"))["figures"]


def test_a_recipe_that_gives_the_same_passes_and_one_that_does_not_is_named_with_its_file(tmp_path: Path) -> None:
    status, figures = measured(tmp_path, "steady")
    assert status == 0
    row = figures["steady"]
    assert (row["profile"], row["stages"], row["files"], row["different"], row["other_differences"]) == ("short", 1, 1, [], [])
    assert (row["verified"], row["up_to_date"], row["minutes_expected"]) == (True, True, 0.1)
    status, figures = measured(tmp_path, "shaky")
    assert status == 1
    assert {name: row["different"] for name, row in figures.items()} == {"steady": [], "shaky": ["fit/noted.txt"]}
