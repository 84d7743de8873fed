"""loose of F10: a graph whose answer does not hang on the question."""

from __future__ import annotations

from tadarag.training.rewards.anchored import is_anchored
from tadarag.training.rewards.sample import Sample


def looseness(sample: Sample) -> float:
    """1 for a graph with nodes, of an answerable item, that is not anchored; else 0."""
    return float(not sample.graph.is_empty and sample.item.is_answerable and not is_anchored(sample.graph, sample.item))
