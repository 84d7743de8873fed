"""The graph of an answer as lines for a person, and as a page that is written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.cli.output import counted, one_line
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.values import Answer, QuestionGraph

POOR = "the passages state no fact about what the question names: the answer rests on the passages alone"


def graph_lines(graph: QuestionGraph) -> Iterator[str]:
    """How much the graph holds, and that it is poor where it is."""
    n_facts = sum(fact.kind != "together" for fact in graph.facts)
    found = f"of {graph.n_nodes} things and {counted(graph.n_facts, 'fact')} in the passages, for a {graph.task} question"
    yield f"graph:      {counted(len(graph.nodes), 'thing')}, {counted(n_facts, 'fact')} ({found})"
    if graph.is_poor:
        yield f"            {POOR}"
    if graph.n_unread:
        yield f"            {counted(graph.n_unread, 'passage')} could not be read anew and count with what was stored of them"


def write_page(file: Path, page: str) -> None:
    """Write a page. Raises UsageError when the file cannot be written."""
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be written ({error.strerror})", "name a file in a folder that can be written") from error


def drawn_lines(file: Path, answer: Answer) -> Iterator[str]:
    """What was drawn, and where it was written."""
    graph = answer.graph
    if graph is None:
        return
    yield ""
    if graph.is_poor:
        yield f"({POOR})"
    yield f"wrote {one_line(str(file))} ({counted(len(graph.nodes), 'thing')}, {counted(len(graph.facts), 'line')})"
