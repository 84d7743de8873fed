"""What the full stage 2 can be told, each with the value that the specification decides on (tadarag.md sections 3, 6.2 and 7)."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.errors import TrainingError
from tadarag.nearest import nearest
from tadarag.training.reinforcement.advantages import ESTIMATORS
from tadarag.training.reinforcement.gated_mixture import GATES, MIXES
from tadarag.training.reinforcement.graph_gain import REDUCTIONS

READERS = ("frozen", "policy")
REWARDS = ("f10", "gain")
LOSSES = ("graph", "mix")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTwoSettings:
    """One run of stage 2.

    n_graphs: p. temperature, max_graph_tokens: how graphs are drawn. alpha, beta: weights of F7; beta 0 is the control without reward.
    estimator: how rewards become advantages. reduce: log pi of a graph is the mean over its tokens, or the sum. graph_loss: L_graph of F7 is
    that of the mixed prediction, or of the one behind the graph alone. reward: `gain`, L_base - L_graph, or the whole of F10. reward_on: the
    L_graph of the reward is the graph's alone, or the mix's (as in Quiet-STaR). reader: who says these losses, a frozen copy or the policy
    itself (as published). gate, mix, fixed_gate: the gated prediction. gate_rate: learning rate of the gate. marker_gradients: factor on the
    gradients of the markers' embedding rows.
    """

    steps: int
    batch_size: int = 8
    n_graphs: int = 3
    temperature: float = 0.6
    max_graph_tokens: int = 200
    alpha: float = 0.5
    beta: float = 0.1
    estimator: str = "rloo"
    reduce: str = "mean"
    graph_loss: str = "mix"
    reward: str = "gain"
    reward_on: str = "graph"
    reader: str = "frozen"
    gate: str = "sigmoid"
    mix: str = "logits"
    fixed_gate: float = 0.5
    learning_rate: float = 5e-7
    gate_rate: float = 1e-3
    weight_decay: float = 0.001
    clip: float = 1.0
    beta2: float = 0.95
    marker_gradients: float = 1.0

    def __post_init__(self) -> None:
        named = (
            ("estimator", self.estimator, tuple(sorted(ESTIMATORS))),
            ("reduce", self.reduce, REDUCTIONS),
            ("graph_loss", self.graph_loss, LOSSES),
            ("reward", self.reward, REWARDS),
            ("reward_on", self.reward_on, LOSSES),
            ("reader", self.reader, READERS),
            ("gate", self.gate, GATES),
            ("mix", self.mix, MIXES),
        )
        for key, value, known in named:
            if value not in known:
                raise TrainingError(f"there is no {key} {value!r}", nearest(str(value), known))
        if self.steps < 1 or self.batch_size < 1 or self.max_graph_tokens < 1:
            raise TrainingError("steps, batch_size and max_graph_tokens must be at least 1", "correct the recipe's parameters")
        if self.n_graphs < 2:
            raise TrainingError(
                f"the estimator {self.estimator} compares graphs of one item, and n_graphs is {self.n_graphs}", "give 2 or more"
            )
        if not 0 <= self.alpha <= 1 or self.beta < 0 or not self.temperature > 0:
            raise TrainingError("alpha must be in [0, 1], beta not below 0, the temperature above 0", "correct the recipe's parameters")
        if not self.learning_rate > 0 or not 0 <= self.beta2 < 1 or not self.clip > 0:
            raise TrainingError("learning_rate and clip must be above 0, beta2 in [0, 1)", "correct the recipe's parameters")
        if self.reward_on == "mix" and self.reader == "frozen":
            raise TrainingError(
                "the mixed prediction is the policy's, and the reader is a frozen copy", "set reader: policy, or reward_on: graph"
            )
