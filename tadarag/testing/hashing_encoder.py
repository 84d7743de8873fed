"""An encoder without a model: words and character n-grams hashed into a small vector, for tests and benchmarks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tadarag.models.encoder import Kind, check_spans, unit_vector
from tadarag.values import Encoded, Span

_TOKEN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|\w+")  # a CJK character or a word
_TRIGRAM_WEIGHT = 0.25
_TOKEN_REPEATS = 4
_PAIR_WEIGHT = 0.5
_BIAS = 0.125  # keeps the vector of a text without words away from zero and from being constant
_MAX_TOKENS = 512


class HashingEncoder:
    """Bag of hashed tokens, pairs of neighbours and character trigrams; texts that share words are near each other.

    Deterministic on every machine: counts are added as whole numbers of 1/8, so their order does not matter.
    """

    def __init__(self, dimension: int = 64) -> None:
        if dimension < 2:
            raise ValueError(f"a hashing encoder needs at least 2 dimensions, not {dimension}")
        self._dimension = dimension

    @property
    def fingerprint(self) -> str:
        """Changes with the dimension and with the version of the features."""
        return hashlib.sha256(f"hashing 1 {self._dimension}".encode()).hexdigest()

    @property
    def trunk(self) -> str:
        """Empty: it returns no states."""
        return ""

    @property
    def dimension(self) -> int:
        """Floats in a vector."""
        return self._dimension

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`; query and passage kinds are the same."""
        check_spans(text, sentence_spans)
        tokens = [(found.start(), found.group().lower()) for _, found in zip(range(_MAX_TOKENS), _TOKEN.finditer(text), strict=False)]
        vector = self._vector([token for _, token in tokens])
        rows = np.empty((len(sentence_spans), self._dimension), np.float32)
        for row, span in enumerate(sentence_spans):
            inside = [token for start, token in tokens if span.start <= start < span.end]
            rows[row] = self._vector(inside) if inside else vector
        return Encoded(vector=vector, sentence_vectors=rows)

    def count_tokens(self, text: str) -> int:
        """Words and CJK characters."""
        return sum(1 for _ in _TOKEN.finditer(text))

    def _vector(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        counts = [0.0] * self._dimension
        counts[0] = _BIAS
        for token in tokens:
            for code in _codes(token):
                counts[(code >> 1) % self._dimension] += _TRIGRAM_WEIGHT if code & 1 else -_TRIGRAM_WEIGHT
        for first, second in pairwise(tokens):
            code = crc32(f"{first} {second}".encode(errors="surrogatepass"))
            counts[(code >> 1) % self._dimension] += _PAIR_WEIGHT if code & 1 else -_PAIR_WEIGHT
        if len({*counts}) == 1:  # the signs have cancelled the bias: possible, and a vector must never be constant
            counts[0] += _BIAS
        return unit_vector(np.array(counts, np.float32), "the hashing encoder")


@lru_cache(maxsize=65_536)
def _codes(token: str) -> tuple[int, ...]:
    """Hashes of a token and its trigrams, each to be added with a trigram's weight; the token itself comes four times (weight 1)."""
    marked = f"<{token}>"
    trigrams = [marked[start : start + 3] for start in range(len(marked) - 2)] if len(token) > 1 else []
    return tuple(crc32(part.encode(errors="surrogatepass")) for part in [token] * _TOKEN_REPEATS + trigrams)
