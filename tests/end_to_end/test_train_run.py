"""A researcher runs a recipe of her own, changes something, is interrupted, and checks what she was given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

RECIPE = """\
name: tiny
description: Counts words and draws some of them.
licence: CC0-1.0
seed: 7
data:
  texts:
    folder: reviews
    files: ["*.txt"]
    licence: CC0-1.0
stages:
  - name: draw
    run: tiny_stages:draw
    inputs: [counts]
    parameters: {most: 2}
  - name: counts
    run: tiny_stages:count
    inputs: [texts]
    minutes: 0.1
"""

STAGES = '''\
import json
import os
import signal
from collections import Counter
from pathlib import Path
from random import Random


def count(run):
    """Words of all texts."""
    words = Counter(word for file in sorted(run.inputs["texts"].glob("*.txt")) for word in file.read_text(encoding="utf-8").split())
    (run.folder / "words.json").write_text(json.dumps(dict(sorted(words.items())), ensure_ascii=False), encoding="utf-8")
    print("a stage may print")


def draw(run):
    """Some words."""
    words = json.loads((run.inputs["counts"] / "words.json").read_text(encoding="utf-8"))
    (run.folder / "sub").mkdir()
    drawn = Random(run.seed).sample(sorted(words), run.parameters["most"])
    (run.folder / "sub" / "drawn.txt").write_text("\\n".join(drawn) + "\\n", encoding="utf-8")
    run.report("drawn")


def fail_once(run):
    """Leaves a file and fails as long as the marker is there."""
    marker = Path(run.parameters["marker"])
    if marker.exists():
        marker.unlink()
        (run.folder / "half.txt").write_text("half", encoding="utf-8")
        raise ValueError("the loss is not a number")
    (run.folder / "whole.txt").write_text("whole", encoding="utf-8")


def train(run):
    """Four steps with a checkpoint after each; the process is killed after the second while the marker is there."""
    state, log, marker = run.folder / "state.json", Path(run.parameters["log"]), Path(run.parameters["marker"])
    steps = json.loads(state.read_text()) if state.exists() else []
    while len(steps) < 4:
        steps.append(len(steps) * run.seed)
        state.write_text(json.dumps(steps))
        log.open("a").write("step\\n")
        if len(steps) == 2 and marker.exists():
            marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
    (run.folder / "weights.json").write_text(json.dumps(steps))
    state.unlink()
'''


@pytest.fixture
def recipes(work: Path) -> Iterator[Path]:
    """The folder of the researcher's recipes, with the recipe `tiny`, its stages, and data in two languages beside it."""
    folder = work / ".tadarag" / "pipelines" / "train"
    folder.mkdir(parents=True)
    (folder / "tiny.yaml").write_text(RECIPE, encoding="utf-8")
    (folder / "tiny_stages.py").write_text(STAGES, encoding="utf-8")
    reviews = work / "data" / "reviews"
    reviews.mkdir(parents=True)
    (reviews / "one.txt").write_text("the ferry was late the ferry was cold", encoding="utf-8")
    (reviews / "二.txt").write_text("渡轮 很 准时", encoding="utf-8")
    sys.modules.pop("tiny_stages", None)
    yield folder
    sys.modules.pop("tiny_stages", None)


def manifest_of(work: Path, name: str = "tiny") -> Any:
    return json.loads((work / ".tadarag" / "train" / name / "manifest.json").read_text(encoding="utf-8"))


def made(ran: Any) -> list[str]:
    """The stages that were performed, in order."""
    return [stage["name"] for stage in ran.document["stages"] if stage["state"] == "made"]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def with_stage(recipes: Path, stage: str) -> None:
    """Replace the stages of `tiny` by one."""
    text = (recipes / "tiny.yaml").read_text(encoding="utf-8")
    (recipes / "tiny.yaml").write_text(text[: text.index("stages:")] + "stages:\n" + stage, encoding="utf-8")


