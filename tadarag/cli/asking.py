"""Commands that put questions to documents: ask, search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.answer_json import answer_json, event_json, search_json
from tadarag.cli.answer_text import answer_lines, hit_lines
from tadarag.cli.filtering import DomainOption, FromOption, LanguageOption, LayersOption, SourceOption, ToOption, filters, layers_of
from tadarag.cli.output import Output, as_typed, one_line, printable
from tadarag.cli.places import open_up_to_date, path_filter
from tadarag.cli.question_graph_text import drawn_lines, write_page
from tadarag.cli.session import Session, with_session, with_writing_session
from tadarag.errors import TadaragError, UsageError

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.values import Answer, AnswerEvent, Filters


@with_writing_session
def ask(
    session: Session,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[PATH] QUESTION", help="A folder or file, then the question in quotation marks. Without PATH: the base is asked."
        ),
    ],
    pipeline: Annotated[str | None, typer.Option(metavar="NAME", help="Recipe: default, evidence-only, llm, or one of your own.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show how the answer was found, and what it cost.")] = False,
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="FILE", help="Write a page for the browser: what the passages state about the question, drawn."),
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Show the answer while it is made; on stderr, or as events with --json.")
    ] = False,
    source: SourceOption = None,
    date_from: FromOption = "",
    date_to: ToOption = "",
    language: LanguageOption = None,
    domain: DomainOption = None,
    layers: LayersOption = None,
) -> None:
    """Answer a question from documents, with citations.

    tadarag ask PATH "question" reads the folder or file first; a base is kept for it in .tadarag beside the documents, and later
    questions only look at what changed. Every citation is checked against the stored text. An answer that the documents do not
    support is refused, with exit status 0. With --explain or --json the answer's id is shown, for `tadarag feedback`.
    """
    path, question = _split(words)
    session = session.with_flag("pipeline", pipeline)
    chosen = filters(source, date_from, date_to, language, domain)
    how = _How(explain=explain, stream=stream, graph=graph, layers=layers_of(layers))
    if path is None:
        with session.open(read_only=True) as base:
            _answer(session, base, question, chosen, how)
        return
    with open_up_to_date(session, path) as base:
        if not source:  # a person who names sources has narrowed the question already
            chosen = path_filter(base, path, chosen)
        _answer(session, base, question, chosen, how)


@with_session
def search(
    session: Session,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words or a question.")],
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="How many. Default: the setting `limit`, 10.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show which layers and links found each passage.")] = False,
    source: SourceOption = None,
    date_from: FromOption = "",
    date_to: ToOption = "",
    language: LanguageOption = None,
    domain: DomainOption = None,
    layers: LayersOption = None,
) -> None:
    """List the passages that match a query, best first."""
    if not query.strip():
        raise UsageError("the query is empty", 'write what to look for: tadarag search "words"')
    query = as_typed(query)
    session = session.with_flag("limit", limit)
    chosen = filters(source, date_from, date_to, language, domain)
    with session.open(read_only=True) as base:
        hits = base.search(query, limit=session.settings.limit, filters=chosen, layers=layers_of(layers))
    session.output.result(search_json(query, hits), hit_lines(hits, explain=explain))


def _split(words: Sequence[str]) -> tuple[Path | None, str]:
    """The path, if there is one, and the question. Raises UsageError."""
    *before, last = words
    question = as_typed(last)
    if len(before) > 1:
        raise UsageError("there are too many words", f'put the question in quotation marks: tadarag ask {words[0]} "question"')
    if not question.strip():
        raise UsageError("the question is empty", 'write it in quotation marks: tadarag ask PATH "question"')
    if not before:
        if _exists(question):
            raise UsageError(f"there is no question about {question!r}", f'add it in quotation marks: tadarag ask {question} "question"')
        return None, question
    if not _exists(before[0]):
        raise UsageError(f"there is no file or folder {before[0]!r}", "check the spelling, and the folder you are in")
    return Path(before[0]), question


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):  # a long question is no valid file name on any system
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a question is asked and its answer shown."""

    explain: bool
    stream: bool
    graph: Path | None
    layers: frozenset[str]


def _answer(session: Session, base: KnowledgeBase, question: str, chosen: Filters, how: _How) -> None:
    """Ask the base, keep the answer, and write it."""
    output, graph = session.output, how.graph
    listener = _Stream(output) if how.stream else None
    with_graph = graph is not None or output.as_json
    pipeline = session.settings.pipeline
    answer = base.ask(question, pipeline=pipeline, filters=chosen, with_graph=with_graph, layers=how.layers, on_event=listener)
    answer_id = _kept(session, base, answer, is_said=how.explain or output.as_json)
    drawn = [] if graph is None else drawn_lines(graph, answer)
    if graph is not None:
        write_page(graph, base.question_page(answer))
    if listener is None or not output.as_json:
        lines = [*answer_lines(answer, explain=how.explain), *(_id_lines(answer_id) if how.explain else ()), *drawn]
        output.result({"base": str(base.path), **answer_json(answer)}, lines)


def _kept(session: Session, base: KnowledgeBase, answer: Answer, *, is_said: bool) -> str | None:
    """The id of the answer, which is kept for feedback; None where that cannot be, which is no reason to withhold the answer.

    is_said: tell a person who is shown ids why this one is not there.
    """
    try:
        return base.keep_answer(answer)
    except TadaragError as error:
        if is_said:
            session.output.note(f"this answer is not kept for feedback: {error.happened}")
        return None


def _id_lines(answer_id: str | None) -> Sequence[str]:
    return () if answer_id is None else (f"answer:     {answer_id}; say how good it is: tadarag feedback {answer_id} up (or down)",)


class _Stream:
    """Shows the events of an answer: JSON lines on stdout, or the text on stderr, marked unchecked until its citations are checked."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._started = False

    def __call__(self, event: AnswerEvent) -> None:
        if self._output.as_json:
            self._output.json_line(event_json(event))
        elif event.kind == "text":
            self._output.write_note(("" if self._started else "unchecked: ") + printable(event.text))
            self._started = True
        elif event.kind == "withdrawn":
            self._output.note(f"\nwithdrawn (no citation bears it out): {one_line(event.text)}")
            self._started = False
        elif event.kind == "done" and self._started:
            self._output.note("\nchecked:")
