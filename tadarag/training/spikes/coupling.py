"""How closely Adam's second moment follows the gradient: the coupling ratio (K1) and the decay exponent (K2).

The formulas are plain arithmetic on sums, for numpy heads and torch models alike. Source: the mechanism of arXiv 2506.04805; kappa is
derived from the update v <- b2 v + (1 - b2) g^2.
"""

from __future__ import annotations

import math

DECAYING = 0.9
"""A tensor whose decay exponent is above this loses its second moment almost as if there were no gradient."""


def coupling_ratio(gradient_squares: float, second_before: float) -> float:
    """K1: rho = sum g^2 / sum v, v before the update. 1: in balance; infinite where there was no second moment yet."""
    if second_before <= 0:
        return math.inf if gradient_squares > 0 else 0.0
    return gradient_squares / second_before


def decay_exponent(ratio: float, beta2: float) -> float:
    """K2: kappa = ln(v / v_before) / ln(b2) = ln(b2 + (1 - b2) rho) / ln(b2): 1 is pure decay, 0 balance, below 0 growth.

    ratio: rho, of one element or of the sums of a tensor, for both of which it is exact. Raises ValueError unless 0 < beta2 < 1.
    """
    if not 0 < beta2 < 1:
        raise ValueError(f"beta2 is {beta2}; the second moment has a memory only between 0 and 1")
    if math.isinf(ratio):
        return -math.inf
    return math.log(beta2 + (1 - beta2) * ratio) / math.log(beta2)
