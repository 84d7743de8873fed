"""The extractor's network: upper encoder layers on trunk states, a span head and a pair head that meet names in a bilinear product.

Spans scored against the vectors of type names: after
Zaratiana et al. (GLiNER), NAACL 2024; here the names are read once by the frozen encoder and not beside the text, so that a new
template costs nothing a passage. Pairs with the context between them: after Eberts and Ulges (SpERT), ECAI 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tadarag.training.upper_layers import UpperLayer

FIRST_BIAS = -4.0  # nearly no span is an entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """trunk_layer: the encoder layer whose output comes in. n_layers: upper layers. max_width: pieces in a span. inner: head width."""

    trunk_layer: int
    n_layers: int
    max_width: int = 16
    inner: int = 256
    width: int = 384
    n_heads: int = 12


class NameHead(nn.Module):  # type: ignore[misc]
    """Names to the vectors and biases that spans or pairs are multiplied with.

    Names are read around `centre` and times `stretch`: vectors of an encoder lie close to each other, and what tells them apart is small.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(shape.width))
        self.register_buffer("stretch", torch.ones(1))
        self.project = nn.Sequential(
            nn.Linear(shape.width, shape.inner), nn.GELU(), nn.Dropout(0.1), nn.Linear(shape.inner, shape.inner + 1)
        )

    def forward(self, names: Tensor) -> tuple[Tensor, Tensor]:  # [n, w] -> [n, inner], [n]
        projected = self.project((names - self.centre) * self.stretch)
        return projected[:, :-1], projected[:, -1] + FIRST_BIAS

    def read_around(self, centre: Tensor, stretch: float) -> None:
        """Read names around float[width] and times `stretch` from now on; what the head gives for a name stays the same."""
        first = self.project[0]
        with torch.no_grad():
            first.bias += first.weight @ ((centre - self.centre) * self.stretch)
            first.weight *= self.stretch / stretch
            self.centre.copy_(centre)
            self.stretch.fill_(stretch)


class Extractor(nn.Module):  # type: ignore[misc]
    """States and names in; scores of spans by type, and of pairs of spans by relation, out (logits)."""

    def __init__(self, shape: Shape, epsilon: float = 1e-12) -> None:
        super().__init__()
        self.shape = shape
        self.layers = nn.ModuleList(UpperLayer(shape.width, shape.n_heads, epsilon) for _ in range(shape.n_layers))
        self.start, self.end = nn.Linear(shape.width, shape.inner), nn.Linear(shape.width, shape.inner)
        self.extent = nn.Embedding(shape.max_width, shape.inner)
        self.types = NameHead(shape)
        self.head_role, self.tail_role = nn.Linear(2 * shape.inner, shape.inner), nn.Linear(2 * shape.inner, shape.inner)
        self.between = nn.Linear(shape.width, shape.inner)
        self.pair_dropout = nn.Dropout(0.1)
        self.relations = NameHead(shape)

    def upper(self, states: Tensor, mask: Tensor) -> Tensor:
        """states [b, t, w], mask bool [b, t] (true: a piece) -> [b, t, w]."""
        hidden = states
        for layer in self.layers:
            hidden = layer(hidden, mask[:, None, None, :])
        return hidden

    def spans(self, hidden: Tensor) -> Tensor:
        """[b, t, w] -> span vectors [b, t, max_width, inner]: from piece t over 1 to max_width pieces."""
        start, end = self.start(hidden), self.end(hidden)
        t = hidden.shape[1]
        reach = torch.arange(t, device=hidden.device)[:, None] + torch.arange(self.shape.max_width, device=hidden.device)[None, :]
        return nn.functional.gelu(start[:, :, None, :] + end[:, reach.clamp(max=t - 1)] + self.extent.weight)

    def type_scores(self, spans: Tensor, type_names: Tensor) -> Tensor:
        """Span vectors [..., inner], names [n, w] -> logits [..., n]."""
        vectors, biases = self.types(type_names)
        return spans @ vectors.T + biases

    def pair_scores(
        self, hidden: Tensor, spans: Tensor, chosen: Sequence[tuple[int, int]], heads: Tensor, tails: Tensor, names: Tensor
    ) -> Tensor:
        """Of one text: hidden [t, w], span vectors [t, max_width, inner], chosen (first, last) pieces; heads, tails int64[pairs] into them.

        Returns logits [pairs, names].
        """
        firsts = torch.tensor([first for first, _ in chosen], device=hidden.device)
        widths = torch.tensor([last - first for first, last in chosen], device=hidden.device)
        own = spans[firsts, widths]  # [chosen, inner]
        sums = torch.cat([hidden.new_zeros(1, hidden.shape[1]), hidden.cumsum(0)])
        left = torch.minimum(firsts[heads], firsts[tails])
        right = torch.maximum((firsts + widths)[heads], (firsts + widths)[tails]) + 1
        middle = (sums[right] - sums[left]) / (right - left)[:, None]
        roles = self.head_role(torch.cat([own[heads], own[tails]], 1)) + self.tail_role(torch.cat([own[heads] * own[tails], own[tails]], 1))
        pairs = self.pair_dropout(nn.functional.gelu(roles + self.between(middle)))
        vectors, biases = self.relations(names)
        return pairs @ vectors.T + biases
