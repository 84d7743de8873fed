"""Where topics begin in a list of sentences or turns, whatever the segments' lengths."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mom.boundaries import Boundaries, read_boundaries
from mom.chunking import Lengths, segment
from mom.word_table import WordTable, shipped_word_table

_ANY_LENGTH = Lengths(1.0, math.inf, is_hard=False)


def topic_starts(sentences: Sequence[str], *, table: WordTable | None = None) -> list[int]:
    """Index of the first sentence (or turn) of each topic, in order; the first is 0, no sentences have no topics.

    table: word weights, the shipped ones by default. The same sentences give the same starts on every machine.
    """
    boundaries = read_boundaries(sentences, table or shipped_word_table())
    return segment(_with_usual_lengths(boundaries), [1.0] * len(sentences), _ANY_LENGTH, gamma=0.0, cut_costs=boundaries.cut_costs)[0]


def _with_usual_lengths(boundaries: Boundaries) -> Iterator[NDArray[np.float64]]:
    usual, regularity = boundaries.weights.usual_units, boundaries.weights.regularity
    for costs in boundaries.costs():
        surprise = [regularity * math.log(n / usual) ** 2 for n in range(len(costs), 0, -1)] if regularity else 0.0
        yield costs + np.array(surprise)
