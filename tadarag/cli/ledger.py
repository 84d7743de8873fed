"""The command that says what was spent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.cli.output import counted, table
from tadarag.cli.session import Session, with_session

if TYPE_CHECKING:
    from tadarag.ledger import Entry, Spent


@with_session
def ledger(
    session: Session,
    last: Annotated[int, typer.Option(metavar="N", min=0, help="Also list the last N ingests, the latest first.")] = 0,
) -> None:
    """Say what reading documents has taken: calls, tokens, money, time.

    It goes back to the making of the base, and counts what was since deleted. It names no document.
    """
    from tadarag.ledger import total_spent

    with session.open(read_only=True) as base:
        entries = base.ledger()
    total = total_spent(entries)
    listed = [*reversed(entries[-last:])] if last else []
    document = {"n_entries": len(entries), "total": [asdict(spent) for spent in total], "entries": [asdict(entry) for entry in listed]}
    session.output.result(document, _lines(entries, total, listed))


def _lines(entries: Sequence[Entry], total: Sequence[Spent], listed: Sequence[Entry]) -> Iterator[str]:
    seconds = sum(entry.seconds for entry in entries)
    yield f"{counted(len(entries), 'ingest')} in {seconds:.1f} s, {sum(entry.cpu_seconds for entry in entries):.1f} s of processor time"
    yield from table([_row(spent) for spent in total])
    for entry in listed:
        yield f"{entry.at} {entry.action}: {counted(entry.n_documents, 'document')} in {entry.seconds:.1f} s"
        yield "  " + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in entry.stages)


def _row(spent: Spent) -> tuple[str, ...]:
    if not spent.n_calls:
        return spent.what, counted(spent.n_documents, "document"), "no calls", "", ""
    about = "about " if spent.are_estimates else ""
    cost = "cost unknown" if spent.cost is None else f"cost {spent.cost:.4f}"
    tokens = f"{about}{spent.prompt_tokens:,} tokens in, {spent.completion_tokens:,} out"
    return spent.what, counted(spent.n_documents, "document"), counted(spent.n_calls, "call"), tokens, cost
