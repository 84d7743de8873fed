"""The clipped policy loss over tokens, L = -min(rho A, clip(rho) A) + beta k3, and how tokens are brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.array_module import array_module

AGGREGATIONS = ("dapo", "dr_grpo", "grpo")
LEVELS = ("sequence", "token")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipSettings:
    """How the loss is formed; defaults of training.md section 5.

    low, high: the ratio is clipped to [1 - low, 1 + high]. beta: weight of the divergence k3 from a reference. level: one ratio a token, or one
    a sequence (GSPO). aggregation: see `aggregate`. max_length: tokens, read by dr_grpo alone.
    """

    low: float = 0.2
    high: float = 0.28
    beta: float = 0.0
    level: str = "token"
    aggregation: str = "dapo"
    max_length: int = 0

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise TrainingError(f"there is no level {self.level!r} of the ratio", f"choose one of: {', '.join(LEVELS)}")
        if self.aggregation not in AGGREGATIONS:
            raise TrainingError(f"there is no aggregation {self.aggregation!r}", f"choose one of: {', '.join(AGGREGATIONS)}")
        if not 0 <= self.low < 1 or self.high < 0:
            raise TrainingError(f"the ratio cannot be clipped to [1 - {self.low}, 1 + {self.high}]", "give 0 <= low < 1 and high >= 0")
        if self.aggregation == "dr_grpo" and self.max_length < 1:
            raise TrainingError("dr_grpo divides by the longest length that is allowed, and none was given", "set max_length")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBatch:
    """The sampled tokens of a batch, numpy or torch throughout.

    logp, logp_old: float[G, T], log-probabilities under the policy and under the one that sampled. mask: float[G, T], 1 at tokens and 0 at
    padding; every row has a token. advantages: float[G]. logp_ref: float[G, T], needed when beta is not 0.
    """

    logp: Any
    logp_old: Any
    mask: Any
    advantages: Any
    logp_ref: Any = None


def token_ratio(logp: Any, logp_old: Any) -> Any:
    """rho = exp(logp - logp_old), element by element."""
    return array_module(logp).exp(logp - logp_old)


def sequence_ratio(logp: Any, logp_old: Any, mask: Any) -> Any:
    """GSPO's ratio, exp of the mean of logp - logp_old over a sample's tokens: float[G, T] three times -> float[G, 1]."""
    mean = ((logp - logp_old) * mask).sum(axis=-1, keepdims=True) / mask.sum(axis=-1, keepdims=True)
    return array_module(logp).exp(mean)


def clipped_objective(ratio: Any, advantage: Any, *, low: float = 0.2, high: float = 0.28) -> Any:
    """min(rho A, clip(rho, 1 - low, 1 + high) A), element by element; larger is better."""
    return array_module(ratio).minimum(ratio * advantage, ratio.clip(1 - low, 1 + high) * advantage)


def k3_divergence(logp: Any, logp_ref: Any) -> Any:
    """exp(u) - u - 1 with u = logp_ref - logp, never negative; its mean under the policy is the divergence from the reference.

    Source: Schulman, Approximating KL Divergence, 2020.
    """
    u = logp_ref - logp
    return array_module(u).exp(u) - u - 1


def clipped_loss(batch: TokenBatch, settings: ClipSettings) -> Any:
    """The loss of the batch, one number; on torch it can be differentiated. Raises TrainingError when beta needs a reference that is missing."""
    losses = -clipped_objective(_ratio(batch, settings), batch.advantages[:, None], low=settings.low, high=settings.high)
    losses = losses + batch.mask * 0  # a ratio of sequences is one column: give it one a token
    if settings.beta:
        losses = losses + settings.beta * k3_divergence(batch.logp, _reference(batch))
    return aggregate(losses, batch.mask, settings)


def clipped_loss_slope(batch: TokenBatch, settings: ClipSettings) -> Any:
    """d loss / d logp, float[G, T], exact where the loss is smooth; where the clip binds the ratio has no slope."""
    ratio, advantage = _ratio(batch, settings), batch.advantages[:, None]
    is_free = ratio * advantage <= ratio.clip(1 - settings.low, 1 + settings.high) * advantage
    share = _token_shares(batch.mask, settings)
    slope = -(ratio * advantage) * is_free * share
    if settings.level == "sequence":
        slope = slope.sum(axis=-1, keepdims=True) * batch.mask / batch.mask.sum(axis=-1, keepdims=True)
    if settings.beta:
        slope = slope + settings.beta * (1 - array_module(ratio).exp(_reference(batch) - batch.logp)) * share
    return slope


def aggregate(losses: Any, mask: Any, settings: ClipSettings) -> Any:
    """Bring token losses float[G, T] together into one number.

    grpo: mean of the samples' means. dapo: mean over all tokens of the batch. dr_grpo: sum / (G * max_length).
    """
    return (losses * _token_shares(mask, settings)).sum()


def clip_shares(batch: TokenBatch, settings: ClipSettings) -> tuple[float, float]:
    """Shares of the tokens at which the clip binds: below (rho under 1 - low, advantage negative), above (rho over 1 + high, positive)."""
    ratio, advantage = _ratio(batch, settings), batch.advantages[:, None]
    n_tokens = float(batch.mask.sum())
    low = float((((ratio < 1 - settings.low) & (advantage < 0)) * batch.mask).sum())
    high = float((((ratio > 1 + settings.high) & (advantage > 0)) * batch.mask).sum())
    return low / n_tokens, high / n_tokens


def _ratio(batch: TokenBatch, settings: ClipSettings) -> Any:
    if settings.level == "sequence":
        return sequence_ratio(batch.logp, batch.logp_old, batch.mask)
    return token_ratio(batch.logp, batch.logp_old)


def _reference(batch: TokenBatch) -> Any:
    if batch.logp_ref is None:
        raise TrainingError("beta is not 0, but there are no log-probabilities of a reference", "give logp_ref, or set beta to 0")
    return batch.logp_ref


def _token_shares(mask: Any, settings: ClipSettings) -> Any:
    """What each token weighs in the aggregated loss: float[G, T]."""
    if settings.aggregation == "dapo":
        return mask / mask.sum()
    if settings.aggregation == "grpo":
        return mask / mask.sum(axis=-1, keepdims=True) / mask.shape[0]
    return mask / (mask.shape[0] * settings.max_length)
