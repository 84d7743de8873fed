"""What of its form had to be repaired."""

from __future__ import annotations

from tadarag.training.memory_reader.memory_sample import MemorySample


def repairs(sample: MemorySample) -> float:
    """Repairs a scenario, at most 1 in all."""
    return min(1.0, sample.reply.n_repairs / max(1, len(sample.reply.scenarios)))
