"""The gate between answering without a graph and with it, the mixed prediction, and the joint loss (tadarag.md, F3, F4, F7).

Formulas here take numpy arrays and torch tensors alike; a torch trainer puts its parameters into `GateWeights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.array_module import array_module
from tadarag.training.reinforcement.named_streams import named_stream

GATES = ("fixed", "raw", "sigmoid")
MIXES = ("loglik", "logits", "prob")
START_BIAS = -2.0
_TINY = 1e-37  # smaller than any share of a mixture that matters, and above the least float32


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWeights:
    """MLP3 of the gate, for hidden states of width h: hidden1 float[k, 2h], bias1 float[k], hidden2 float[l, k], bias2 float[l], last float[l].

    bias: added behind the last layer by the gate `sigmoid`; a number, or one element.
    """

    hidden1: Any
    bias1: Any
    hidden2: Any
    bias2: Any
    last: Any
    bias: Any = START_BIAS


def first_gate(width: int, *, seed: int) -> GateWeights:
    """A fresh gate in float64, 2h -> h -> h -> 1: the last layer is zero, so that w starts at sigmoid(-2) = 0.119 whatever it reads."""
    stream = named_stream(seed, "init", "gate")
    return GateWeights(
        hidden1=stream.uniform(-1, 1, (width, 2 * width)) / (2 * width) ** 0.5,
        bias1=np.zeros(width),
        hidden2=stream.uniform(-1, 1, (width, width)) / width**0.5,
        bias2=np.zeros(width),
        last=np.zeros(width),
    )


def gate_logit(states: Any, weights: GateWeights) -> Any:
    """MLP3(x), ReLU between its three linear layers, without the bias behind: float[..., 2h] -> float[...]."""
    hidden = (states @ weights.hidden1.T + weights.bias1).clip(min=0)
    hidden = (hidden @ weights.hidden2.T + weights.bias2).clip(min=0)
    return hidden @ weights.last


def gate_weight(states: Any, weights: GateWeights, *, gate: str = "sigmoid", fixed: float = 0.5) -> Any:
    """F3, the weight w of the prediction with a graph: float[..., 2h] (base states, then graph states) -> float[...].

    gate: `sigmoid` of logit and bias (ours), the `raw` logit (as in Quiet-STaR; may leave [0, 1]), or the constant `fixed`.
    Raises TrainingError for another name.
    """
    if gate not in GATES:
        raise TrainingError(f"there is no gate {gate!r}", f"choose one of: {', '.join(GATES)}")
    if gate == "fixed":
        return states[..., 0] * 0 + fixed
    logit = gate_logit(states, weights)
    return logit if gate == "raw" else _sigmoid(logit + weights.bias)


def mix_predictions(base_logits: Any, graph_logits: Any, weight: Any, *, mix: str = "logits") -> Any:
    """Log scores of the mixed next-token prediction: float[..., V] twice and w float[...] -> float[..., V].

    logits: log-softmax of w * graph + (1 - w) * base (the default; with a linear head the same as mixing hidden states).
    loglik: w log P_g + (1 - w) log P_b, as published (F4); not a distribution, the sum of its exp is at most 1 for w in [0, 1].
    prob: log(w P_g + (1 - w) P_b). Raises TrainingError for another name; ValueError for `prob` with w outside [0, 1].
    """
    if mix not in MIXES:
        raise TrainingError(f"there is no mix {mix!r}", f"choose one of: {', '.join(MIXES)}")
    w = weight[..., None]
    if mix == "logits":
        return log_softmax(w * graph_logits + (1 - w) * base_logits)
    base, graph = log_softmax(base_logits), log_softmax(graph_logits)
    if mix == "loglik":
        return w * graph + (1 - w) * base
    if bool((weight < 0).any()) or bool((weight > 1).any()):
        raise ValueError("probabilities are mixed with weights from 0 to 1; the raw gate has left them")
    library = array_module(base)
    return library.logaddexp(library.log(w.clip(min=_TINY)) + graph, library.log((1 - w).clip(min=_TINY)) + base)


def joint_loss(nll_base: Any, nll_graph: Any, policy_loss: Any, *, alpha: float = 0.5, beta: float = 0.1) -> Any:
    """F7, alpha L_base + (1 - alpha) L_graph + beta L_RF. nll_graph: mean over the graphs, of the mix or of the graph alone."""
    return alpha * nll_base + (1 - alpha) * nll_graph + beta * policy_loss


def log_softmax(logits: Any) -> Any:
    """log P over the last axis: float[..., V] -> float[..., V]."""
    library = array_module(logits)
    shifted = logits - library.amax(logits, axis=-1, keepdims=True)
    return shifted - library.log(library.exp(shifted).sum(axis=-1, keepdims=True))


def _sigmoid(logit: Any) -> Any:
    library = array_module(logit)
    return library.exp(-library.logaddexp(-logit, logit * 0))
