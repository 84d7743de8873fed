"""Commands that say what a base holds: list, show, status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.base_json import document_json, record_json, status_json
from tadarag.cli.filtering import DomainOption, FromOption, LanguageOption, SourceOption, ToOption, filters
from tadarag.cli.output import counted, one_line, printable, table
from tadarag.cli.report_text import nameless_lines, quarantine_lines
from tadarag.cli.session import Session, with_session

if TYPE_CHECKING:
    from tadarag.reports import BaseStatus
    from tadarag.values import Record


@with_session
def list_documents(
    session: Session,
    source: SourceOption = None,
    date_from: FromOption = "",
    date_to: ToOption = "",
    language: LanguageOption = None,
    domain: DomainOption = None,
) -> None:
    """List the documents of the knowledge base.

    The first column is the name that `show`, `delete` and `--source` take.
    """
    chosen = filters(source, date_from, date_to, language, domain)
    with session.open(read_only=True) as base:
        documents = base.list(chosen)
    rows = [(str(info.source), counted(info.n_passages, "passage"), info.date or "-", info.language, info.title) for info in documents]
    if not documents:
        session.output.note("the knowledge base holds no documents" + (" that match" if chosen != filters() else ""))
    session.output.result({"documents": [document_json(info) for info in documents]}, table(rows))


@with_session
def show(
    session: Session,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A name as `tadarag list` shows it.")],
    text: Annotated[
        bool, typer.Option("--text", help="Its text, as it is quoted. This is what is shown unless you ask otherwise.")
    ] = False,
    chunks: Annotated[bool, typer.Option("--chunks", help="Its passages with their headings and core statements.")] = False,
    mentions: Annotated[bool, typer.Option("--mentions", help="The names, dates and numbers found in it.")] = False,
) -> None:
    """Show what the knowledge base holds of a document.

    With --json: everything. Spans count code points of the text.
    """
    with session.open(read_only=True) as base:
        record = base.record(source)
    session.output.result(
        record_json(record), _record_lines(record, text=text or not (chunks or mentions), chunks=chunks, mentions=mentions)
    )


@with_session
def status(session: Session) -> None:
    """Say what the knowledge base holds and what needs attention."""
    with session.open(read_only=True) as base:
        state = base.status()
    session.output.result(status_json(state, encoder=session.encoder_name), _status_lines(state, session.encoder_name))


def _status_lines(state: BaseStatus, encoder: str) -> Iterator[str]:
    yield from table(
        [
            ("base", state.path),
            ("documents", str(state.n_documents)),
            ("passages", f"{state.n_passages} ({state.n_sentences} sentences)"),
            ("size", f"{state.n_bytes / 1_000_000:.1f} MB"),
            ("languages", ", ".join(f"{name} {count}" for name, count in state.languages) or "-"),
            ("domains", ", ".join(f"{name} {count}" for name, count in state.domains) or "-"),
            ("tiers", ", ".join(f"{name} {count}" for name, count in state.tiers) or "-"),
            ("encoder", f"{encoder} ({state.encoder[:16]})"),
            ("format", state.format),
            (
                "change",
                f"{state.sequence}" + ("" if state.indexed_sequence == state.sequence else f" (indexed up to {state.indexed_sequence})"),
            ),
        ]
    )
    if state.empty:
        yield "without text: " + ", ".join(one_line(str(source)) for source in state.empty)
    yield from nameless_lines(state.nameless)
    yield from quarantine_lines(state.quarantined)
    if state.quarantined:
        yield "after mending them: tadarag retry"


def _record_lines(record: Record, *, text: bool, chunks: bool, mentions: bool) -> Iterator[str]:
    document = record.document
    yield from table(
        [
            ("source", str(record.source)),
            ("title", document.title or "-"),
            ("date", document.date or "-"),
            ("language", document.language),
            ("type", document.media_type),
            ("domain", record.domain or "-"),
            ("content", record.content),
            ("passages", str(len(record.chunks))),
            *document.fields,
        ]
    )
    if text:
        yield ""
        yield printable(document.text)
    for number, chunk in enumerate(record.chunks if chunks else (), start=1):
        yield ""
        yield f"passage {number}, [{chunk.span.start}, {chunk.span.end}), {one_line(' > '.join(chunk.heading_path)) or 'no heading'}"
        yield f"  about: {one_line(chunk.subject) or '-'}"
        yield f"  core:  {one_line(' '.join(span.of(document.text) for span in chunk.core)) or '-'}"
        yield f"  text:  {one_line(chunk.span.of(document.text))}"
    if mentions:
        yield ""
        yield from table([(m.kind, m.text, f"[{m.span.start}, {m.span.end})", m.normal) for m in record.extraction.mentions])
