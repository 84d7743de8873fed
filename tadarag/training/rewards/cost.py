"""T/Tc of F10: how long the graph is beside its source."""

from __future__ import annotations

from tadarag.training.rewards.sample import Sample
from tadarag.training.rewards.token_counts import graph_tokens, source_tokens


def cost(sample: Sample) -> float:
    """min(1, T / Tc), in [0, 1]."""
    return share_of_source(graph_tokens(sample.graph), source_tokens(sample.item.source))


def share_of_source(n_graph: int, n_source: int) -> float:
    """min(1, T / Tc); of an empty source, any graph is all."""
    return min(1.0, n_graph / n_source) if n_source else float(n_graph > 0)
