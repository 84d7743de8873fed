"""The answerer's network: the encoder's upper layers over a question, a lead and passages together, and heads for places and verdicts.

The trunk reads each text alone, so that what it gives for a passage can be kept; only the layers above see them together (after Cao et
al., DeFormer, ACL 2020). Start and end of an answer: Devlin et al., NAACL 2019, the first place standing for "not here".
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tadarag.training.upper_layers import UpperLayer

QUESTION, LEAD, FIRST_PASSAGE = 0, 1, 2
"""Roles of a piece: what it is a piece of. Passages have one role each, in their order."""
N_ROLES = 8
ANSWERED, RELEVANT, FIRST_KIND = 0, 1, 2
"""Verdicts: whether the passages answer, whether they belong to what answers, then one for each kind of answer."""
N_VERDICTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkShape:
    """trunk_layer: the encoder layer whose output comes in. n_layers: upper layers."""

    trunk_layer: int
    n_layers: int
    width: int = 384
    n_heads: int = 12


class AnswerNetwork(nn.Module):  # type: ignore[misc]  # torch has no types here
    """States with roles in; logits of the answer's first and last piece, and verdicts, out."""

    def __init__(self, shape: NetworkShape, epsilon: float = 1e-12) -> None:
        super().__init__()
        self.shape = shape
        self.layers = nn.ModuleList(UpperLayer(shape.width, shape.n_heads, epsilon) for _ in range(shape.n_layers))
        self.mark = nn.Parameter(torch.zeros(shape.width))
        self.roles = nn.Embedding(N_ROLES, shape.width)
        nn.init.normal_(self.roles.weight, std=0.02)
        nn.init.normal_(self.mark, std=0.02)
        self.ends = nn.Linear(shape.width, 2)
        self.verdict = nn.Sequential(nn.Linear(shape.width, shape.width), nn.Tanh(), nn.Dropout(0.1), nn.Linear(shape.width, N_VERDICTS))

    def forward(self, states: Tensor, roles: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """states [b, t, w], roles int64[b, t], mask bool[b, t] (true: a piece) -> ends [b, 1 + t, 2], verdicts [b, N_VERDICTS].

        Place 0 of `ends` is the mark before all pieces: "not here". Places outside passages are for the caller to leave out.
        """
        b, _, w = states.shape
        hidden = torch.cat([self.mark.expand(b, 1, w), states + self.roles(roles)], 1)
        seen = torch.cat([mask.new_ones(b, 1), mask], 1)
        for layer in self.layers:
            hidden = layer(hidden, seen[:, None, None, :])
        return self.ends(hidden), self.verdict(hidden[:, 0])
