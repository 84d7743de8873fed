"""Advantages: what a sample's reward is worth beside the rewards of its group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.array_module import array_module

GRPO_FLOOR = 1e-4  # added to the standard deviation, as in trainers of the trl family
MEMFACTORY_FLOOR = 1e-8
MEMFACTORY_FLAT = 1e-6  # a group whose sample standard deviation is below this is skipped
SCALES = ("group", "batch", "none")


def advantages(rewards: Any, *, estimator: str = "rloo", scale: str = "group", baseline: float | None = None) -> Any:
    """The advantage of every sample, in the shape and library of the rewards; no gradient is meant to flow through it.

    rewards: float[..., G], numpy or torch, the last axis a group of samples of one item.
    estimator: one of `ESTIMATORS`, with d a reward, m its group's mean and s its group's sample standard deviation (ddof 1):
      grpo               (d - m) / (s + 1e-4); with scale "batch" s is that of all rewards given, with "none" d - m
      rloo               d minus the mean of the others = G / (G - 1) (d - m)
      memfactory         (d - m) / (s + 1e-8), 0 in a group with s < 1e-6
      reinforce          max(0, d - m), one clamp after the mean, as published; with `baseline` d - baseline, unclamped
      reinforce_guarded  min(max(0, d - m), max(0, d)): no credit for a graph that loses to no graph (0)
    baseline: a mean kept over earlier steps (`running_mean`), for `reinforce` alone; only with it a group may hold one sample.
    Equal rewards in a group give exactly 0, but for a baseline that differs from them.
    Raises TrainingError for an unknown name, a group of one, or a setting that the estimator does not read; ValueError for rewards that are
    not finite. Source: training.md section 5, tadarag.md section 5.
    """
    if estimator not in ESTIMATORS:
        raise TrainingError(f"there is no estimator {estimator!r}", f"choose one of: {', '.join(sorted(ESTIMATORS))}")
    if scale not in SCALES:
        raise TrainingError(f"there is no scale {scale!r}", f"choose one of: {', '.join(SCALES)}")
    if scale != "group" and estimator != "grpo":
        raise TrainingError(f"the estimator {estimator} has no scale {scale!r}", "leave the scale out, or choose grpo")
    if not bool(array_module(rewards).isfinite(rewards).all()):
        raise ValueError("a reward is not finite; leave out samples that could not be scored")
    if baseline is not None:
        if estimator != "reinforce":
            raise TrainingError(f"the estimator {estimator} reads no running mean", "leave the baseline out, or choose reinforce")
        return rewards - baseline
    if rewards.shape[-1] < 2:
        raise TrainingError(
            f"the estimator {estimator} compares the samples of a group, and this group holds {rewards.shape[-1]}",
            "draw two samples an item at least, or choose reinforce with a running mean",
        )
    if estimator == "grpo" and scale != "group":
        return _centred(rewards) / (_batch_deviation(rewards) + GRPO_FLOOR) if scale == "batch" else _centred(rewards)
    return ESTIMATORS[estimator](rewards)


def running_mean(before: float | None, rewards: Any, *, momentum: float = 0.9) -> float:
    """The baseline after these rewards float[...]: momentum * before + (1 - momentum) * their mean; their mean when there was none."""
    mean = float(rewards.mean())
    return mean if before is None else momentum * before + (1 - momentum) * mean


def sample_deviation(rewards: Any) -> Any:
    """Sample standard deviation (ddof 1) of each group: float[..., G] -> float[..., 1]."""
    return ((_centred(rewards) ** 2).sum(axis=-1, keepdims=True) / (rewards.shape[-1] - 1)) ** 0.5


def skipped_groups(rewards: Any) -> Any:
    """Which groups `memfactory` leaves out, as they have no spread: float[..., G] -> bool[...]."""
    return sample_deviation(rewards)[..., 0] < MEMFACTORY_FLAT


def _centred(rewards: Any) -> Any:
    library = array_module(rewards)
    varies = library.amax(rewards, axis=-1, keepdims=True) != library.amin(rewards, axis=-1, keepdims=True)
    return (rewards - rewards.mean(axis=-1, keepdims=True)) * varies  # the rounded mean of equal rewards need not equal them


def _batch_deviation(rewards: Any) -> Any:
    return (((rewards - rewards.mean()) ** 2).sum() / (rewards.reshape(-1).shape[0] - 1)) ** 0.5


def _grpo(rewards: Any) -> Any:
    return _centred(rewards) / (sample_deviation(rewards) + GRPO_FLOOR)


def _rloo(rewards: Any) -> Any:
    return _centred(rewards) * (rewards.shape[-1] / (rewards.shape[-1] - 1))


def _memfactory(rewards: Any) -> Any:
    deviation = sample_deviation(rewards)
    return _centred(rewards) / (deviation + MEMFACTORY_FLOOR) * (deviation >= MEMFACTORY_FLAT)


def _reinforce(rewards: Any) -> Any:
    return _centred(rewards).clip(min=0)


def _reinforce_guarded(rewards: Any) -> Any:
    return array_module(rewards).minimum(_reinforce(rewards), rewards.clip(min=0))


ESTIMATORS: dict[str, Callable[[Any], Any]] = {
    "grpo": _grpo,
    "memfactory": _memfactory,
    "reinforce": _reinforce,
    "reinforce_guarded": _reinforce_guarded,
    "rloo": _rloo,
}
"""Estimators by the name that a recipe gives."""
