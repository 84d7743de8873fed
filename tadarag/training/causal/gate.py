"""The gate as a module of torch: the weights of `gated_mixture` as parameters, learned beside the language model (tadarag.md F3)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.gated_mixture import GATES, MIXES, START_BIAS, GateWeights, first_gate, gate_weight


class Gate(nn.Module):  # type: ignore[misc]
    """w of every answer token from the last hidden states of both runs. gate: sigmoid, raw or fixed. mix: logits, loglik or prob."""

    def __init__(self, width: int, *, seed: int, gate: str = "sigmoid", mix: str = "logits", fixed: float = 0.5) -> None:
        super().__init__()
        if gate not in GATES or mix not in MIXES:
            raise TrainingError(
                f"there is no gate {gate!r} or no mix {mix!r}", f"choose a gate of {', '.join(GATES)} and a mix of {', '.join(MIXES)}"
            )
        self.gate, self.mix, self.fixed = gate, mix, fixed
        first = first_gate(width, seed=seed)
        self.hidden1, self.bias1 = _parameter(first.hidden1), _parameter(first.bias1)
        self.hidden2, self.bias2 = _parameter(first.hidden2), _parameter(first.bias2)
        self.last, self.bias = _parameter(first.last), _parameter(np.array(START_BIAS))

    def forward(self, base_states: Tensor, graph_states: Tensor) -> Tensor:
        """float[..., h] twice, of the run without a graph and of the one behind it -> w, float[...]."""
        weights = GateWeights(
            hidden1=self.hidden1, bias1=self.bias1, hidden2=self.hidden2, bias2=self.bias2, last=self.last, bias=self.bias
        )
        states = torch.cat([base_states, graph_states], dim=-1).to(self.hidden1.dtype)
        found: Tensor = gate_weight(states, weights, gate=self.gate, fixed=self.fixed)
        return found


def _parameter(values: np.ndarray) -> nn.Parameter:
    return nn.Parameter(torch.tensor(values, dtype=torch.float32))
