"""T/B of F10: how far the graph is over its budget."""

from __future__ import annotations

from tadarag.training.rewards.sample import Sample
from tadarag.training.rewards.token_counts import graph_tokens


def budget(sample: Sample) -> float:
    """max(0, T / B - 1); it has no upper limit."""
    return overrun(graph_tokens(sample.graph), sample.item.budget)


def overrun(n_graph: int, n_budget: int) -> float:
    """max(0, T / B - 1). Raises ValueError for a budget below one token."""
    if n_budget < 1:
        raise ValueError(f"a budget of {n_budget} tokens is none")
    return max(0.0, n_graph / n_budget - 1)
