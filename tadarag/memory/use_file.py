"""The file of the memory of use: a second database beside the base, so that asking and feedback never wait for a writer of documents."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from tadarag.errors import BaseBusy, BaseDamaged, BaseError, FormatMismatch
from tadarag.store.protocol import Finding

USE_FILE = "use.sqlite3"
_FORMAT = 1
_WAIT_SECONDS = 30.0
_TABLES = """
CREATE TABLE kept_answer (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, question TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE quoted_content (answer TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (answer, content)) WITHOUT ROWID;
CREATE INDEX quoted_content_by_content ON quoted_content (content);
CREATE TABLE retrieval_trace (
    answer TEXT NOT NULL, rank INTEGER NOT NULL, target_kind TEXT NOT NULL, target_id TEXT NOT NULL,
    root TEXT NOT NULL, path TEXT NOT NULL, part TEXT NOT NULL, content TEXT NOT NULL,
    score REAL NOT NULL, similarity REAL NOT NULL, cited INTEGER NOT NULL, PRIMARY KEY (answer, rank)
) WITHOUT ROWID;
CREATE INDEX retrieval_trace_by_content ON retrieval_trace (content);
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, answer TEXT NOT NULL, source TEXT NOT NULL, reward REAL NOT NULL,
    comment TEXT NOT NULL, at TEXT NOT NULL, token TEXT NOT NULL UNIQUE
);
CREATE INDEX feedback_by_answer ON feedback (answer);
"""
# SQLite's own lock on this file is the lock; a rollback journal, not a log, because changes are few and a reader may be on a read-only medium.


@contextmanager
def changing(folder: Path) -> Iterator[sqlite3.Connection]:
    """One change of the memory of a base, whole or not at all; the file is made with the first.

    Waits for another change to end. Raises BaseError when it cannot be written, BaseBusy, BaseDamaged, FormatMismatch.
    """
    with _explained(folder), closing(sqlite3.connect(folder / USE_FILE, isolation_level=None, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            _prepare(connection, folder)
            yield connection
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """One consistent look at the memory of a base; None where there is none yet. Raises as `changing` does."""
    file = folder / USE_FILE
    if not file.is_file():
        yield None
        return
    mode = "rw" if os.access(folder, os.W_OK) else "ro"  # rw: what a killed process left half done is taken back first
    uri = f"file:{quote(str(file))}?mode={mode}"
    with _explained(folder), closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("BEGIN")
        version = _version(connection, folder)
        yield connection if version else None


def compact(folder: Path) -> int:
    """Rewrite the file, so that nothing is left in it of what was removed; returns the bytes freed."""
    file = folder / USE_FILE
    if not file.is_file():
        return 0
    before = file.stat().st_size
    with _explained(folder), closing(sqlite3.connect(file, isolation_level=None, timeout=_WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # the copy that VACUUM makes must not leave deleted text in a temporary file
        connection.execute("VACUUM")
    return max(0, before - file.stat().st_size)


def copy_use(folder: Path, target: Path) -> None:
    """Let a copy of a base have the same memory of use, consistently while it is in use; nothing where there is none."""
    with reading(folder) as source:
        if source is None:
            return
        source.execute("COMMIT")  # the copy takes its own look
        with _explained(target), closing(sqlite3.connect(target / USE_FILE)) as copy:
            source.backup(copy)


def use_findings(folder: Path) -> tuple[Finding, ...]:
    """What is wrong with the file, nothing when it is sound or not there."""
    try:
        with reading(folder) as connection:
            rows = [] if connection is None else connection.execute("PRAGMA quick_check").fetchall()
    except BaseError as error:
        return (Finding(place=USE_FILE, problem=error.happened, do=error.do),)
    problems = [str(row[0]) for row in rows if row[0] != "ok"]
    return (Finding(place=USE_FILE, problem=problems[0], do=_LOST),) if problems else ()


_LOST = f"put {USE_FILE} back from a backup, or remove it: kept answers and feedback go with it, documents do not"


def _prepare(connection: sqlite3.Connection, folder: Path) -> None:
    if _version(connection, folder) == 0:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_FORMAT}")


def _version(connection: sqlite3.Connection, folder: Path) -> int:
    """The format of the file, 0 for one in which nothing has been written."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version not in (0, _FORMAT):
        raise FormatMismatch(
            f"{folder / USE_FILE} has format {version}; this version of tadarag reads format {_FORMAT}",
            "use the version of tadarag that wrote it",
        )
    return version


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Errors of the database arrive with a remedy."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):  # a mistake of ours, no damage
        raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise BaseBusy(f"the memory of use in {folder} is being written by another process", "do it again in a moment") from error
        raise BaseError(
            f"the memory of use in {folder} cannot be written ({error})",
            "mend the permissions or free disk space, or work on a copy: tadarag backup",
        ) from error
    except sqlite3.DatabaseError as error:
        raise BaseDamaged(f"the memory of use in {folder} cannot be read ({error})", _LOST) from error
