"""The Hessian times a step, tensor by tensor, by a finite difference of gradients; parameters are moved and put back as they were."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tadarag.training.spikes.curvature import RELATIVE_SHIFT
from tadarag.training.spikes.moments import Moments
from tadarag.training.spikes.tensor_sums import length

Gradients = Callable[[], Mapping[str, Any]]
"""Gradients by name at the parameters as they are when it is called, of the batch at hand; it leaves no trace of itself."""

_VANISHED = 1e-150
"""Length of parameters from which a thousandth of it would be lost in underflow."""


def gradient_changes(moments: Sequence[Moments], steps: Sequence[Any], gradients: Gradients, here: Sequence[Any] | None) -> list[Any]:
    """H s for the steps s of all tensors: (g(theta + h s) - g(theta)) / h, h such that the move is 1e-3 of the length of theta.

    here: g(theta), None: `gradients` is asked for it. Parameters get back every bit, also when `gradients` raises.
    """
    if here is None:
        asked = gradients()
        here = [asked[one.name] for one in moments]
    size = length([one.value for one in moments])
    shift = RELATIVE_SHIFT * (size if size > _VANISHED else 1.0) / length(steps)
    kept = [1 * one.value for one in moments]  # a copy that keeps the sign of -0.0
    try:
        for one, step in zip(moments, steps, strict=True):
            one.value[...] = one.value + shift * step
        moved = gradients()
    finally:
        for one, value in zip(moments, kept, strict=True):
            one.value[...] = value
    return [(moved[one.name] - gradient) / shift for one, gradient in zip(moments, here, strict=True)]
