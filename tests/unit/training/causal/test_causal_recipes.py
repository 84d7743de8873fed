"""The recipes of policy B say what their stages understand; where the extra is installed, the smallest runs from end to end."""

from __future__ import annotations

import json

import pytest

from tadarag.training.causal.profiles import profile
from tadarag.training.recipe_run import RunOptions, run_recipe
from tadarag.training.recipes import find_recipe, read_recipe

TRL_RECIPES = ("tiny-lm-smoke", "causal-small-model")


@pytest.mark.parametrize("name", TRL_RECIPES)
def test_every_stage_states_a_profile_that_there_is(name):
    trained = [stage for stage in read_recipe(find_recipe(name)).stages if "profile" in stage.parameters]
    assert {stage.run.partition(":")[2] for stage in trained} == {"teach", "reinforce_by_grpo", "reinforce_in_full"}
    for stage in trained:
        parts = {key: value for key, value in stage.parameters.items() if key not in ("profile", "threads")}
        assert profile(stage.parameters["profile"], parts)


def test_the_world_recipe_is_understood():
    pytest.importorskip("transformers", reason="the extra `train` is not installed")
    from tadarag.training.causal.world_stage import world_settings

    [stage] = read_recipe(find_recipe("causal-tiny-world")).stages
    settings = world_settings({key: value for key, value in stage.parameters.items() if key not in ("threads", "with_control")})
    assert settings.stage_two.beta > 0
    assert settings.shape.most_needless > 0


def test_the_smallest_recipe_runs_every_part_from_end_to_end(tmp_path):
    for name in ("torch", "transformers", "trl", "peft"):
        pytest.importorskip(name, reason="the extra `train` is not installed")
    outcomes = run_recipe(read_recipe(find_recipe("tiny-lm-smoke")), RunOptions(out=tmp_path))
    assert [one.name for one in outcomes] == ["items", "start", "taught", "reinforced", "reinforced_in_full"]
    for stage in ("taught", "reinforced", "reinforced_in_full"):
        rows = [json.loads(line) for line in (tmp_path / stage / "log.jsonl").read_text("utf-8").splitlines()]
        assert all(isinstance(row["loss"], float) for row in rows)
        assert (tmp_path / stage / "spikes.jsonl").is_file()
        assert (tmp_path / stage / "curve-loss.svg").is_file()
        assert (tmp_path / stage / "model.safetensors").is_file()
    first, *_, last = (json.loads(line)["loss"] for line in (tmp_path / "taught" / "log.jsonl").read_text("utf-8").splitlines())
    assert last < first
