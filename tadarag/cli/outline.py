"""The outline of a document: as a tree in the terminal, as JSON, or as a page for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.base_json import outline_json
from tadarag.cli.memory_source import DocumentArgument, read_memory
from tadarag.cli.output import counted, one_line
from tadarag.cli.session import Session, with_session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.outline.lines import OutlineLine
    from tadarag.values import Record


@with_session
def outline(
    session: Session,
    document: DocumentArgument,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page for the browser: outline, text, passages, core statements.")
    ] = None,
) -> None:
    """Show the outline of a document, with the passages under each line.

    A line ends with the range of characters that lies under it, and the page if there are pages; (topic) marks a shift of topic inside a
    section. A file need not be in a knowledge base: its memory is made for this once, and nothing is kept.
    """
    from tadarag.outline.lines import outline_lines

    record, builder = read_memory(session, document)
    lines = outline_lines(record)
    result = outline_json(record, lines, builder=builder)
    if html is None:
        session.output.result(result, _outline_text(record, lines, builder))
        return
    _write_page(html, record, builder)
    session.output.result({**result, "html": str(html)}, [f"wrote {one_line(str(html))} ({counted(len(record.chunks), 'passage')})"])


def _write_page(file: Path, record: Record, builder: str) -> None:
    from tadarag.outline.page import outline_page

    try:
        file.write_text(outline_page(record, builder=builder), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be written ({error.strerror})", "name a file in a folder that can be written") from error


def _outline_text(record: Record, lines: Sequence[OutlineLine], builder: str) -> Iterator[str]:
    memory = record.memory
    yield one_line(record.document.title or str(record.source))
    about = [
        str(record.source),
        counted(len(record.chunks), "passage"),
        f"scenario {memory.scenario}" if memory.scenario else "",
        f"builder {builder.partition('/')[0]}" if builder else "",
    ]
    yield " · ".join(one_line(part) for part in about if part)
    if memory.scores:
        scores = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in memory.scores)
        yield f"scores by {one_line(memory.judge) or 'unknown'}: {scores}"
    yield from (f"note: {one_line(note)}" for note in memory.notes)
    if not lines:
        yield "no text"
        return
    yield ""
    numbers = [_numbers(line) for line in lines]
    width = max(len(number) for number in numbers)
    for number, line, tree in zip(numbers, lines, _tree(lines), strict=True):
        page = "" if line.page is None else f" · p. {line.page}" if line.page == line.last_page else f" · p. {line.page}–{line.last_page}"
        topic = " (topic)" if line.is_topic else ""
        yield f"{number:>{width}}  {tree}{one_line(line.title)}{topic}  [{line.span.start}, {line.span.end}){page}"


def _numbers(line: OutlineLine) -> str:
    return str(line.first + 1) if line.first == line.last else f"{line.first + 1}–{line.last + 1}"


def _tree(lines: Sequence[OutlineLine]) -> list[str]:
    """Before each line the branches that lead to it; worked out from the end, where it is known whether a branch goes on."""
    trees: list[str] = []
    goes_on: dict[int, bool] = {}
    for line in reversed(lines):
        branches = ["│ " if goes_on.get(depth, False) else "  " for depth in range(1, line.depth)]
        own = ("├ " if goes_on.get(line.depth, False) else "└ ") if line.depth else ""
        trees.append("".join(branches) + own)
        goes_on = {depth: True for depth in goes_on if depth < line.depth} | {line.depth: True}
    return trees[::-1]
