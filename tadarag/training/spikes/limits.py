"""What a step may be: the stability limit of Adam with momentum (K3), the margin to it (K7), and how fast the preconditioner grows (K9).

Plain numbers, for numpy heads and torch models alike. Source: arXiv 2506.04805 for 2/eta and the momentum factor (checked here by the
companion matrix of heavy-ball momentum); K9 follows from v ~ b2^t.
"""

from __future__ import annotations

import math

import numpy as np

WARNING, ALARM = 0.8, 1.0
"""Margins (K7) from which a run is near its limit, and beyond it."""


def stability_limit(rate: float, beta1: float = 0.0) -> float:
    """K3: 2/eta * (1 + b1)/(1 - b1), the largest curvature of the preconditioned loss at which steps of that rate still shrink."""
    if rate <= 0:
        return math.inf
    return 2 / rate * (1 + beta1) / (1 - beta1)


def largest_rate(curvature: float, beta1: float = 0.0) -> float:
    """The learning rate at which that curvature is just at the limit; infinite where the curvature is not positive."""
    return stability_limit(curvature, beta1)  # the limit is 2/eta, so each is the other's inverse by one formula


def margin(curvature: float, rate: float, beta1: float = 0.0) -> float:
    """K7: the curvature as a share of the limit K3."""
    return curvature / stability_limit(rate, beta1)


def steps_to_tenfold(beta2: float) -> float:
    """K9: steps in which the preconditioner 1/sqrt(v) grows ten-fold when no gradient enters v: 2 ln 10 / -ln b2."""
    return 2 * math.log(10) / -math.log(beta2)


def momentum_radius(rate: float, beta1: float, curvature: float) -> float:
    """Spectral radius of one step of momentum on a quadratic of that curvature; above 1 the steps grow.

    The companion matrix is [[1 + b1 - eta (1 - b1) lambda, -b1], [1, 0]].
    """
    matrix = np.array([[1 + beta1 - rate * (1 - beta1) * curvature, -beta1], [1.0, 0.0]])
    return float(np.abs(np.linalg.eigvals(matrix)).max())
