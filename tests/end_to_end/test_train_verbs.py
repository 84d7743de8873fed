"""A researcher repeats a run, sets two side by side, writes its card, looks at what the monitor saw, and asks before what a run will do."""

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
name: line
description: Fits a line.
licence: CC0-1.0
ships: true
seed: 7
data:
  points: {folder: points, licence: CC0-1.0}
  judged: {folder: judged, licence: CC BY-NC 4.0}
stages:
  - name: fit
    run: line_stages:fit
    inputs: [points]
    parameters: {steps: 300, adam: {rate: 0.1}}
    checkpoints: true
    minutes: 0.5
  - name: figures
    run: line_stages:measure
    inputs: [fit, judged]
    measured: [judged]
    minutes: 0.1
"""
STAGES = '''\
import json
import os
import signal
from pathlib import Path

import numpy as np

from tadarag.training.spikes.events import SpikeEvent, SpikeLog, SpikeRow, TensorSummary, write_spikes


def points(folder):
    return np.loadtxt(folder / "points.tsv", ndmin=2)


def fit(run):
    """Gradient descent from a drawn start, with a checkpoint every hundred steps; killed at the step that the marker names."""
    x, y = points(run.inputs["points"]).T
    marker, state = Path("kill-at-step"), run.folder / "state.json"
    kill = int(marker.read_text()) if marker.exists() else 0
    weights = np.random.default_rng(run.seed).normal(size=2)
    log = []
    if state.exists():
        saved = json.loads(state.read_text())
        weights, log = np.array(saved["weights"]), saved["log"]
    while len(log) < run.parameters["steps"]:
        error = weights[0] * x + weights[1] - y
        log.append(float((error**2).mean()))
        weights = weights - run.parameters["adam"]["rate"] * 2 * np.array([(error * x).mean(), error.mean()])
        if len(log) % 100 == 0:
            draft = run.folder / "state.draft"
            draft.write_text(json.dumps({"weights": weights.tolist(), "log": log}))
            draft.replace(state)
        if len(log) == kill:
            marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
    np.save(run.folder / "weights.npy", weights)
    rows = [{"step": step, "loss": loss, "set": "points"} for step, loss in enumerate(log, start=1)]
    (run.folder / "log.jsonl").write_text("".join(json.dumps(row) + "\\\\n" for row in rows))
    settings = {"every": 25, "window": 64, "guard": "off", "beta1": 0.9, "beta2": 0.95, "n_steps": len(log), "rollbacks": [{"step": 30, "to": 10}]}
    row = SpikeRow(step=25, source="points", loss=1.0, gradient=0.1, kappa=0.97, decaying=0.5, curvature=1.0, limit=2.0, margin=0.9)
    events = [SpikeEvent(step=25, tensor="", kind="warning", value=0.9, limit=0.8), SpikeEvent(step=20, tensor="b", kind="decay", value=1.0, limit=0.9)]
    tensors = [TensorSummary(name=name, n_decaying=n, longest=n, kappa=None) for name, n in (("a", 3), ("b", 90))]
    write_spikes(SpikeLog(settings=settings, rows=(row,), events=tuple(events), tensors=tuple(tensors)), run.folder / "spikes.jsonl")
    state.unlink(missing_ok=True)


def measure(run):
    x, y = points(run.inputs["judged"]).T
    slope, level = np.load(run.inputs["fit"] / "weights.npy")
    error = slope * x + level - y
    figures = {"test": {"error": float((error**2).mean()), "n": len(x)}, "slope": float(slope), "all": [float(one) for one in error]}
    figures["disturbed"] = float(Path("disturb").read_text()) if Path("disturb").exists() else 0.0
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1))
'''.replace("\\\\n", "\\n")


@pytest.fixture
def recipes(work: Path) -> Iterator[Path]:
    """The folder of the researcher's recipes, with the recipe `line`, its stages, and its data."""
    folder = work / ".tadarag" / "pipelines" / "train"
    folder.mkdir(parents=True)
    (folder / "line.yaml").write_text(RECIPE, encoding="utf-8")
    (folder / "line_stages.py").write_text(STAGES, encoding="utf-8")
    for name, n in (("points", 20), ("judged", 12)):
        (work / "data" / name).mkdir(parents=True)
        rows = "".join(f"{place / n}\t{2 * place / n + 1}\n" for place in range(n))
        (work / "data" / name / "points.tsv").write_text(rows, encoding="utf-8")
    sys.modules.pop("line_stages", None)
    yield folder
    sys.modules.pop("line_stages", None)


