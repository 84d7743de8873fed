"""The text that policy B reads, the same before a graph and before an answer without one."""

from __future__ import annotations

from tadarag.training.causal.graph_items import GraphItem


def prompt_of(item: GraphItem, *, instruction: str = "") -> str:
    """The source, then the question, a line each; before them what a model is told that was taught to follow instructions.

    The next token is the marker that opens a graph, or the answer's first.
    """
    return "\n".join([*([instruction] if instruction else []), item.source, item.question, ""])
