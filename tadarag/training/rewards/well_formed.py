"""Format: whether what was written could be read to its end."""

from __future__ import annotations

from tadarag.training.rewards.sample import Sample


def well_formed(sample: Sample) -> float:
    """1 for a graph with its end mark and no broken tuple, else 0. It is no term of F10: its weight is 0 unless a recipe gives it one."""
    return float(sample.graph.is_complete and sample.graph.n_broken == 0)
