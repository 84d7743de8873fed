"""Profiles hold the published settings and ours, refuse what cannot be, and reach trl under the names that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tadarag.errors import TrainingError
from tadarag.training.causal.profiles import PROFILES, Lora, profile
from tadarag.training.causal.rates import rate_share
from tadarag.training.causal.trl_options import grpo_options, lora_options, sft_options

HERE = Path("out")


def test_the_published_settings_are_in_paper_7b():
    paper = profile("paper_7b")
    one, two = paper.stage_one, paper.stage_two
    assert (one.epochs, one.learning_rate, one.schedule, one.max_tokens, one.batch_size, one.accumulation) == (
        5,
        5e-5,
        "cosine",
        20480,
        1,
        8,
    )
    assert (two.n_graphs, two.max_graph_tokens, two.temperature) == (3, 2048, 0.6)
    assert (two.learning_rate, two.weight_decay, two.clip, two.estimator, two.reader) == (5e-7, 0.001, 1.0, "reinforce", "policy")
    assert (two.alpha, two.beta, two.gate, two.mix) == (0.5, 0.1, "sigmoid", "logits")
    assert (paper.stage_two_epochs, paper.warm_steps, paper.seed, paper.bf16) == (3, 20, 42, True)
    assert paper.lora == Lora(rank=16, alpha=32, dropout=0.05)
    assert any(name.startswith("Mistral-7B") for name in paper.backbones)


def test_settings_of_a_part_go_before_those_of_the_profile_and_leave_it_as_it_is():
    changed = profile("paper_7b", {"stage_two": {"beta": 1.0, "estimator": "grpo"}})
    assert (changed.stage_two.beta, changed.stage_two.estimator, changed.stage_two.n_graphs) == (1.0, "grpo", 3)
    assert profile("paper_7b").stage_two.beta == 0.1


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"stage_tow": {}}, "stage_tow"),
        ({"stage_two": {"betta": 1}}, "betta"),
        ({"stage_two": {"estimator": "ppo"}}, "ppo"),
        ({"stage_two": {"n_graphs": 1}}, "n_graphs"),
        ({"stage_two": {"reward_on": "mix", "reader": "frozen"}}, "mixed prediction"),
        ({"stage_two": {"temperature": 0}}, "temperature"),
        ({"stage_one": {"epochs": 0}}, "epochs"),
        ({"stage_one": {"schedule": "steep"}}, "steep"),
        ({"grpo": {"n_graphs": 1}}, "n_graphs"),
        ({"grpo": {"loss_type": "other"}}, "other"),
        ({"lora": {"rank": 0}}, "rank"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(overrides, named):
    with pytest.raises(TrainingError) as caught:
        profile("paper_7b", overrides)
    assert named in caught.value.happened


def test_an_unknown_profile_names_the_nearest():
    with pytest.raises(TrainingError) as caught:
        profile("paper_8b")
    assert "paper_7b" in caught.value.do


def test_training_md_section_5_under_the_names_of_trl():
    options = grpo_options(profile("paper_7b"), HERE, seed=1, device="cuda", reward_weights=[1.0])
    wanted = {
        "num_generations": 8,
        "beta": 0.0,
        "epsilon": 0.2,
        "epsilon_high": 0.28,
        "scale_rewards": "group",
        "loss_type": "dapo",
        "importance_sampling_level": "token",
        "num_iterations": 1,
        "mask_truncated_completions": True,
        "temperature": 1.0,
        "max_completion_length": 2048,
        "learning_rate": 1e-6,
        "max_grad_norm": 1.0,
        "adam_beta2": 0.95,
        "adam_epsilon": 1e-8,
        "bf16": True,
        "reward_weights": [1.0],
    }
    assert {name: options[name] for name in wanted} == wanted
    assert options["per_device_train_batch_size"] % options["num_generations"] == 0


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_on_a_cpu_nothing_asks_for_bf16(name):
    options = [sft_options(profile(name), HERE, seed=1, device="cpu")]
    options.append(grpo_options(profile(name), HERE, seed=1, device="cpu", reward_weights=[1.0]))
    assert [(one["bf16"], one["use_cpu"], one["report_to"]) for one in options] == [(False, True, [])] * 2


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_trl_and_peft_take_every_option_and_keep_its_value(name, tmp_path):
    trl = pytest.importorskip("trl", reason="the extra `train` is not installed")
    peft = pytest.importorskip("peft", reason="the extra `train` is not installed")
    chosen = profile(name)
    sft = sft_options(chosen, tmp_path, seed=1, device="cpu")
    grpo = grpo_options(chosen, tmp_path, seed=1, device="cpu", reward_weights=[1.0])
    for made, options in ((trl.SFTConfig(**sft), sft), (trl.GRPOConfig(**grpo), grpo)):
        kept = {key: getattr(made, key) for key in options}
        assert {key: value for key, value in kept.items() if value != options[key] and key != "lr_scheduler_type"} == {}
    adapters = peft.LoraConfig(**lora_options(Lora()))
    assert (adapters.r, adapters.lora_alpha, adapters.lora_dropout) == (16, 32, 0.05)


def test_the_rate_rises_then_falls_to_a_tenth():
    shares = [rate_share(step, 100) for step in range(100)]
    assert shares[0] == pytest.approx(1 / 3)
    assert max(shares) == 1.0
    assert shares[3:] == sorted(shares[3:], reverse=True)
    assert shares[-1] == pytest.approx(0.1, abs=1e-3)
