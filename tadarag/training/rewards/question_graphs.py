"""Our own question graph as a policy's: one source text of the passages behind it, and its nodes and facts with places in that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tadarag.models.language_model import estimate_tokens
from tadarag.span import Span
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph, EmittedNode
from tadarag.training.rewards.token_counts import LONGEST_SPAN
from tadarag.values import GraphFact, Hit, QuestionGraph, SourceName

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class JoinedSource:
    """The texts of passages with an empty line between them, and the range of each."""

    text: str
    parts: tuple[Span, ...]


def join_source(hits: Sequence[Hit]) -> JoinedSource:
    """The source text of a question's passages, in their order."""
    parts: list[Span] = []
    start = 0
    for hit in hits:
        parts.append(Span(start, start + len(hit.passage.text)))
        start = parts[-1].end + len(_BETWEEN)
    return JoinedSource(_BETWEEN.join(hit.passage.text for hit in hits), tuple(parts))


def emitted_of(graph: QuestionGraph, hits: Sequence[Hit]) -> EmittedGraph:
    """The question graph with the places that it has in `join_source(hits)`; two things that are only named together are no edge.

    hits: those that the graph was made from. The evidence of a fact is its best sentence; of one over 40 tokens, the part around the fact's ends
    that is not.
    """
    source = join_source(hits)
    nodes = tuple(
        EmittedNode(
            name=node.name,
            type=node.label or node.kind,
            spans=places_of(node.spans, hits, source),
        )
        for node in graph.nodes
    )
    return EmittedGraph(nodes=nodes, edges=tuple(_edge(fact, nodes, hits, source) for fact in graph.facts if fact.kind != "together"))


def places_of(spans: Iterable[tuple[SourceName, Span]], hits: Sequence[Hit], source: JoinedSource) -> tuple[Span, ...]:
    """Where spans of documents stand in `join_source(hits)`: by hit, then as they are given; those outside the hits nowhere."""
    given = tuple(spans)
    return tuple(
        moved(span, hit, part)
        for hit, part in zip(hits, source.parts, strict=True)
        for named_in, span in given
        if named_in == hit.passage.source and hit.passage.span.start <= span.start and span.end <= hit.passage.span.end
    )


def moved(span: Span, hit: Hit, part: Span) -> Span:
    """A span of a hit's document as one of the joined source, in which the hit is `part`."""
    shift = part.start - hit.passage.span.start
    return Span(span.start + shift, span.end + shift)


def _edge(fact: GraphFact, nodes: Sequence[EmittedNode], hits: Sequence[Hit], source: JoinedSource) -> EmittedEdge:
    best = fact.stated_in[0]
    sentence = moved(best.span, hits[best.passage - 1], source.parts[best.passage - 1])
    ends = [
        [span for span in nodes[end].spans if sentence.start <= span.start and span.end <= sentence.end] for end in (fact.head, fact.tail)
    ]
    span = _shortened(sentence, [spans[0] for spans in ends if spans], source.text)
    return EmittedEdge(
        head=fact.head, relation=fact.relation, tail=fact.tail, evidence=span.of(source.text), span=span, confidence=fact.probability
    )


def _shortened(sentence: Span, inside: Sequence[Span], text: str) -> Span:
    """At most 40 tokens of a sentence around the spans inside it; a stretch between them that is longer is left as it is."""
    if estimate_tokens(sentence.of(text)) <= LONGEST_SPAN:
        return sentence
    first = min((span.start for span in inside), default=sentence.start)
    last = max((span.end for span in inside), default=sentence.start)
    start, end = first, last
    while estimate_tokens(text[start:end]) < LONGEST_SPAN:  # ends: the whole sentence has more
        if end < sentence.end and (start == sentence.start or end - last <= first - start):
            end += 1
        else:
            start -= 1
    return Span(start, end)