@pytest.fixture
def made(recipes: Path, run: Run) -> Path:
    """The run of the recipe."""
    assert run("train", "run", "line", "--data-dir", "data").status == 0
    return recipes.parents[1] / "train" / "line"


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_run_says_first_what_it_will_do_and_how_long_it_takes(recipes: Path, run: Run) -> None:
    ran = run("train", "run", "line", "--data-dir", "data", "--json")
    first, *lines = ran.err.splitlines()
    assert first == "2 of 2 stages to perform: about 36 s of one CPU in all"
    assert [line.split() for line in lines[:2]] == [["fit", "about", "30", "s"], ["figures", "about", "6", "s"]]
    assert ran.document["plan"]["minutes"] == 0.6
    assert [stage["minutes"] for stage in ran.document["plan"]["stages"]] == [0.5, 0.1]
    assert ran.document["ships"] is True


@pytest.mark.parametrize("option", ["--plan", "--dry-run"])
def test_a_plan_performs_nothing_and_says_what_is_stale_and_why(work: Path, made: Path, run: Run, recipes: Path, option: str) -> None:
    assert run("train", "run", "line", "--data-dir", "data", option).out.endswith("line: up to date (2 stages)\n")
    change(recipes / "line.yaml", "steps: 300", "steps: 200")
    before = (made / "manifest.json").read_bytes()
    ran = run("train", "run", "line", "--data-dir", "data", option)
    assert (ran.status, ran.err) == (0, "")
    assert [line.split() for line in ran.out.splitlines()[1:3]] == [
        "fit about 30 s changed: steps".split(),
        "figures about 6 s after fit (unless that comes out as before)".split(),
    ]
    stages = run("train", "run", "line", "--data-dir", "data", option, "--json").document["plan"]["stages"]
    assert [(stage["name"], stage["is_stale"], stage["why"], stage["after"]) for stage in stages] == [
        ("fit", True, "changed: steps", []),
        ("figures", True, "", ["fit"]),
    ]
    assert (made / "manifest.json").read_bytes() == before


def test_a_repetition_in_a_fresh_folder_gives_the_same_hashes_and_leaves_nothing(made: Path, run: Run) -> None:
    ran = run("train", "repeat", "line", "--data-dir", "data")
    assert ran.status == 0
    assert ran.out == "line: repeated, 4 artefacts with the same hashes\n"
    assert [file.name for file in made.parent.iterdir()] == ["line"]


def test_a_repetition_that_differs_names_the_file_and_by_how_much_its_figures_differ_and_is_kept(work: Path, made: Path, run: Run) -> None:
    (work / "disturb").write_text("0.25", encoding="utf-8")
    ran = run("train", "repeat", "line", "--data-dir", "data")
    assert ran.status == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith("figures/figures.json has the hash ")
    assert lines[1] == "  1 figure in it differs, most of all disturbed: 0, now 0.25"
    assert lines[-2] == "line: repeated, 1 of 4 artefacts with another hash"
    assert (Path(lines[-1].removeprefix("the repetition is in ")) / "figures" / "figures.json").is_file()
    document = run("train", "repeat", "line", "--data-dir", "data", "--out", "again", "--json").document
    assert (document["is_same"], document["n_same_artefacts"]) == (False, 3)
    assert document["figures"] == [{"file": "figures/figures.json", "figure": "disturbed", "left": 0.0, "right": 0.25, "change": 0.25}]


