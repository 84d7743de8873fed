"""Curvature as Adam sees it: of the preconditioned Hessian (K4), and along the gradient (K5, K6).

D is the diagonal sqrt(vhat) + eps, g the gradient, d = D^-1 g the step without its rate. All vectors are float arrays of one shape;
functions take the Hessian as a product with a vector, exact or by a finite difference. In numpy; the monitor does the same sums tensor
by tensor. Sources: K5 after arXiv 2506.04805; K6 from the quadratic model of one step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Product = Callable[[Vector], Vector]
"""v -> H v."""

RELATIVE_SHIFT = 1e-3
"""How far a finite difference moves the parameters, as a share of their length."""


def sharpness(product: Product, diagonal: Vector, *, n_iterations: int = 20, start: Vector | None = None) -> float:
    """K4: the largest eigenvalue (by magnitude) of D^-1/2 H D^-1/2, which are those of D^-1 H, by power iteration.

    diagonal: D, positive. start: a vector that is not orthogonal to the eigenvector sought; ones by default. Returns 0 where H is 0.
    """
    roots = np.sqrt(diagonal)
    vector = np.ones_like(diagonal) if start is None else start
    value = 0.0
    for _ in range(n_iterations):
        vector = vector / np.linalg.norm(vector)
        image = product(vector / roots) / roots
        value = float(vector.ravel() @ image.ravel())
        if not np.any(image):
            return 0.0
        vector = image
    return value


def gradient_curvature(product: Product, gradient: Vector, diagonal: Vector) -> float:
    """K5: g' D^-1 H g / (g' g), the curvature along the gradient as the paper takes it. Raises ValueError for a gradient of 0."""
    return _quotient(gradient / diagonal, product(gradient), gradient, gradient)


def step_curvature(product: Product, gradient: Vector, diagonal: Vector) -> float:
    """K6: R = d' H d / (d' D d), d = D^-1 g. Without momentum the quadratic model says that a step raises the loss if and only if R > 2/eta.

    R is never above the largest eigenvalue of D^-1 H. Raises ValueError for a gradient of 0.
    """
    direction = gradient / diagonal
    length = float(np.abs(direction).max(initial=0.0))
    if not length:
        raise ValueError("the gradient is 0; there is no direction to take the curvature along")
    direction = direction / length  # R does not depend on the length, and squares of tiny steps would underflow
    return _quotient(direction, product(direction), direction, direction * diagonal)


def difference_product(gradient_at: Callable[[Vector], Vector], point: Vector) -> Product:
    """H v by one more gradient: (g(theta + h v) - g(theta)) / h, with h such that the move is 1e-3 of the length of theta (1e-3 at 0)."""
    here = gradient_at(point)

    def product(vector: Vector) -> Vector:
        length = float(np.linalg.norm(vector))
        if not length:
            return np.zeros_like(vector)
        shift = RELATIVE_SHIFT * (float(np.linalg.norm(point)) or 1.0) / length
        return (gradient_at(point + shift * vector) - here) / shift

    return product


def _quotient(left: Vector, image: Vector, below: Vector, weighted: Vector) -> float:
    bottom = float(below.ravel() @ weighted.ravel())
    if not bottom:
        raise ValueError("the gradient is 0; there is no direction to take the curvature along")
    return float(left.ravel() @ image.ravel()) / bottom
