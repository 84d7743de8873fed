"""A base of an older format becomes one of this: documents and decisions are carried over, what is derived is filled in or derived again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tadarag.store.codec import memory_to_json, pack_json, unpack_json
from tadarag.store.schema import FORMAT, connect
from tadarag.store.truth import transaction
from tadarag.values import DocumentMemory


def upgrade(database: Path) -> bool:
    """Bring a database to today's format, whole or not at all; False when it already is. Its derivations still want `reindex`.

    The caller holds the writer's lock. Raises BaseMissing, BaseDamaged, and FormatMismatch for a format that no step starts from.
    """
    connection = connect(database, writable=True, formats=(FORMAT, *_STEPS))
    try:
        found = _format(connection)
        if found == FORMAT:
            return False
        with transaction(connection):
            _STEPS[found](connection)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (FORMAT,))
            connection.execute("UPDATE meta SET value = ? WHERE key = 'setting:format'", (FORMAT,))
        return True
    finally:
        connection.close()


def _format(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()[0])


def _add_memories(connection: sqlite3.Connection) -> None:
    """1 to 2: chunks have outline lines and what their cores left out, documents have memories; all empty until `reindex`."""
    connection.execute("ALTER TABLE contents ADD COLUMN memory BLOB NOT NULL DEFAULT x''")
    connection.execute("UPDATE contents SET memory = ?", (pack_json(memory_to_json(DocumentMemory())),))
    for content, sealed in connection.execute("SELECT hash, chunks FROM contents").fetchall():
        chunks = unpack_json(sealed, f"the document {content[:12]}")
        filled = [{"outline": "", "left_out": [], "statement": "", **chunk} for chunk in chunks]
        connection.execute("UPDATE contents SET chunks = ? WHERE hash = ?", (pack_json(filled), content))


_STEPS = {"1": _add_memories}
