"""Both stages by trl's trainers: supervised learning and GRPO with our reward terms, with low-rank adapters where the profile has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from datasets import Dataset
from peft import LoraConfig
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

from tadarag.training.causal.frozen_reader import freeze
from tadarag.training.causal.graph_items import GraphItem, reward_columns
from tadarag.training.causal.graph_rewards import scoring_of
from tadarag.training.causal.markers import Markers
from tadarag.training.causal.profiles import Profile
from tadarag.training.causal.prompts import prompt_of
from tadarag.training.causal.reader_gain import gain_by_reader
from tadarag.training.causal.trl_options import grpo_options, lora_options, sft_options
from tadarag.training.rewards.gates import Scoring
from tadarag.training.rewards.parsing import START, STOP
from tadarag.training.rewards.trl_functions import RewardFunction, reward_functions, trl_weights
from tadarag.training.rewards.weighted import read_weights
from tadarag.training.spikes.callback import SpikeCallback


@dataclass(frozen=True, slots=True, kw_only=True)
class TrlRun:
    """A finished run: the model with its adapters merged, and what the trainer logged, a row a step.

    Times are left out, which differ from run to run; None stands for what no sample reached, or is no number.
    """

    model: Any
    rows: list[dict[str, float | None]]


def fit_by_sft(
    model: Any,
    tokenizer: Any,
    items: Sequence[GraphItem],
    profile: Profile,
    folder: Path,
    *,
    seed: int,
    device: str = "cpu",
) -> TrlRun:
    """Stage 1: the prompt is given; the graph between its markers, the answer and the end are learned. The spike log goes into the folder."""
    rows = {
        "prompt": [prompt_of(item, instruction=profile.instruction) for item in items],
        "completion": [f"{START}{item.graph}{STOP}{item.answer}" for item in items],
    }
    return teach_completions(model, tokenizer, rows, profile, folder, seed=seed, device=device)


def teach_completions(
    model: Any,
    tokenizer: Any,
    rows: Mapping[str, Sequence[str]],
    profile: Profile,
    folder: Path,
    *,
    seed: int,
    device: str = "cpu",
) -> TrlRun:
    """Supervised learning of texts: columns `prompt`, which is given, and `completion`, which is learned with the end behind it."""
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(**sft_options(profile, folder, seed=seed, device=device)),
        train_dataset=Dataset.from_dict(dict(rows)),
        processing_class=tokenizer,
        peft_config=_adapters(profile),
        callbacks=[SpikeCallback()],
    )
    return _finished(trainer, profile)


def fit_by_grpo(
    model: Any,
    tokenizer: Any,
    items: Sequence[GraphItem],
    profile: Profile,
    markers: Markers,
    folder: Path,
    *,
    seed: int,
    device: str = "cpu",
) -> TrlRun:
    """Stage 2 by GRPO: graphs are drawn behind the opening marker, up to the closing one, and every term of F10 is a reward of its own.

    The reader of `answer_gain` is a frozen copy of the model as it is given; raises TrainingError if it has changed in the end.
    """
    reader = freeze(model)
    weights = read_weights()
    gain_of = gain_by_reader(reader, tokenizer, markers, instruction=profile.instruction)
    base = scoring_of(weights)
    functions = reward_functions(Scoring(weights=weights, template_of=base.template_of, gain_of=gain_of))
    columns = {"prompt": [prompt_of(item, instruction=profile.instruction) + START for item in items], **reward_columns(items)}
    model.generation_config.eos_token_id = [markers.stop, tokenizer.eos_token_id]
    run = reinforce_completions(
        model, tokenizer, columns, (functions, trl_weights(functions, weights)), profile, folder, seed=seed, device=device
    )
    reader.check()
    return run


def reinforce_completions(
    model: Any,
    tokenizer: Any,
    columns: Mapping[str, Sequence[Any]],
    rewards: tuple[Sequence[RewardFunction], Sequence[float]],
    profile: Profile,
    folder: Path,
    *,
    seed: int,
    device: str = "cpu",
) -> TrlRun:
    """GRPO over texts: column `prompt`, and whatever the reward functions read besides. rewards: the functions and what each weighs."""
    functions, weights = rewards
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=list(functions),
        args=GRPOConfig(**grpo_options(profile, folder, seed=seed, device=device, reward_weights=list(weights))),
        train_dataset=Dataset.from_dict(dict(columns)),
        processing_class=tokenizer,
        peft_config=_adapters(profile),
        callbacks=[SpikeCallback()],
    )
    return _finished(trainer, profile)


def _adapters(profile: Profile) -> Any:
    """Adapters on all linear layers. The markers' rows stay as they began: peft's way to train single rows does not go with trl's fused head."""
    return LoraConfig(**lora_options(profile.lora)) if profile.lora is not None else None


def _finished(trainer: Any, profile: Profile) -> TrlRun:
    trainer.train()
    model = trainer.model if profile.lora is None else trainer.model.merge_and_unload()
    logged = [row for row in trainer.state.log_history if "train_runtime" not in row]
    return TrlRun(model=model, rows=[_row(row, step) for step, row in enumerate(logged, start=1)])


def _row(logged: Mapping[str, Any], step: int) -> dict[str, float | None]:
    kept = {name: value for name, value in logged.items() if "time" not in name and name != "epoch"}
    return {**{name: float(value) if value is not None and isfinite(value) else None for name, value in kept.items()}, "step": step}
