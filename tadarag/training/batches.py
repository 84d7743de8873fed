"""The order of training: endless batches of one set each, from a position that can be kept and taken up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Batched(Protocol):
    """A named set of examples; example i has starts[i + 1] - starts[i] pieces, int64[examples + 1]."""

    @property
    def name(self) -> str: ...
    @property
    def starts(self) -> NDArray[np.int64]: ...


class BatchQueue:
    """Draws batches of texts of like length; a set is drawn by its pieces ** temperature, and each of its texts once before any again.

    weights: factors on how often sets are drawn, 1 for those not named. batch_pieces: most pieces in a batch, padding counted; a text that
    is longer is a batch of its own.
    """

    def __init__(
        self, corpora: Sequence[Batched], *, batch_pieces: int, temperature: float, weights: Mapping[str, float], seed: int
    ) -> None:
        self._corpora = tuple(corpora)
        self._batch_pieces = batch_pieces
        drawn = np.array([weights.get(corpus.name, 1.0) * float(corpus.starts[-1]) ** temperature for corpus in corpora])
        self._shares = drawn / drawn.sum()
        self._random = np.random.default_rng(seed)
        self._waiting: dict[str, list[list[int]]] = {}

    def next(self) -> tuple[Batched, list[int]]:
        """The next batch: a set and the indexes of its examples."""
        corpus = self._corpora[self._random.choice(len(self._corpora), p=self._shares)]
        if not self._waiting.get(corpus.name):
            self._waiting[corpus.name] = self._epoch(corpus)
        return corpus, self._waiting[corpus.name].pop()

    def position(self) -> dict[str, Any]:
        """Where the queue stands."""
        return {"random": self._random.bit_generator.state, "waiting": {name: list(batches) for name, batches in self._waiting.items()}}

    def go_to(self, position: dict[str, Any]) -> None:
        """Take up a position that a queue of the same sets had."""
        self._random.bit_generator.state = position["random"]
        self._waiting = {name: list(batches) for name, batches in position["waiting"].items()}

    def _epoch(self, corpus: Batched) -> list[list[int]]:
        lengths: list[int] = np.diff(corpus.starts).tolist()
        order = sorted(range(len(lengths)), key=lambda index: lengths[index] + self._random.uniform(0, 8))
        groups: list[list[int]] = [[]]
        for index in order:
            if groups[-1] and (len(groups[-1]) + 1) * max(lengths[other] for other in (*groups[-1], index)) > self._batch_pieces:
                groups.append([])
            groups[-1].append(index)
        return [groups[place] for place in self._random.permutation(len(groups))]
