"""Turns scores into probabilities: a logistic curve of two numbers, fitted by Newton's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_STEPS = 50
_RIDGE = 1e-6


def fit_logistic(scores: NDArray[np.float64], answers: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of P(answer) = 1 / (1 + exp(-(slope score + offset))) of the highest likelihood (Platt, 1999).

    Raises ValueError unless there are answers and others.
    """
    if answers.all() or not answers.any():
        raise ValueError("probabilities need passages that answer and others")
    inputs = np.stack([scores, np.ones(len(scores))])
    weights = np.zeros(2)
    for _ in range(_STEPS):
        probabilities = 1.0 / (1.0 + np.exp(-np.clip(weights @ inputs, -40, 40)))
        gradient = inputs @ (answers - probabilities)
        curvature = (inputs * (probabilities * (1 - probabilities))) @ inputs.T + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return round(float(weights[0]), 6), round(float(weights[1]), 6)
