"""Bytes and a name become documents."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from tadarag.document_json import content_hash
from tadarag.documents.columns import Columns, Table
from tadarag.documents.sniffing import EXTRA_SUFFIXES, SUFFIXES, format_of, suffix_of
from tadarag.documents.text import one_line
from tadarag.errors import DocumentError, PluginError
from tadarag.values import Document

__all__ = [
    "EXTRA_SUFFIXES",
    "FINGERPRINT",
    "SUFFIXES",
    "Columns",
    "ParsedPart",
    "Parser",
    "columns_of",
    "content_hash",
    "parse",
    "readable_suffixes",
]

FINGERPRINT = "parsers-1"  # change it when any parser here gives another document for the same bytes
ENTRY_POINTS = "tadarag.parsers"  # entries are named by suffix, with its dot
_MAX_MAIL_DEPTH = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPart:
    """A document found in a file. part: "" for the whole file, a row's id, or an attachment's name ("a.eml/b.txt" when nested)."""

    part: str
    document: Document


class Parser(Protocol):
    """Bytes and a name in, parts out; pure in the name's suffix and the bytes.

    `document.text` is in NFC with LF line ends, every span lies inside it, headings and pages are kept. Raises DocumentError with a
    clear reason for what it cannot read; a document without text is a Document whose text is "".
    """

    def __call__(self, name: str, data: bytes) -> Sequence[ParsedPart]: ...


def parse(name: str, data: bytes, *, columns: Columns | None = None) -> tuple[ParsedPart, ...]:
    """Parse a file in this process.

    name: only its suffix and, in messages, itself matter. columns: which columns of a table to read; None guesses.
    Raises DocumentError for anything unreadable, UsageError for columns that the table lacks. For hostile formats use `ParserPool`.
    """
    return _parse(name, data, columns, depth=0)


def columns_of(name: str, data: bytes) -> Columns | None:
    """The columns that `parse` guesses for a table, so that they can be shown and overridden; None for other formats."""
    reader = _TABLES.get(format_of(name, data))
    return reader(name, data, None).columns if reader else None


def readable_suffixes() -> tuple[str, ...]:
    """Every suffix that the core, the extra or an installed parser reads, sorted. Loads no parser."""
    return tuple(sorted({*SUFFIXES, *EXTRA_SUFFIXES, *entry_points(group=ENTRY_POINTS).names}))


def installed_parser(suffix: str) -> Parser | None:
    """The parser that a third party declares for `suffix`, or None. Raises PluginError when two packages claim it."""
    matches = [entry for entry in entry_points(group=ENTRY_POINTS) if entry.name == suffix]
    if len(matches) > 1:
        raise PluginError(f"{ENTRY_POINTS}: {suffix!r} is claimed by {len(matches)} packages", "uninstall all but one of them")
    loaded: Parser | None = matches[0].load() if matches else None
    return loaded


def _parse(name: str, data: bytes, columns: Columns | None, depth: int) -> tuple[ParsedPart, ...]:
    suffix = suffix_of(name)
    if suffix and (suffix not in SUFFIXES):
        parser = installed_parser(suffix)
        if parser is not None:
            return tuple(parser(name, data))
    found = format_of(name, data)
    if not data and found not in ("csv", "json", "jsonl"):
        return (ParsedPart(part="", document=Document(text="")),)
    if found in _TABLES:
        table = _TABLES[found](name, data, columns)
        return tuple(ParsedPart(part=part, document=document) for part, document in table.parts) or (
            ParsedPart(part="", document=Document(text="")),
        )
    if found == "email":
        return _parse_mail(name, data, depth)
    return (ParsedPart(part="", document=_WHOLE[found](name, data)),)


def _parse_mail(name: str, data: bytes, depth: int) -> tuple[ParsedPart, ...]:
    """The mail, then its attachments that can be read; the others are named in the mail's fields and in the log."""
    from dataclasses import replace

    from tadarag.documents.email import parse_email

    mail, attachments = parse_email(name, data)
    parts: list[ParsedPart] = []
    taken: set[str] = set()
    unread: list[tuple[str, str]] = []
    for attachment in attachments:
        part, number = attachment.name, 1
        while part in taken:
            number += 1
            part = f"{attachment.name}~{number}"
        taken.add(part)
        try:
            if depth >= _MAX_MAIL_DEPTH:
                raise DocumentError(f"{one_line(part)} is nested more than {_MAX_MAIL_DEPTH} mails deep", "save it as a file")
            inner = _parse(attachment.name, attachment.data, None, depth + 1)
        except DocumentError as error:  # a picture in a mail is no reason to refuse the mail
            _log.warning("attachment of %s left out: %s", one_line(name), error.happened)
            unread.append(("Attachment not read", error.happened))
            continue
        parts += [ParsedPart(part=f"{part}/{found.part}" if found.part else part, document=found.document) for found in inner]
    return (ParsedPart(part="", document=replace(mail, fields=mail.fields + tuple(unread))), *parts)


def _csv(name: str, data: bytes, columns: Columns | None) -> Table:
    from tadarag.documents.tables import parse_csv

    return parse_csv(name, data, columns=columns)


def _json(name: str, data: bytes, columns: Columns | None) -> Table:
    from tadarag.documents.tables import parse_json

    return parse_json(name, data, columns=columns)


def _jsonl(name: str, data: bytes, columns: Columns | None) -> Table:
    from tadarag.documents.tables import parse_jsonl

    return parse_jsonl(name, data, columns=columns)


def _plain(name: str, data: bytes) -> Document:
    from tadarag.documents.plain import parse_plain

    return parse_plain(name, data)


def _markdown(name: str, data: bytes) -> Document:
    from tadarag.documents.markdown import parse_markdown

    return parse_markdown(name, data)


def _html(name: str, data: bytes) -> Document:
    from tadarag.documents.html import parse_html

    return parse_html(name, data)


def _pdf(name: str, data: bytes) -> Document:
    from tadarag.documents.pdf import parse_pdf

    return parse_pdf(name, data)


def _docx(name: str, data: bytes) -> Document:
    from tadarag.documents.docx import parse_docx

    return parse_docx(name, data)


def _extra(name: str, data: bytes) -> Document:
    from tadarag.documents.unstructured_parser import parse_unstructured

    return parse_unstructured(name, data)


_TABLES: dict[str, Callable[[str, bytes, Columns | None], Table]] = {"csv": _csv, "json": _json, "jsonl": _jsonl}
_WHOLE: dict[str, Callable[[str, bytes], Document]] = {
    "plain": _plain,
    "markdown": _markdown,
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    **dict.fromkeys(EXTRA_SUFFIXES.values(), _extra),
}
