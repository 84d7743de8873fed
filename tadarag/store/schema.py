"""The database file: its tables, how it is opened, and what its format version means."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from tadarag.errors import BaseDamaged, BaseMissing, FormatMismatch
from tadarag.store.array_file import sync_folder

FORMAT = "2"

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, path TEXT NOT NULL, part TEXT NOT NULL,
  content TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER);
CREATE UNIQUE INDEX present_sources ON sources (root, path, part) WHERE to_seq IS NULL;
CREATE INDEX sources_by_start ON sources (from_seq);
CREATE INDEX sources_by_end ON sources (to_seq) WHERE to_seq IS NOT NULL;
CREATE INDEX sources_by_content ON sources (content);
CREATE TABLE contents (hash TEXT PRIMARY KEY, document BLOB NOT NULL, chunks BLOB NOT NULL, extraction BLOB NOT NULL, domain BLOB NOT NULL,
  memory BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE vectors (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE content_vectors (content TEXT NOT NULL, chunk INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (content, chunk)) WITHOUT ROWID;
CREATE INDEX content_vectors_by_key ON content_vectors (key);
CREATE TABLE decisions (kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, body)) WITHOUT ROWID;
CREATE TABLE recorded (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (seq INTEGER PRIMARY KEY, token TEXT NOT NULL, at REAL NOT NULL, n_put INTEGER NOT NULL, n_removed INTEGER NOT NULL);
CREATE TABLE quarantine (root TEXT NOT NULL, path TEXT NOT NULL, part TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
  PRIMARY KEY (root, path, part)) WITHOUT ROWID;
CREATE TABLE files (root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (root, path)) WITHOUT ROWID;
"""


def create_database(path: Path, settings: Mapping[str, str]) -> None:
    """Make a new, empty database with frozen `settings`; it appears whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.unlink(missing_ok=True)
    connection = sqlite3.connect(temporary, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript("BEGIN;" + _TABLES + "COMMIT;")
        values = {**{f"setting:{key}": value for key, value in settings.items()}, "format": FORMAT, "sequence": "0", "vacuumed": "0"}
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(values.items()))
        connection.execute("COMMIT")
    finally:
        connection.close()
    temporary.replace(path)
    sync_folder(path.parent)  # else a power cut could take the name away from a database that has acknowledged documents
    sync_folder(path.parent.parent)


def connect(path: Path, *, writable: bool, formats: Sequence[str] = (FORMAT,)) -> sqlite3.Connection:
    """Open an existing database of one of the given formats. Raises BaseMissing, BaseDamaged or FormatMismatch."""
    if not path.is_file():
        raise BaseMissing(f"there is no knowledge base at {path.parent}", f"make one: tadarag ingest --base {path.parent} FOLDER")
    # Readers open read-write too where they can: WAL needs its shared-memory file. In a read-only place nobody writes: immutable.
    mode = "mode=rw" if writable or os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"
    uri = f"file:{_quoted(path)}?{mode}"
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30.0)
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 2000")
            connection.execute("PRAGMA cache_size = -65536")  # KiB: keys are hashes, so that inserts go all over the trees
        row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # UnicodeDecodeError: SQLite's own message quotes damaged bytes
        if connection is not None:
            connection.close()
        raise BaseDamaged(
            f"the database of the base at {path.parent} cannot be read ({error})", "restore a backup, or ingest the documents again"
        ) from error
    if row is None or row[0] not in formats:
        found = "no format" if row is None else f"format {row[0]}"
        connection.close()
        is_older = row is not None and row[0].isdigit() and int(row[0]) < int(FORMAT)
        raise FormatMismatch(
            f"the base at {path.parent} has {found}; this version of tadarag reads format {FORMAT}",
            f"run: tadarag reindex --base {path.parent}"
            if is_older
            else "use the version of tadarag that wrote it, or: tadarag export there and tadarag import here",
        )
    if writable and row[0] == FORMAT:  # a base of this format that was made before findings were looked up by key
        connection.execute("CREATE INDEX IF NOT EXISTS content_vectors_by_key ON content_vectors (key)")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def read_settings(connection: sqlite3.Connection) -> dict[str, str]:
    """The settings frozen when the base was made."""
    rows = connection.execute("SELECT key, value FROM meta WHERE key LIKE 'setting:%'")
    settings = {key.removeprefix("setting:"): value for key, value in rows}
    if not settings.get("dimension", "").isdigit() or "encoder" not in settings:
        raise BaseDamaged("the database has lost its settings", "restore a backup, or ingest the documents again")
    return settings
