"""rec of F10: how much of the gold evidence the graph points at."""

from __future__ import annotations

from tadarag.models.language_model import estimate_tokens
from tadarag.span import Span
from tadarag.training.rewards.sample import Sample
from tadarag.training.rewards.token_counts import LONGEST_SPAN
from tadarag.training.rewards.validity import valid_edges, valid_nodes

_LEAST_SHARE = 0.5  # of a sentence: a name that it mentions does not cover it


def evidence_recall(sample: Sample) -> float | None:
    """The share of gold evidence sentences that are covered, less the item's baseline recall; None where there are none.

    A sentence is covered when one span of a valid node or edge, of at most 40 tokens, holds half of it or more. In [-1, 1].
    """
    item, graph = sample.item, sample.graph
    if not item.evidence:
        return None
    spans = [span for index in valid_nodes(graph, len(item.source)) for span in graph.nodes[index].spans]
    spans += [edge.span for edge in valid_edges(graph, len(item.source)) if edge.span]
    short = [span for span in spans if estimate_tokens(span.of(item.source)) <= LONGEST_SPAN]
    return sum(is_covered(sentence, short) for sentence in item.evidence) / len(item.evidence) - item.baseline_recall


def is_covered(sentence: Span, spans: list[Span]) -> bool:
    """Whether one of the spans holds half of the sentence or more."""
    wanted = _LEAST_SHARE * (sentence.end - sentence.start)
    return any(min(span.end, sentence.end) - max(span.start, sentence.start) >= wanted for span in spans)