def test_a_recipe_that_has_changed_is_repeated_as_it_was_run_and_its_file_is_named_by_the_check(
    made: Path, recipes: Path, run: Run
) -> None:
    change(recipes / "line.yaml", "steps: 300", "steps: 100")
    ran = run("train", "repeat", "line", "--data-dir", "data")
    assert ran.status == 0
    assert ran.out.startswith("the recipe's file has changed since; repeated is the recipe as the manifest has it\n")
    checked = run("train", "verify", "line", "--json")
    assert checked.status == 1
    assert [one["path"] for one in checked.document["mismatches"]] == [str(recipes / "line.yaml")]
    assert "the recipe has changed" in checked.document["mismatches"][0]["happened"]


def test_a_run_by_a_path_names_its_recipe_for_the_check_and_the_repetition(work: Path, recipes: Path, run: Run) -> None:
    elsewhere = work / "elsewhere"
    recipes.rename(elsewhere)
    run("train", "run", "elsewhere/line.yaml", "--data-dir", "data", "--out", "out")
    assert (
        "the recipe's file was not compared: there is no recipe 'line' here; name it with --recipe\n" in run("train", "verify", "out").out
    )
    assert run("train", "verify", "out", "--recipe", "elsewhere/line.yaml").out.startswith("line: 4 artefacts compared")
    assert run("train", "repeat", "out", "--data-dir", "data", "--recipe", "elsewhere/line.yaml").status == 0


def test_a_run_whose_files_or_data_have_changed_is_not_repeated(work: Path, made: Path, run: Run) -> None:
    (work / "data" / "judged" / "points.tsv").write_text("1\t2\n", encoding="utf-8")
    ran = run("train", "repeat", "line", "--data-dir", "data")
    assert ran.status == 1
    assert "there is nothing to compare with: judged/points.tsv has 4 bytes" in ran.err
    assert [file.name for file in made.parent.iterdir()] == ["line"]


def test_a_repetition_begins_in_an_empty_folder(made: Path, run: Run) -> None:
    assert run("train", "repeat", "line", "--data-dir", "data", "--out", "data").status == 4


def test_a_killed_run_goes_on_and_gives_the_hashes_of_an_unbroken_one(work: Path, made: Path, run: Run) -> None:
    unbroken = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["stages"]
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", "train", "run", "line", "--data-dir", "data", "--out"]
    for step in (50, 150, 300):
        (work / "kill-at-step").write_text(str(step), encoding="utf-8")
        killed = subprocess.run([*command, f"killed-{step}"], cwd=work, capture_output=True, check=False)
        assert killed.returncode == -9
        assert run("train", "run", "line", "--data-dir", "data", "--out", f"killed-{step}").status == 0
        manifest = json.loads((work / f"killed-{step}" / "manifest.json").read_text(encoding="utf-8"))
        assert [stage["sha256"] for stage in manifest["stages"].values()] == [stage["sha256"] for stage in unbroken.values()]


def test_two_runs_are_set_side_by_side_in_what_they_do_not_share(made: Path, recipes: Path, run: Run) -> None:
    change(recipes / "line.yaml", "rate: 0.1", "rate: 0.2")
    run("train", "run", "line", "--data-dir", "data", "--seed", "8", "--out", "other")
    document = run("train", "compare", "line", "other", "--json").document
    found = {(one["kind"], one["stage"], one["what"]): (one["left"], one["right"]) for one in document["differences"]}
    assert found["seed", "fit", "seed"] == ("7", "8")
    assert found["parameter", "fit", "adam.rate"] == ("0.1", "0.2")
    assert ("parameter", "fit", "steps") not in found
    assert {what for kind, stage, what in found if kind == "artefact"} == {"weights.npy", "log.jsonl", "figures.json"}
    slope = next(one for one in document["figures"] if one["figure"] == "slope")
    assert slope["change"] == slope["right"] - slope["left"] != 0
    text = run("train", "compare", "line", "other").out
    assert "figures/figures.json: slope" in text
    assert text.endswith("1 artefact the same\n")


def test_a_run_differs_in_nothing_from_itself(made: Path, run: Run) -> None:
    assert run("train", "compare", "line", str(made)).out == "the runs differ in nothing: 4 artefacts the same\n"


