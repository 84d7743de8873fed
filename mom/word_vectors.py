"""The frozen table of word vectors: words that are used about the same things point the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from mom.word_table import shipped_word_table

FILE = "data/word_vectors.npy"


@dataclass(frozen=True, slots=True)
class WordVectors:
    """A vector a term, its length saying how much the term tells of a topic.

    rows: the row of each term, as `mom.terms.terms` gives it. values: int8[n, d].
    """

    rows: Mapping[str, int]
    values: NDArray[np.int8]

    def total(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """int64[d]: the sum of the terms' vectors, exact in any order; unknown terms add nothing."""
        rows = [row for row in map(self.rows.get, terms) if row is not None]
        total: NDArray[np.int64] = self.values[rows].sum(axis=0, dtype=np.int64)
        return total


@cache
def shipped_word_vectors() -> WordVectors:
    """The table in `data/word_vectors.npy`: one row a term of the shipped word table, in its order. `data/README.md` says what made it."""
    values: NDArray[np.int8] = np.load(BytesIO(files("mom").joinpath(FILE).read_bytes()), allow_pickle=False)
    rows = {term: row for row, term in enumerate(shipped_word_table().weights)}
    if len(rows) != len(values):
        raise ValueError(f"{FILE} has {len(values)} rows for {len(rows)} terms: make it again for this word table")
    return WordVectors(rows, values)
