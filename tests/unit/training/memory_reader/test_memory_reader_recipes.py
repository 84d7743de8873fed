"""The recipes that tune a MemReader say what their stages understand; where the extra is installed, the smallest runs from end to end."""

from __future__ import annotations

import json

import pytest

from tadarag.training.causal.profiles import profile
from tadarag.training.memory_reader.memory_profiles import MEMORY_PROFILES
from tadarag.training.memory_reader.memory_terms import MEMORY_TERMS
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import find_recipe, read_recipe, with_profile

OWN = ("profile", "threads", "thinking", "weights", "needs_spread")


@pytest.mark.parametrize("name", ["memory-reader-smoke", "memory-reader"])
def test_every_stage_states_a_profile_that_there_is(name):
    trained = [stage for stage in read_recipe(find_recipe(name)).stages if "profile" in stage.parameters]
    assert {stage.run.partition(":")[2] for stage in trained} == {"teach_memories", "reinforce_memories"}
    for stage in trained:
        parts = {key: value for key, value in stage.parameters.items() if key not in OWN}
        assert profile(stage.parameters["profile"], parts, known=MEMORY_PROFILES)


def test_the_usual_profile_is_where_the_specification_starts():
    usual = MEMORY_PROFILES["memory"]
    assert (usual.lora.rank, usual.stage_one.learning_rate, usual.stage_one.epochs, usual.stage_one.max_tokens) == (16, 1e-4, 2, 4096)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The smallest recipe with the fewest documents and steps that it states."""
    for name in ("torch", "transformers", "trl", "peft"):
        pytest.importorskip(name, reason="the extra `train-lm` is not installed")
    folder = tmp_path_factory.mktemp("run")
    run_recipe(with_profile(read_recipe(find_recipe("memory-reader-smoke")), "short"), RunOptions(out=folder))
    return folder


def test_the_smallest_recipe_leaves_logs_curves_and_a_model_after_each_training(run):
    for stage in ("taught", "reinforced"):
        for file in ("log.jsonl", "spikes.jsonl", "curve-loss.svg", "model.safetensors", "mem_reader.json"):
            assert (run / stage / file).is_file()
    first, *_, last = (json.loads(line)["loss"] for line in (run / "taught" / "log.jsonl").read_text("utf-8").splitlines())
    assert last < first


def test_every_reward_term_is_logged_by_its_name(run):
    [row, *_] = (json.loads(line) for line in (run / "reinforced" / "log.jsonl").read_text("utf-8").splitlines())
    assert {f"rewards/{name}/mean" for name in ("gate", *MEMORY_TERMS)} <= set(row)


def test_what_each_model_writes_on_held_out_parts_is_scored(run):
    figures = json.loads((run / "measured" / "figures.json").read_text("utf-8"))
    assert list(figures) == ["reinforced", "start", "taught"]
    assert all(one["parts"] == 2 and 0 <= one["kept_clarity"] <= 1 for one in figures.values())
    rows = [json.loads(line) for line in (run / "measured" / "readings.jsonl").read_text("utf-8").splitlines()]
    assert [row["model"] for row in rows] == [name for name in ("start", "taught", "reinforced") for _ in range(2)]


def test_a_folder_that_the_recipe_left_is_a_builder_of_memories(run):
    from mom.tuned_reader import load_mem_reader
    from tadarag.training.memory_reader.tiny_documents import make_documents

    [document] = make_documents(1, seed=99)
    memory = load_mem_reader(run / "reinforced").build(document.text)
    assert "".join(item.span.of(document.text) for item in memory.items) == document.text