def test_other_data_and_licences_are_named(work: Path, made: Path, recipes: Path, run: Run) -> None:
    change(recipes / "line.yaml", "CC BY-NC 4.0", "research")
    (work / "data" / "points" / "points.tsv").write_text("0\t1\n1\t3\n", encoding="utf-8")
    run("train", "run", "line", "--data-dir", "data", "--out", "other")
    found = {
        one["what"]: one for one in run("train", "compare", "line", "other", "--json").document["differences"] if one["kind"] == "data"
    }
    assert found["points: points.tsv"]["right"].endswith("(8 bytes)")
    assert (found["judged: licence"]["left"], found["judged: licence"]["right"]) == ("CC BY-NC 4.0", "research")


def test_a_card_says_what_was_made_from_what_with_hashes_figures_and_a_curve(made: Path, run: Run) -> None:
    ran = run("train", "card", "line")
    assert ran.out.splitlines() == [str(made / "MODEL_CARD.md"), str(made / "MODEL_CARD-fit-loss.svg")]
    card = (made / "MODEL_CARD.md").read_text(encoding="utf-8")
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert card.startswith("# line\n\nFits a line.\n\n> **Ships; only measured on: judged.**\n")
    assert "| judged | CC BY-NC 4.0 | 'CC BY-NC 4.0' is for non-commercial use | only measured on | 1 |" in card
    assert all(file["sha256"] in card for stage in manifest["stages"].values() for file in stage["files"])
    assert "| fit/log.jsonl | " in card
    assert " | 300 | " in card
    assert "| test.n | 12 |" in card
    assert "all.3" not in card
    assert "![MODEL_CARD-fit-loss](MODEL_CARD-fit-loss.svg)" in card
    assert "| fit | off | 1 | 1 | 0 | 0 |" in card
    assert "numpy " in card
    assert RECIPE.rstrip() in card
    assert (made / "MODEL_CARD-fit-loss.svg").read_text(encoding="utf-8").startswith("<svg")
    assert run("train", "verify", "line").status == 0


def test_what_must_not_be_shipped_is_marked_in_list_card_and_manifest(made: Path, recipes: Path, run: Run) -> None:
    change(recipes / "line.yaml", "ships: true", "ships: false")
    run("train", "run", "line", "--data-dir", "data")
    run("train", "card", "line", "--out", "cards/line.md")
    card = Path("cards/line.md").read_text(encoding="utf-8")
    assert "> **Measures only, not to be shipped: judged: 'CC BY-NC 4.0' is for non-commercial use.**" in card
    assert json.loads((made / "manifest.json").read_text(encoding="utf-8"))["ships"] is False
    listed = {one["name"]: one for one in run("train", "list", "--json").document["recipes"]}
    assert (listed["line"]["ships"], listed["extractor-shipped"]["ships"]) == (False, True)
    assert listed["line"]["shipping"].startswith("measures only, not to be shipped")


def test_a_recipe_that_ships_what_it_learns_from_forbidden_data_is_refused_before_anything_is_made(
    work: Path, recipes: Path, run: Run
) -> None:
    change(recipes / "line.yaml", "    measured: [judged]\n", "")
    ran = run("train", "run", "line", "--data-dir", "data")
    assert ran.status == 1
    assert "line.yaml:8: this recipe ships what it makes, and stage 'figures' learns from 'judged'" in ran.err
    assert "measured: [judged]" in ran.err
    assert not (work / ".tadarag" / "train").exists()


def test_a_run_that_was_changed_by_hand_gets_no_card(made: Path, run: Run) -> None:
    (made / "figures" / "figures.json").write_text("{}", encoding="utf-8")
    ran = run("train", "card", "line")
    assert ran.status == 1
    assert "a card would state what is not so: figures/figures.json has 2 bytes" in ran.err
    assert not (made / "MODEL_CARD.md").exists()


