"""The graph of an answer as JSON, as lines for a person, and as a page that is written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.cli.output import counted, one_line
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.values import Answer, FactSource, QuestionGraph

POOR = "the passages state no fact about what the question names: the answer rests on the passages alone"


def graph_document(graph: QuestionGraph) -> dict[str, object]:
    """The graph as JSON: facts name their ends by index in `nodes`, and the passages that state them by their number, from 1."""
    return {
        "task": graph.task,
        "template": graph.template,
        "is_poor": graph.is_poor,
        "n_nodes_found": graph.n_nodes,
        "n_facts_found": graph.n_facts,
        "n_unread": graph.n_unread,
        "nodes": [
            {
                "name": node.name,
                "kind": node.kind,
                "label": node.label,
                "normal": node.normal,
                "score": node.score,
                "is_asked": node.is_asked,
                "spans": [{"source": str(source), "span": [span.start, span.end]} for source, span in node.spans],
            }
            for node in graph.nodes
        ],
        "facts": [
            {
                "head": fact.head,
                "relation": fact.relation,
                "shown": fact.shown,
                "tail": fact.tail,
                "kind": fact.kind,
                "probability": fact.probability,
                "score": fact.score,
                "stated_in": [_source_document(one) for one in fact.stated_in],
            }
            for fact in graph.facts
        ],
    }


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


def _source_document(one: FactSource) -> dict[str, object]:
    return {"passage": one.passage, "source": str(one.source), "content": one.content, "span": [one.span.start, one.span.end]}
