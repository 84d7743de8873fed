"""A document's memory by the document's name in the base, or by a file's path: a file outside the base needs none."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.cli.plugins import load_encoder
from tadarag.cli.session import Session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.documents.parsing import ParsedPart
    from tadarag.models.encoder import Encoder
    from tadarag.values import Record

DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOC", help="A name as `tadarag list` shows it, or a file (FILE#PART for a part).")
]


def read_record(session: Session, name: str) -> Record:
    """The record of a document, with its memory: see `read_memory`."""
    return read_memory(session, name)[0]


def read_memory(session: Session, name: str) -> tuple[Record, str]:
    """The record of a document, and the fingerprint of the builder that made its memory.

    name: a document of the base, or else a file, which is parsed and derived here without vectors; "FILE#PART" is a row or an attachment.
    The base wins where both have the name. Raises UsageError when neither has it or it means several, DocumentError for an unreadable file.
    """
    file, part = _file_and_part(name)
    if session.has_base:
        with session.open(read_only=True) as base:
            try:
                return base.record(name), base.builder
            except UsageError:
                if file is None:
                    raise
    if file is None:
        raise UsageError(f"there is no document and no file {name!r}", "name a file, or a document that `tadarag list` shows")
    return _derive_file(session, file, part)


def _file_and_part(name: str) -> tuple[Path | None, str]:
    """The file that a name means, None when there is none, and the part inside it."""
    if Path(name).is_file():
        return Path(name), ""
    stem, _, part = name.partition("#")
    return (Path(stem), part) if stem and Path(stem).is_file() else (None, "")


def _derive_file(session: Session, file: Path, part: str) -> tuple[Record, str]:
    from tadarag.components import default_components
    from tadarag.derivation import derive
    from tadarag.documents.parsing import content_hash
    from tadarag.documents.pool import ParserPool
    from tadarag.scenarios import own_scenarios
    from tadarag.values import SourceName

    with ParserPool() as parsers:
        found = _chosen(file, parsers.parse(file.name, file.read_bytes()), part)
    source = SourceName(".", unicodedata.normalize("NFC", file.name), found.part)
    scenarios = own_scenarios(session.base) if session.has_base else ()
    components = default_components(_encoder(session.settings.encoder or "shipped"), scenario_folders=scenarios)
    return derive(source, content_hash(found.document), found.document, components), components.builder.fingerprint


@cache
def _encoder(name: str) -> Encoder:
    """The encoder of that name, loaded once for all files of a run."""
    return load_encoder(name)


def _chosen(file: Path, parts: tuple[ParsedPart, ...], part: str) -> ParsedPart:
    """The part of that name; without a name the whole file, or its only part."""
    named = [found for found in parts if found.part == part]
    if named or (len(parts) == 1 and not part):
        return (named or parts)[0]
    problem = f"{file} has no part {part!r}" if part else f"{file} holds {len(parts)} documents"
    raise UsageError(problem, f"name one of them, such as {file}#{parts[0].part or parts[-1].part}")
