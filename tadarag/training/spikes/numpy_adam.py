"""Adam on numpy arrays, with bias correction and the state that the spike monitor reads (Kingma and Ba, ICLR 2015)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class NumpyAdam:
    """Changes named arrays in place, step by step.

    parameters: name -> float64 array, any shapes. rate may be set between steps. first, second: the moments by name. gradients: those
    that the next step uses; set them whole before it.
    """

    def __init__(
        self, parameters: Mapping[str, Array], *, rate: float, beta1: float = 0.9, beta2: float = 0.95, epsilon: float = 1e-8
    ) -> None:
        self.parameters = parameters
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.n_steps = 0
        self.first = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.second = {name: np.zeros_like(value) for name, value in parameters.items()}
        self.gradients: Mapping[str, Array] = {}

    def step(self) -> None:
        """One update from `gradients`. Raises KeyError when one is missing."""
        self.n_steps += 1
        for name, value in self.parameters.items():
            gradient, first, second = self.gradients[name], self.first[name], self.second[name]
            first *= self.beta1
            first += (1 - self.beta1) * gradient
            second *= self.beta2
            second += (1 - self.beta2) * gradient * gradient
            scale = np.sqrt(second / (1 - self.beta2**self.n_steps)) + self.epsilon
            value -= self.rate * (first / (1 - self.beta1**self.n_steps)) / scale
