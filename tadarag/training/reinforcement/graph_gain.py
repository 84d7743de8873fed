"""What a graph is worth to an answerer: the likelihood of the gold answer with it and without it (tadarag.md, F1, F2, F5, F6).

Formulas here take numpy arrays and torch tensors alike.
"""

from __future__ import annotations

from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.advantages import advantages

REDUCTIONS = ("mean", "sum")


def answer_nll(log_probabilities: Any, mask: Any = None, *, reduce: str = "mean") -> Any:
    """F1 and F2, -log P of the gold answer: float[..., n] over its tokens -> float[...], in nats (a token, if mean).

    mask: float[..., n], 1 at answer tokens and 0 at padding; all tokens count without it. Raises TrainingError for an unknown reduction.
    """
    if reduce not in REDUCTIONS:
        raise TrainingError(f"there is no reduction {reduce!r}", f"choose one of: {', '.join(REDUCTIONS)}")
    weights = log_probabilities * 0 + 1 if mask is None else mask
    total = -(log_probabilities * weights).sum(axis=-1)
    return total if reduce == "sum" else total / weights.sum(axis=-1)


def graph_gains(nll_base: Any, nll_graph: Any) -> Any:
    """d = L_base - L_graph: base float[...] and graphs float[..., p] -> float[..., p]; above 0 the graph helps."""
    return nll_base[..., None] - nll_graph


def published_reward(gains: Any) -> Any:
    """F5 with one clamp, max(0, d - mean d): float[..., p]. L_base cancels, so the best of p harmful graphs is rewarded."""
    return advantages(gains, estimator="reinforce")


def guarded_reward(gains: Any) -> Any:
    """min(max(0, d - mean d), max(0, d)): nothing for a graph that is worse than none."""
    return advantages(gains, estimator="reinforce_guarded")


def double_clamped_reward(gains: Any) -> Any:
    """max(0, max(0, d) - mean of max(0, d)): the other reading of F5, kept for comparison only."""
    return advantages(gains.clip(min=0), estimator="reinforce")


def reinforce_terms(rewards: Any, log_policy: Any) -> Any:
    """F6, -R log pi of each graph: float[..., p] twice -> float[..., p]. Rewards are constants: hand them over detached."""
    return -rewards * log_policy
