"""The reward terms of written memories by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tadarag.training.memory_reader.memory_sample import MemorySample
from tadarag.training.memory_reader.terms.bad_path import bad_path
from tadarag.training.memory_reader.terms.clarity import clarity
from tadarag.training.memory_reader.terms.completeness import completeness
from tadarag.training.memory_reader.terms.found import found
from tadarag.training.memory_reader.terms.overlong import overlong
from tadarag.training.memory_reader.terms.repairs import repairs
from tadarag.training.memory_reader.terms.unequal import unequal
from tadarag.training.memory_reader.terms.unsupported import unsupported

MemoryTerm = Callable[[MemorySample], float | None]
"""A pure function of a sample; None where it says nothing of it."""

MEMORY_TERMS: Mapping[str, MemoryTerm] = {
    term.__name__: term for term in (clarity, completeness, found, overlong, unsupported, repairs, unequal, bad_path)
}
MEMORY_OUTCOMES = ("clarity", "completeness")
"""The repaired scores: what a memory is worth."""
MEMORY_FORMATS = ("found",)
MEMORY_WEIGHTS: Mapping[str, float] = {
    "completeness": 1.0,
    "clarity": 0.5,
    "found": 0.2,
    "overlong": -0.5,
    "unsupported": -0.5,
    "repairs": -0.2,
    "unequal": -0.2,
    "bad_path": -0.2,
}
"""What each weighs where a recipe says nothing."""
