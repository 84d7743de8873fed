"""Whether a graph joins what the question names to what answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from tadarag.analysis import STOP_WORDS, capitalised_names
from tadarag.graph.question_candidates import NodeCandidate
from tadarag.graph.question_scores import Asked, name_match, read_asked
from tadarag.graph.resolve import folded_name
from tadarag.span import Span
from tadarag.templates.template import Template
from tadarag.training.rewards.emitted import EmittedEdge, EmittedGraph, EmittedNode
from tadarag.training.rewards.sample import OVERVIEW, RewardItem, Sample
from tadarag.training.rewards.token_counts import Word, words
from tadarag.training.rewards.validity import valid_edges, valid_nodes
from tadarag.values import Route

_NAMED = 0.5  # from here on `name_match` says that the question gives the name or a part that stands for it
_LEAST_RUN = 3  # Chinese characters: shorter runs that a question shares with a text are mostly function words
_NO_TEMPLATE = Template(name="", version=0, description="", cues=(), entity_types=(), relations=())


def anchored(sample: Sample) -> float:
    """1 or 0, see `is_anchored`."""
    return float(is_anchored(sample.graph, sample.item))


def is_anchored(graph: EmittedGraph, item: RewardItem) -> bool:
    """Whether a path of valid edges joins a node that the question mentions to another one that supports the answer (tadarag.md F10).

    A node that is both (a comparison answers with one of its subjects) needs a valid edge and the answer as its name. Where the question mentions
    nothing of the source, the answer's node needs a valid edge. An overview must cover half of the source's parts; what has no answer is
    always anchored.
    """
    if not item.is_answerable:
        return True
    edges = valid_edges(graph, len(item.source))
    if item.task == OVERVIEW:
        return covers_parts(graph, edges, item)
    valid = valid_nodes(graph, len(item.source))
    joined = {end for edge in edges for end in (edge.head, edge.tail)}
    answers = {index for index in valid if supports_answer(graph.nodes[index], item)}
    if not mentions_source(item.question, item.source):
        return not answers.isdisjoint(joined)
    asked = [index for index in valid if is_asked(graph.nodes[index], item.question)]
    if any(index in joined and is_named_as_answer(graph.nodes[index], item) for index in asked):
        return True
    return any(not (answers - {index}).isdisjoint(_reached(edges, index)) for index in asked)


def is_asked(node: EmittedNode, question: str) -> bool:
    """Whether the question names the node, or gives a part of its name that stands for it."""
    candidate = NodeCandidate(key=(folded_name(node.name), node.type), name=node.name, normal="")
    return name_match(candidate, _asked(question)) >= _NAMED


@lru_cache(maxsize=1024)
def _asked(question: str) -> Asked:
    return read_asked(question, Route(language="und"), _NO_TEMPLATE)


@lru_cache(maxsize=1024)
def mentions_source(question: str, source: str) -> bool:
    """Whether the question names something that the source has: a capitalised name or one of its words, or three Chinese characters in a row."""
    there = words(source)
    known = {word for word, _ in there}
    names = [word for name in capitalised_names(question) for word in name.text.split() if word not in STOP_WORDS]
    if any(word in known for word in names):
        return True
    asked = words(question)
    runs = (asked[start : start + _LEAST_RUN] for start in range(len(asked) - _LEAST_RUN + 1))
    return any(_holds(there, run) for run in runs if all(is_cjk for _, is_cjk in run))


def supports_answer(node: EmittedNode, item: RewardItem) -> bool:
    """Whether the node's name or description holds an answer, or its name is at least half of one.

    Of an answer that stands nowhere in the source (yes, no, a count) a node supports what the gold evidence mentions; without such evidence, any.
    """
    if answer_stands_in(item.answers, item.source):
        return is_named_as_answer(node, item) or any(_holds(words(node.description), words(answer)) for answer in item.answers)
    return not item.evidence or any(_is_in(span, item.evidence) for span in node.spans)


def is_named_as_answer(node: EmittedNode, item: RewardItem) -> bool:
    """Whether the node's name holds an answer, or is at least half of one."""
    name = words(node.name)
    wanted = [words(answer) for answer in item.answers]
    return any(_holds(name, answer) or (_holds(answer, name) and 2 * len(name) >= len(answer)) for answer in wanted)


@lru_cache(maxsize=1024)
def answer_stands_in(answers: tuple[str, ...], source: str) -> bool:
    """Whether the source has one of the answers word for word."""
    return any(_holds(words(source), words(answer)) for answer in answers)


def covers_parts(graph: EmittedGraph, edges: Sequence[EmittedEdge], item: RewardItem) -> bool:
    """Whether valid nodes and edges have places in at least half of the parts of the source."""
    parts = item.parts or (Span(0, len(item.source)),)
    places = [span for index in valid_nodes(graph, len(item.source)) for span in graph.nodes[index].spans]
    places += [edge.span for edge in edges if edge.span]
    return 2 * sum(any(_is_in(place, [part]) for place in places) for part in parts) >= len(parts)


def _is_in(place: Span, ranges: Iterable[Span]) -> bool:
    return any(one.start <= place.start and place.end <= one.end for one in ranges)


def _holds(run: Sequence[Word], part: Sequence[Word]) -> bool:
    width = len(part)
    return width > 0 and any(run[start : start + width] == part for start in range(len(run) - width + 1) if run[start] == part[0])


def _reached(edges: Sequence[EmittedEdge], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        for edge in edges:
            if at in (edge.head, edge.tail):
                new = {edge.head, edge.tail} - found
                found |= new
                waiting.extend(new)
    return found
