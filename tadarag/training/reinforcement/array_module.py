"""The array library, numpy or torch, that an array belongs to, so that a formula is written once for numpy heads and torch models."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np


def array_module(array: Any) -> Any:
    """numpy for an ndarray or a numpy number, torch for a tensor. Raises TypeError for anything else.

    Of both libraries the formulas here use only what has one name and one meaning: exp, log, amax, minimum, isfinite, and the operators.
    """
    if isinstance(array, np.ndarray | np.generic):
        return np
    library = type(array).__module__.partition(".")[0]
    if library != "torch":
        raise TypeError(f"expected a numpy array or a torch tensor, got {type(array).__name__}")
    return import_module(library)
