"""Core statements that say what their chunks do not."""

from __future__ import annotations

from math import fsum

from mom.selection import MIN_SUPPORT
from tadarag.training.memory_reader.memory_sample import MemorySample


def unsupported(sample: MemorySample) -> float:
    """How far the mean support of the core statements lies under the 0.8 that a memory needs to be kept (mom.md 3), as a share of that; in [0, 1]."""
    supports = [item.scores.support for item in sample.memory.items if item.statement and item.scores]
    return max(0.0, 1 - fsum(supports) / len(supports) / MIN_SUPPORT) if supports else 0.0
