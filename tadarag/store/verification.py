"""What is wrong with a base: its database, the values in it, and the index derived from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tadarag.errors import IndexDamaged
from tadarag.store.index import belongs_to, load_segment, read_manifest
from tadarag.store.protocol import Finding
from tadarag.store.truth import damaged_contents, number, present_sources
from tadarag.values import SourceName

_RESTORE = "restore a backup, or ingest the documents again"
_REPAIR = "run: tadarag repair"


def verify_database(connection: sqlite3.Connection, *, deep: bool) -> Iterator[Finding]:
    """SQLite's own check; `deep` also reads every stored value of every present document against its checksum."""
    try:
        pragma = "integrity_check" if deep else "quick_check"
        for (line,) in connection.execute(f"PRAGMA {pragma}"):
            if line != "ok":
                yield Finding(place="database", problem=str(line), do=_RESTORE)
        for source, problem in damaged_documents(connection) if deep else ():
            yield Finding(place=str(source), problem=problem, do=f"{_REPAIR}, then ingest the source again")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield Finding(place="database", problem=f"cannot be read ({error})", do=_RESTORE)


def damaged_documents(connection: sqlite3.Connection) -> Iterator[tuple[SourceName, str]]:
    """Present sources whose stored values fail their checksums or are not all there, and what failed."""
    return damaged_contents(connection, present_sources(connection, number(connection, "sequence")).items())


def verify_index(folder: Path, connection: sqlite3.Connection) -> Iterator[Finding]:
    """Every file of the index against its checksum, and whether it was derived from this state of the database."""
    last = number(connection, "sequence")
    try:
        manifest = read_manifest(folder)
        for entry in manifest.segments if manifest else ():
            load_segment(folder, entry)
    except IndexDamaged as error:
        yield Finding(place="index", problem=error.happened, do=error.do)
        return
    behind = f"run any command that writes, or: {_REPAIR.removeprefix('run: ')}"
    if manifest is None:
        if last:
            yield Finding(place="index", problem="it has not been built", do=_REPAIR)
    elif not belongs_to(manifest, connection):
        yield Finding(place="index", problem="it was built from another state of the database", do=behind)
    elif manifest.sequence < last:
        yield Finding(place="index", problem="it is behind the database", do=behind)
