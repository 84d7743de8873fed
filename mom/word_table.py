"""The frozen table of word weights: inverse document frequencies that no document of the user can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol


class WordTable(Protocol):
    """Weights of terms. `version` changes whenever any weight does; weights are positive and known without seeing the document."""

    @property
    def version(self) -> str: ...

    def weight(self, term: str) -> float: ...


@dataclass(frozen=True, slots=True)
class FrozenWordTable:
    """Inverse document frequencies, natural log; a term that the table does not hold is rare and gets `unknown`."""

    version: str
    weights: Mapping[str, float]
    unknown: float

    def weight(self, term: str) -> float:
        """Inverse document frequency of a term as `mom.terms.terms` gives it."""
        return self.weights.get(term, self.unknown)


@cache
def shipped_word_table() -> FrozenWordTable:
    """The table in `data/word_table.tsv`; its header says what it was counted on and how."""
    return parse_word_table(files("mom").joinpath("data/word_table.tsv").read_text("utf-8"))


def parse_word_table(content: str) -> FrozenWordTable:
    """Read a table: comment lines with "#", a line "unknown TAB n", then lines "n TAB term term …", n = 100 * idf, rounded.

    The version names the content's hash, so that two tables that differ never share a fingerprint.
    """
    weights: dict[str, float] = {}
    unknown = 0.0
    for line in content.splitlines():
        if line.startswith("#") or not line:
            continue
        left, right = line.split("\t")
        if left == "unknown":
            unknown = int(right) / 100
        else:
            weights.update(dict.fromkeys(right.split(" "), int(left) / 100))
    return FrozenWordTable(f"words-{sha256(content.encode()).hexdigest()[:12]}", weights, unknown)