def test_the_monitor_shows_events_and_the_tensors_that_decayed_longest(work: Path, made: Path, run: Run) -> None:
    ran = run("train", "monitor", "line", "--top", "1", "--plot", "pictures/line.svg")
    lines = ran.out.splitlines()
    assert lines[0] == "fit: 1 decay, 1 warning; guard off, beta2 0.95"
    assert lines[2].split() == ["25", "warning", "loss", "0.9", "0.8"]
    assert lines[3] == "and 1 event more: --top 2"
    assert lines[4] == "at step 30 the run went back to the weights of step 10"
    assert lines[6].split() == ["b", "90", "90", "-"]
    assert lines[-1] == "drawn: pictures/line.svg"
    assert "margin to the limit" in (work / "pictures" / "line.svg").read_text(encoding="utf-8")
    [stage] = run("train", "monitor", "line", "--json").document["stages"]
    assert [tensor["name"] for tensor in stage["tensors"]] == ["b", "a"]
    assert stage["counts"] == {"decay": 1, "warning": 1, "alarm": 0, "spike": 0}


def test_the_monitor_also_shows_a_stage_that_is_not_finished(work: Path, made: Path, run: Run) -> None:
    (work / "begun" / ".unfinished" / "fit").mkdir(parents=True)
    (made / "fit" / "spikes.jsonl").rename(work / "begun" / ".unfinished" / "fit" / "spikes.jsonl")
    assert run("train", "monitor", "begun").out.startswith("fit (not finished): 1 decay, 1 warning")


def test_the_monitor_says_what_to_do_where_no_stage_has_a_log(made: Path, run: Run) -> None:
    (made / "fit" / "spikes.jsonl").unlink()
    ran = run("train", "monitor", "line", "--plot", "line.svg")
    assert ran.status == 0
    assert ran.out.startswith(f"no stage of {made} has a log of the spike monitor (spikes.jsonl)\n")
    assert not Path("line.svg").exists()
    assert run("train", "monitor", "none").status == 2


def test_the_manifest_says_packages_memory_and_records_and_which_run_made_the_data(work: Path, made: Path, recipes: Path, run: Run) -> None:
    fit = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["stages"]["fit"]
    assert fit["packages"]["numpy"]
    assert fit["peak_bytes"] > 10_000_000
    assert fit["records"] == {"log.jsonl": 300, "spikes.jsonl": 6}
    change(recipes / "line.yaml", "folder: judged", "folder: .tadarag/train/line/fit, files: ['*.npy']")
    text = (recipes / "line.yaml").read_text(encoding="utf-8")
    (recipes / "later.yaml").write_text(
        text[: text.index("stages:")].replace("name: line", "name: later").replace("folder: points,", "folder: data/points,")
        + "stages:\n  - {name: fit, run: 'line_stages:fit', inputs: [points], parameters: {steps: 1, adam: {rate: 0.1}}}\n",
        encoding="utf-8",
    )
    assert run("train", "run", "later", "--data-dir", ".").status == 0
    parent = json.loads((made.parent / "later" / "manifest.json").read_text(encoding="utf-8"))["data"]["judged"]["parent"]
    assert (parent["recipe"], parent["stage"], parent["ships"]) == ("line", "fit", True)


def test_a_profile_is_listed_with_its_minutes_and_run_into_a_folder_of_its_own(work: Path, recipes: Path, run: Run) -> None:
    with (recipes / "line.yaml").open("a", encoding="utf-8") as file:
        file.write("profiles:\n  short: {fit: {parameters: {steps: 20}, minutes: 0.1}}\n")
    [listed] = [one for one in run("train", "list", "--json").document["recipes"] if one["name"] == "line"]
    assert listed["profiles"] == {"short": 0.2}
    assert "short (0.2)" in run("train", "list").out
    ran = run("train", "run", "line", "--profile", "short", "--data-dir", "data", "--json")
    assert (ran.status, ran.document["profile"], ran.document["ships"]) == (0, "short", False)
    folder = work / ".tadarag" / "train" / "line-short"
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["stages"]["fit"]["parameters"]["steps"] == 20
    assert run("train", "verify", "line-short").status == 0
    assert run("train", "repeat", "line-short", "--data-dir", "data").status == 0
    unknown = run("train", "run", "line", "--profile", "shrt", "--data-dir", "data")
    assert unknown.status == 2
    assert "did you mean 'short'?" in unknown.err
