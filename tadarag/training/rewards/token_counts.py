"""How long a graph and its source are.

A token is what `estimate_tokens` counts everywhere in the product: a Chinese character each, else four characters a token. Runs of words are
counted in words: a Latin word or a number is one, a Chinese character half a one, because Chinese words have about two characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tadarag.analysis import name_tokens
from tadarag.models.language_model import estimate_tokens
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph

LONGEST_SPAN = 40
"""Tokens; a longer span or quotation is a copy and no reference."""

Word = tuple[str, bool]
"""A folded word or CJK character, and whether it is the latter."""


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, folded to lower case and simplified Chinese, without punctuation."""
    return tuple((token.text, token.is_cjk) for token in name_tokens(text))


def n_words(run: tuple[Word, ...]) -> float:
    """The length of a run of words."""
    return sum(0.5 if is_cjk else 1.0 for _, is_cjk in run)


def is_reference(edge: EmittedEdge) -> bool:
    """Whether an edge's evidence only points at a place of the source: a quotation from it of at most 40 tokens."""
    return edge.span is not None and estimate_tokens(edge.evidence) <= LONGEST_SPAN


def stated_fields(graph: EmittedGraph) -> Iterator[tuple[str, ...]]:
    """The words that each node and edge says.

    Evidence that only points at the source is left out: policies that emit offsets do not write it at all.
    """
    for node in graph.nodes:
        yield tuple(field for field in (node.name, node.type, node.description) if field)
    for edge in graph.edges:
        said = (graph.nodes[edge.head].name, edge.relation, graph.nodes[edge.tail].name)
        yield said if is_reference(edge) or not edge.evidence else (*said, edge.evidence)


def graph_tokens(graph: EmittedGraph) -> int:
    """T of F10: the tokens of what the graph says."""
    return sum(estimate_tokens(" ".join(fields)) for fields in stated_fields(graph))


def source_tokens(source: str) -> int:
    """Tc of F10."""
    return estimate_tokens(source)