def test_a_run_performs_the_stages_in_the_order_of_their_inputs_and_writes_their_artefacts(work: Path, recipes: Path, run: Run) -> None:
    ran = run("train", "run", "tiny", "--data-dir", "data", "--json")
    assert ran.status == 0
    assert made(ran) == ["counts", "draw"]
    folder = work / ".tadarag" / "train" / "tiny"
    assert json.loads((folder / "counts" / "words.json").read_text(encoding="utf-8"))["渡轮"] == 1
    assert len((folder / "draw" / "sub" / "drawn.txt").read_text(encoding="utf-8").splitlines()) == 2


def test_the_manifest_says_what_each_artefact_was_made_from(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    manifest = manifest_of(work)
    assert manifest["licence"] == "CC0-1.0"
    assert manifest["data"]["texts"]["licence"] == "CC0-1.0"
    assert [file["path"] for file in manifest["data"]["texts"]["files"]] == ["one.txt", "二.txt"]
    counts, draw = manifest["stages"]["counts"], manifest["stages"]["draw"]
    assert counts["inputs"] == {"texts": manifest["data"]["texts"]["sha256"]}
    assert draw["inputs"] == {"counts": counts["sha256"]}
    assert (draw["parameters"], draw["seed"], draw["device"], draw["run"]) == ({"most": 2}, 7, "cpu", "tiny_stages:draw")
    assert [file["path"] for file in draw["files"]] == ["sub/drawn.txt"]
    assert draw["code"]
    assert str(work) not in json.dumps(manifest)


def test_each_stage_is_told_to_the_person_who_waits(work: Path, recipes: Path, run: Run) -> None:
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert "counts (1 of 2): not made yet, about 6 s of one CPU\n" in ran.err
    assert "draw: done, 0 s\n" in ran.err
    assert ran.out.endswith("manifest: " + str(work / ".tadarag" / "train" / "tiny" / "manifest.json") + "\n")
    assert run("train", "run", "tiny", "--data-dir", "data", "--out", "other", "--quiet").err == "a stage may print\n"


def test_a_second_run_with_nothing_changed_does_nothing(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    before = (work / ".tadarag" / "train" / "tiny" / "manifest.json").stat().st_mtime_ns
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert ran.out.startswith("tiny: up to date (2 stages in ")
    assert ran.err == ""
    assert (work / ".tadarag" / "train" / "tiny" / "manifest.json").stat().st_mtime_ns == before


def test_two_runs_give_the_same_hashes(work: Path, recipes: Path, run: Run) -> None:
    first = run("train", "run", "tiny", "--data-dir", "data", "--out", "one", "--json").document["stages"]
    second = run("train", "run", "tiny", "--data-dir", "data", "--out", "two", "--json").document["stages"]
    assert [stage["sha256"] for stage in first] == [stage["sha256"] for stage in second]


def test_a_changed_parameter_performs_its_stage_again_and_no_other(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    change(recipes / "tiny.yaml", "most: 2", "most: 3")
    ran = run("train", "run", "tiny", "--data-dir", "data", "--json")
    assert made(ran) == ["draw"]
    assert ran.document["stages"][1]["why"] == "changed: most"


def test_a_changed_data_file_performs_all_that_depends_on_it_again(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    (work / "data" / "reviews" / "one.txt").write_text("the ferry was early", encoding="utf-8")
    ran = run("train", "run", "tiny", "--data-dir", "data", "--json")
    assert [stage["why"] for stage in ran.document["stages"]] == ["other input: texts", "other input: counts"]


def test_a_stage_whose_input_was_made_again_just_the_same_is_kept(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    assert made(run("train", "run", "tiny", "--data-dir", "data", "--again", "counts", "--json")) == ["counts"]


def test_another_seed_performs_everything_again(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    ran = run("train", "run", "tiny", "--data-dir", "data", "--seed", "8", "--json")
    assert made(ran) == ["counts", "draw"]
    assert manifest_of(work)["stages"]["draw"]["seed"] == 8


def test_an_artefact_that_was_changed_by_hand_is_made_again(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    (work / ".tadarag" / "train" / "tiny" / "draw" / "sub" / "drawn.txt").write_text("mine", encoding="utf-8")
    assert made(run("train", "run", "tiny", "--data-dir", "data", "--json")) == ["draw"]
    assert run("train", "verify", "tiny").status == 0


def test_a_stage_whose_code_has_changed_is_kept_and_said(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    change(recipes / "tiny_stages.py", "Some words.", "A few words.")
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert "draw: its code has changed since; to perform it again: --again draw\n" in ran.out


def test_a_flipped_byte_is_named(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    file = work / ".tadarag" / "train" / "tiny" / "counts" / "words.json"
    content = bytearray(file.read_bytes())
    content[3] ^= 1
    file.write_bytes(content)
    ran = run("train", "verify", "tiny")
    assert ran.status == 1
    assert ran.out.startswith("counts/words.json has the hash ")
    assert ran.out.endswith("tiny: 2 artefacts compared, 1 not as the manifest says\n")


def test_a_flipped_byte_of_the_data_is_named_when_the_data_are_at_hand(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    (work / "data" / "reviews" / "one.txt").write_text("THE ferry was late the ferry was cold", encoding="utf-8")
    assert run("train", "verify", "tiny").status == 0
    ran = run("train", "verify", "tiny", "--data-dir", "data", "--json")
    assert ran.status == 1
    assert [one["path"] for one in ran.document["mismatches"]] == ["reviews/one.txt"]


def test_missing_and_unknown_files_are_named(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data")
    folder = work / ".tadarag" / "train" / "tiny" / "draw" / "sub"
    (folder / "drawn.txt").rename(folder / "renamed.txt")
    mismatches = run("train", "verify", "tiny", "--json").document["mismatches"]
    assert [tuple(one.values()) for one in mismatches] == [
        ("draw/sub/drawn.txt", "is missing"),
        ("draw/sub/renamed.txt", "is not in the manifest"),
    ]


def test_after_a_failure_the_finished_stages_are_kept_and_the_failed_one_begins_anew(work: Path, recipes: Path, run: Run) -> None:
    (work / "marker").touch()
    with (recipes / "tiny.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f"  - name: last\n    run: tiny_stages:fail_once\n    inputs: [draw]\n    parameters: {{marker: {json.dumps(str(work / 'marker'))}}}\n"
        )
    failed = run("train", "run", "tiny", "--data-dir", "data")
    assert failed.status == 1
    assert "error: stage 'last' failed: ValueError: the loss is not a number\n  do:  " in failed.err
    assert run("train", "verify", "tiny").status == 0
    ran = run("train", "run", "tiny", "--data-dir", "data", "--json")
    assert made(ran) == ["last"]
    assert [file["path"] for file in manifest_of(work)["stages"]["last"]["files"]] == ["whole.txt"]


def test_a_killed_stage_with_checkpoints_goes_on_and_gives_what_an_unbroken_run_gives(work: Path, recipes: Path, run: Run) -> None:
    log, marker = work / "log", work / "marker"
    marker.touch()
    parameters = json.dumps({"log": str(log), "marker": str(marker)})
    with_stage(recipes, f"  - name: train\n    run: tiny_stages:train\n    checkpoints: true\n    parameters: {parameters}\n")
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", "train", "run", "tiny", "--data-dir", "data"]
    killed = subprocess.run(command, cwd=work, capture_output=True, check=False)
    assert killed.returncode == -9
    assert not (work / ".tadarag" / "train" / "tiny" / "train").exists()
    assert run("train", "run", "tiny", "--data-dir", "data").status == 0
    assert log.read_text().count("step") == 4
    run("train", "run", "tiny", "--data-dir", "data", "--out", "unbroken")
    assert log.read_text().count("step") == 8
    weights = (work / ".tadarag" / "train" / "tiny" / "train" / "weights.json").read_bytes()
    assert weights == (work / "unbroken" / "train" / "weights.json").read_bytes()
    assert run("train", "verify", "unbroken").status == 0


def test_stages_that_need_each_other_are_an_error_with_file_and_line(recipes: Path, run: Run) -> None:
    change(recipes / "tiny.yaml", "inputs: [texts]", "inputs: [texts, draw]")
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert ran.status == 1
    assert "tiny.yaml:11: stages need each other in a circle: draw needs counts needs draw" in ran.err


def test_an_unknown_input_is_an_error_with_file_and_line_and_the_nearest_name(recipes: Path, run: Run) -> None:
    change(recipes / "tiny.yaml", "inputs: [counts]", "inputs: [count]")
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert "tiny.yaml:11: stage 'draw' needs 'count', which is no stage and no data" in ran.err
    assert "did you mean 'counts'?" in ran.err


@pytest.mark.parametrize(
    ("function", "happened"),
    [("tiny_stages:drawn", "module tiny_stages has no function 'drawn'"), ("no_stages:draw", "there is no module no_stages")],
)
def test_an_unknown_function_is_an_error_before_any_stage_is_performed(recipes: Path, run: Run, function: str, happened: str) -> None:
    change(recipes / "tiny.yaml", "tiny_stages:draw", function)
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert ran.status == 1
    assert "tiny.yaml:11: " in ran.err
    assert happened in ran.err
    assert "not made yet" not in ran.err


def test_an_extra_that_is_not_installed_is_named_with_its_remedy(recipes: Path, run: Run) -> None:
    with_stage(recipes, "  - name: draw\n    run: missing_library:draw\n    extra: train\n")
    (recipes / "missing_library.py").write_text("import a_library_that_nobody_has\n", encoding="utf-8")
    ran = run("train", "run", "tiny", "--data-dir", "data")
    assert ran.status == 1
    assert "pip install 'tadarag[train]'" in ran.err


def test_data_that_are_not_there_are_named(recipes: Path, run: Run) -> None:
    assert "--data-dir DIR" in run("train", "run", "tiny").err
    ran = run("train", "run", "tiny", "--data-dir", "elsewhere")
    assert ran.status == 2
    assert "the data 'texts' are not there: no folder elsewhere/reviews" in ran.err


def test_a_folder_of_something_else_is_refused_and_untouched(work: Path, recipes: Path, run: Run) -> None:
    ran = run("train", "run", "tiny", "--data-dir", "data", "--out", "data")
    assert ran.status == 4
    assert [file.name for file in (work / "data").iterdir()] == ["reviews"]


def test_the_run_of_another_recipe_is_refused(work: Path, recipes: Path, run: Run) -> None:
    run("train", "run", "tiny", "--data-dir", "data", "--out", "made")
    (recipes / "other.yaml").write_text(RECIPE.replace("name: tiny", "name: other"), encoding="utf-8")
    ran = run("train", "run", "other", "--data-dir", "data", "--out", "made")
    assert ran.status == 4
    assert "made was made by the recipe 'tiny', not by 'other'" in ran.err


def test_recipes_are_listed_shipped_and_own_and_a_broken_one_with_its_problem(recipes: Path, run: Run) -> None:
    (recipes / "broken.yaml").write_text("name: broken\nstages: []\n", encoding="utf-8")
    listed = {recipe["name"]: recipe for recipe in run("train", "list", "--json").document["recipes"]}
    assert listed["tiny"]["from"] == "own"
    assert listed["tiny"]["stages"] == ["counts", "draw"]
    assert listed["router"]["from"] == "shipped"
    assert "broken.yaml:1: the key 'description' is missing" in listed["broken"]["problem"]
    assert "Counts words and draws some of them." in run("train", "list").out


def test_an_unknown_recipe_names_the_nearest(recipes: Path, run: Run) -> None:
    ran = run("train", "run", "tny")
    assert ran.status == 2
    assert "did you mean 'tiny'?" in ran.err


def test_a_run_that_is_not_there_is_said_and_a_folder_of_its_name_is_none(work: Path, recipes: Path, run: Run) -> None:
    (work / "tiny").mkdir()
    assert run("train", "verify", "tiny").status == 2
    run("train", "run", "tiny", "--data-dir", "data")
    assert run("train", "verify", "tiny").status == 0
