"""How well the core statements stand for their chunks."""

from __future__ import annotations

from tadarag.training.memory_reader.memory_sample import MemorySample


def completeness(sample: MemorySample) -> float | None:
    """Gain times brevity times support, weighted by the chunks' lengths, in [0, 1] (mom.md R6); None for a text without words."""
    return sample.scores.repaired_completeness
