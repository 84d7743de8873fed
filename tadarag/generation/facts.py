"""The facts of a question graph as lines that an answerer can cite."""

from __future__ import annotations

import re
from collections.abc import Callable

from tadarag.values import QuestionGraph

_NUMBER = re.compile(r"\[(\d+)\]")


def fact_lines(graph: QuestionGraph | None, *, n_passages: int, count_tokens: Callable[[str], int]) -> list[str]:
    """ "head — relation → tail [n]" for each fact, the best first, within the graph's token budget; none of a graph that states nothing.

    [n] are the passages that state it, of the first `n_passages`; a fact that none of these states is left out. What two things that are
    only named together have to do with each other is not stated, and is no line.
    """
    if graph is None or graph.is_poor:
        return []
    lines: list[str] = []
    left = graph.max_tokens
    for fact in graph.facts:
        numbers = sorted({one.passage for one in fact.stated_in if one.passage <= n_passages})
        if not numbers or fact.kind == "together":
            continue
        head, tail = _plain(graph.nodes[fact.head].name), _plain(graph.nodes[fact.tail].name)
        line = f"{head} — {_plain(fact.shown or fact.relation)} → {tail} {''.join(f'[{number}]' for number in numbers)}"
        left -= count_tokens(line)
        if left < 0:
            break
        lines.append(line)
    return lines


def _plain(name: str) -> str:
    """A name on one line that cannot pass for a citation."""
    return _NUMBER.sub(r"(\1)", " ".join(name.split()))
