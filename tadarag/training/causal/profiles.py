"""Profiles of policy B: every setting of both stages as one checked value, among them those that were published.

`paper_7b` holds the published settings (tadarag.md section 3) and, where notes and scripts are silent, our decisions (section 7): alpha, beta, the
gate and the low-rank adapters. `small` is for a model of about 100 M parameters on a CPU. `tiny` is for random models in tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.causal.stage_two_settings import StageTwoSettings

SCHEDULES = ("constant", "cosine", "linear")
AGGREGATIONS = ("dapo", "dr_grpo", "grpo")
SCALES = ("batch", "group", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """Low-rank adapters on all linear layers; no published figure is known."""

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05

    def __post_init__(self) -> None:
        if self.rank < 1 or self.alpha < 1 or not 0 <= self.dropout < 1:
            raise TrainingError("rank and alpha of the adapters must be 1 at least, dropout in [0, 1)", "correct the profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOneSettings:
    """Supervised learning from the teacher's graphs. max_tokens: of prompt, graph and answer. epochs 0: `steps` says how long."""

    epochs: int
    learning_rate: float
    max_tokens: int
    steps: int = 0
    schedule: str = "cosine"
    batch_size: int = 1
    accumulation: int = 8
    warm_share: float = 0.03

    def __post_init__(self) -> None:
        if (self.epochs < 1) == (self.steps < 1):
            raise TrainingError("a stage lasts for epochs or for steps", "set one of them and leave the other 0")
        _check_positive(self, ("learning_rate", "max_tokens", "batch_size", "accumulation"))
        _check_known("schedule", self.schedule, SCHEDULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpoSettings:
    """Reinforcement by trl's GRPO trainer with our reward terms (training.md section 5)."""

    steps: int
    learning_rate: float
    max_tokens: int
    n_graphs: int = 8
    prompts_per_step: int = 1
    temperature: float = 1.0
    beta: float = 0.0
    epsilon: float = 0.2
    epsilon_high: float = 0.28
    scale_rewards: str = "group"
    loss_type: str = "dapo"
    beta2: float = 0.95
    clip: float = 1.0
    warm_share: float = 0.03

    def __post_init__(self) -> None:
        _check_positive(self, ("steps", "learning_rate", "max_tokens", "prompts_per_step", "temperature", "clip"))
        if self.n_graphs < 2:
            raise TrainingError(f"GRPO compares graphs of one item, and n_graphs is {self.n_graphs}", "give 2 or more")
        if self.beta < 0 or not 0 <= self.epsilon < 1 or self.epsilon_high < self.epsilon:
            raise TrainingError("beta must not be negative, and 0 <= epsilon < 1, epsilon <= epsilon_high", "correct the profile")
        _check_known("scale_rewards", self.scale_rewards, SCALES)
        _check_known("loss_type", self.loss_type, AGGREGATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All of policy B. backbones: names of models that it was published with, () for any. bf16 is used on a GPU alone. stage_two_epochs: as
    published; a run of the full stage 2 states its steps. instruction: what the model is told before source and question."""

    name: str
    stage_one: StageOneSettings
    grpo: GrpoSettings
    stage_two: StageTwoSettings
    lora: Lora | None = Lora()
    backbones: tuple[str, ...] = ()
    bf16: bool = False
    stage_two_epochs: int = 3
    warm_steps: int = 0
    seed: int = 42
    instruction: str = ""


def profile(name: str, overrides: Mapping[str, Any] | None = None, *, known: Mapping[str, Profile] | None = None) -> Profile:
    """A profile by its name, with settings of its parts in the place of its own: {"stage_two": {"beta": 1.0}}.

    known: the profiles to choose from, by default those of policy B. Raises TrainingError for an unknown profile, part or setting, and for a
    value that the part refuses.
    """
    profiles = PROFILES if known is None else known
    if name not in profiles:
        raise TrainingError(f"there is no profile {name!r}", nearest(name, profiles))
    found = profiles[name]
    for part, values in (overrides or {}).items():
        if part not in _PARTS or getattr(found, part) is None or not isinstance(values, Mapping):
            raise TrainingError(f"a profile has no part {part!r} with settings", nearest(part, _PARTS))
        settings = type(getattr(found, part)).__slots__
        unknown = sorted(set(values) - set(settings))
        if unknown:
            raise TrainingError(f"{part} has no setting {unknown[0]!r}", nearest(unknown[0], settings))
        found = replace(found, **{part: replace(getattr(found, part), **values)})
    return found


def _check_positive(value: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if not getattr(value, name) > 0:
            raise TrainingError(f"{name} is {getattr(value, name)}", "give it a value above zero")


def _check_known(key: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise TrainingError(f"there is no {key} {value!r}", nearest(value, known))


_PARTS = ("stage_one", "grpo", "stage_two", "lora")
_LIST_FACTS = "List the facts of the text that help to answer the question, as tuples, and then answer it."

PROFILES: Mapping[str, Profile] = {
    "paper_7b": Profile(
        name="paper_7b",
        backbones=("Mistral-7B-Instruct", "Qwen2.5-7B-Instruct", "Qwen2.5-14B-Instruct"),
        stage_one=StageOneSettings(epochs=5, learning_rate=5e-5, schedule="cosine", max_tokens=20480, batch_size=1, accumulation=8),
        grpo=GrpoSettings(steps=200, learning_rate=1e-6, max_tokens=2048, n_graphs=8),
        stage_two=StageTwoSettings(
            steps=9000,  # 3 epochs of the 3,000 training items of NowNewsQA, one item a step
            batch_size=1,
            n_graphs=3,
            temperature=0.6,
            max_graph_tokens=2048,
            alpha=0.5,
            beta=0.1,
            estimator="reinforce",
            reader="policy",
            learning_rate=5e-7,
            weight_decay=0.001,
            clip=1.0,
            beta2=0.999,
        ),
        bf16=True,
        stage_two_epochs=3,
        warm_steps=20,
        seed=42,
        instruction=_LIST_FACTS,
    ),
    "small": Profile(
        name="small",
        stage_one=StageOneSettings(epochs=0, steps=3, learning_rate=2e-4, max_tokens=768, batch_size=1, accumulation=2),
        grpo=GrpoSettings(steps=2, learning_rate=1e-5, max_tokens=96, n_graphs=4),
        stage_two=StageTwoSettings(steps=2, batch_size=1, n_graphs=3, max_graph_tokens=96, learning_rate=1e-5, reward="f10"),
        instruction=_LIST_FACTS,
    ),
    "tiny": Profile(
        name="tiny",
        lora=None,
        stage_one=StageOneSettings(epochs=0, steps=60, learning_rate=4e-3, max_tokens=400, batch_size=8, accumulation=1),
        grpo=GrpoSettings(steps=3, learning_rate=1e-3, max_tokens=64, n_graphs=4, prompts_per_step=2),
        stage_two=StageTwoSettings(steps=3, batch_size=4, n_graphs=3, max_graph_tokens=64, learning_rate=1e-3, temperature=1.0),
    ),
}
"""Profiles by name."""
