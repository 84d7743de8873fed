"""empty of F10: a graph that names nothing though there is an answer."""

from __future__ import annotations

from tadarag.training.rewards.sample import Sample


def emptiness(sample: Sample) -> float:
    """1 for a graph without nodes of an answerable item, else 0."""
    return float(sample.graph.is_empty and sample.item.is_answerable)
