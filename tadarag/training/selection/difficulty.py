"""How hard an item is for a policy, from how many of its rollouts were right (training.md section 3)."""

from __future__ import annotations

from math import comb

GROUP = 8
"""Samples of a group in training."""


def pass_at_k(n: int, c: int, k: int) -> float:
    """1 - C(n-c, k) / C(n, k): the unbiased estimate of the chance that one of k samples is right, from n of which c were.

    Raises ValueError unless 0 <= c <= n and 1 <= k <= n. Source: Chen et al., arXiv 2107.03374.
    """
    if not (0 <= c <= n and 1 <= k <= n):
        raise ValueError(f"{c} right of {n} samples tell nothing about {k} of them")
    return 1 - comb(n - c, k) / comb(n, k)


def pass_at_k_of_rate(p: float, k: int) -> float:
    """1 - (1 - p)^k: the same for independent samples that are right with chance p."""
    return 1 - (1 - p) ** k


def discrepancy(p: float, n: int) -> float:
    """pass@n - pass@1 of independent samples: what sampling again would gain."""
    return pass_at_k_of_rate(p, n) - p


def reward_variance(p: float) -> float:
    """p (1 - p), of a reward that is 1 with chance p and else 0."""
    return p * (1 - p)


def spread_chance(p: float, group: int = GROUP) -> float:
    """1 - p^group - (1-p)^group: the chance that the samples of a group differ, without which it teaches nothing."""
    return 1 - p**group - (1 - p) ** group
