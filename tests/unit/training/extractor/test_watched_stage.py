# ruff: noqa: E402  # torch is not installed everywhere
"""The stage that fits the extractor, watched: two runs leave the same files, one that was stopped too, and a recipe names the guard."""

import hashlib
import random

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tadarag.errors import TrainingError
from tadarag.training.extractor.stages import cache_states, fit
from tadarag.training.spikes.events import read_spikes
from tadarag.training.stage_run import StageRun

FILES = ("extractor.json", "log.jsonl", "spikes.jsonl", "weights.npz")
STEPS = 28


@pytest.fixture
def fit_in(tmp_path, toy_set, start):
    """fit_in(folder, report=, **parameters): the stage on the toy set, from the same untrained network each time; the folder of its files."""
    (tmp_path / "states").mkdir()
    inputs = {"toy": toy_set, "states": tmp_path / "states", "start": start}

    def run(name, parameters, report=lambda message: None):
        (tmp_path / name).mkdir(exist_ok=True)
        return StageRun(folder=tmp_path / name, inputs=inputs, parameters=parameters, seed=13, device="cpu", report=report)

    cache_states(run("states", {}))

    def fitted(name, *, report=lambda message: None, **parameters):
        given = run(name, {"steps": STEPS, "batch_pieces": 30, "threads": 1, **parameters}, report)
        fit(given)
        return given.folder

    return fitted


def hashes(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_two_runs_and_one_that_was_stopped_leave_the_same_files(fit_in, tmp_path):
    stop = random.Random(14).randrange(2, STEPS - 1)

    def stop_there(message):
        if message.startswith(f"checkpoint at step {stop} "):
            raise KeyboardInterrupt

    first, second = fit_in("first"), fit_in("second")
    with pytest.raises(KeyboardInterrupt):
        fit_in("third", report=stop_there, checkpoint_seconds=0)
    assert (tmp_path / "third/checkpoint.pt").is_file()
    told = []
    third = fit_in("third", report=told.append, checkpoint_seconds=0)
    assert f"going on from step {stop}" in told
    assert sorted(hashes(first)) == sorted(FILES)
    assert hashes(first) == hashes(second) == hashes(third)
    log = read_spikes(first / "spikes.jsonl")
    assert (log.settings["guard"], log.settings["n_steps"]) == ("off", STEPS)
    assert [row.step for row in log.rows if row.margin] == [1, 26]


def test_a_recipe_names_the_guard(fit_in):
    log = read_spikes(fit_in("guarded", spike_guard="scale", steps=2) / "spikes.jsonl")
    assert log.settings["guard"] == "scale"
    with pytest.raises(TrainingError, match="no spike_guard 'halt'"):
        fit_in("wrong", spike_guard="halt", steps=2)
