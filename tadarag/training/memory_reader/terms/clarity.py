"""Whether it cuts where the subject changes, and only there."""

from __future__ import annotations

from tadarag.training.memory_reader.memory_sample import MemorySample


def clarity(sample: MemorySample) -> float | None:
    """Balanced clarity in [0, 1] (mom.md R2)."""
    return sample.scores.repaired_clarity
