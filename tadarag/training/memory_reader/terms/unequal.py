"""Outlines that have more or fewer lines than there are scenarios."""

from __future__ import annotations

from tadarag.training.memory_reader.memory_sample import MemorySample


def unequal(sample: MemorySample) -> float:
    """Difference of the two counts as a share of the larger, in [0, 1]."""
    n_lines, n_scenarios = len(sample.reply.outline), len(sample.reply.scenarios)
    return abs(n_lines - n_scenarios) / max(1, n_lines, n_scenarios)
