"""The options that say which documents, and which layers of a score, may take part in a search, a list or an answer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.values import Filters

SourceOption = Annotated[list[str] | None, typer.Option("--source", metavar="GLOB", help="Only these documents (repeatable).")]
FromOption = Annotated[str, typer.Option("--from", metavar="DATE", show_default=False, help="Only documents dated then or later.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DATE", show_default=False, help="Only documents dated then or earlier.")]
LanguageOption = Annotated[list[str] | None, typer.Option("--language", metavar="CODE", help="Only this language: en, zh … (repeatable).")]
DomainOption = Annotated[list[str] | None, typer.Option("--domain", metavar="NAME", help="Only this domain (repeatable).")]
LayersOption = Annotated[
    str | None, typer.Option("--layers", metavar="NAMES", help="Only these layers count (with commas), by the names that --explain shows.")
]


def layers_of(names: str | None) -> frozenset[str]:
    """The layers that the option names, all without it. Raises UsageError for a name that there is not."""
    from tadarag.retrieval.switches import LAYERS, check_layers  # numpy is not needed to print help

    return LAYERS if names is None else check_layers({name.strip() for name in names.split(",") if name.strip()})


def filters(
    sources: Sequence[str] | None = None,
    date_from: str = "",
    date_to: str = "",
    languages: Sequence[str] | None = None,
    domains: Sequence[str] | None = None,
) -> Filters:
    """The options as one value. Raises UsageError for a date that is not ISO or a range that is empty."""
    from tadarag.values import Filters

    for option, date in (("--from", date_from), ("--to", date_to)):
        if date:
            _check_date(option, date)
    if date_from and date_to and date_from > date_to:
        raise UsageError(f"--from {date_from} is after --to {date_to}", "swap the two dates")
    return Filters(
        sources=tuple(sources or ()),
        date_from=date_from,
        date_to=date_to,
        languages=tuple(languages or ()),
        domains=tuple(domains or ()),
    )


def _check_date(option: str, date: str) -> None:
    try:
        datetime.date.fromisoformat(date)
    except ValueError as error:
        raise UsageError(f"{option} {date!r} is not a date", "write it as YYYY-MM-DD, such as 2024-03-31") from error
