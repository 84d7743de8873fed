"""What a run was some steps ago, to go back to after a spike. Needs the extra `train`; nothing imports this module without it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from torch import nn
from torch.optim import Optimizer

EVERY = 50
"""Steps between two snapshots; of the two that are kept, the older is gone back to, so that it is from well before the spike."""


class Snapshots:
    """Weights, moments and what the monitor had counted, at the last two multiples of 50 steps. By steps and not by time: every run has the same.

    They stay where the network is, and take six times its memory.
    """

    def __init__(self, network: nn.Module, optimizer: Optimizer) -> None:
        self._network, self._optimizer = network, optimizer
        self._kept: list[dict[str, Any]] = []

    def take_if_due(self, counted: Mapping[str, Any]) -> None:
        """Keep how things are every 50 steps; counted: what the monitor has counted so far."""
        if counted["n_steps"] % EVERY:
            return
        state = {"network": self._network.state_dict(), "optimizer": self._optimizer.state_dict(), "counted": counted}
        self._kept = [*self._kept, copy.deepcopy(state)][-2:]

    def go_back(self) -> Mapping[str, Any]:
        """Make network and optimizer what they were at the older snapshot, which alone is kept; returns what the monitor had counted there."""
        self._kept = self._kept[:1]
        state = copy.deepcopy(self._kept[0])  # an optimizer goes on changing the tensors that it is given
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        counted: Mapping[str, Any] = state["counted"]
        return counted

    def state(self) -> list[dict[str, Any]]:
        """For a checkpoint."""
        return self._kept

    def load(self, state: list[dict[str, Any]]) -> None:
        """Go on with the snapshots of a checkpoint."""
        self._kept = state
