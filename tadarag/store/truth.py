"""The truth: present documents and what was derived from them, in one SQLite database, changed in whole transactions."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tadarag.document_json import document_from_json, document_to_json
from tadarag.errors import BaseDamaged, BaseError
from tadarag.findings import Findings
from tadarag.store.codec import (
    chunks_from_json,
    chunks_to_json,
    extraction_from_json,
    extraction_to_json,
    findings_from_json,
    found_from_json,
    found_to_json,
    memory_from_json,
    memory_to_json,
    pack_json,
    pack_vectors,
    seal,
    unpack_json,
    unpack_vectors,
    unseal,
)
from tadarag.store.protocol import READING, TIER, Change, Decision, FileState, Observer, Quarantined
from tadarag.store.segment import StoredRecord
from tadarag.values import Document, Record, SourceName, Vectors

_MAX_VARIABLES = 500
_INSERT_SOURCE = "INSERT INTO sources (root, path, part, content, from_seq) VALUES (?, ?, ?, ?, ?)"
_FOUND = "found"
"""Beside an extraction: what it was put together from, chunk by chunk."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; a full disk and other failures of the database arrive as BaseError with a remedy."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        _roll_back(connection)
        raise BaseError(
            f"the database could not write the change ({error}); nothing of it was kept",
            "free disk space or permissions, then run the command again",
        ) from error
    except BaseException:
        _roll_back(connection)
        raise


@contextmanager
def reading() -> Iterator[None]:
    """A database that cannot be read arrives as BaseError with a remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BaseError(
            f"the database could not be read ({error})", "check the disk and its permissions, then run the command again"
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise BaseDamaged(f"the database cannot be read ({error})", "restore a backup, or ingest the documents again") from error


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def number(connection: sqlite3.Connection, key: str) -> int:
    """A counter of the base: "sequence" (last change) or "vacuumed" (changes up to here have lost their dead rows)."""
    row = connection.execute("SELECT value FROM main.meta WHERE key = ?", (key,)).fetchone()
    if row is None or not str(row[0]).isdigit():
        raise BaseDamaged(f"the database has lost its counter {key!r}", "restore a backup, or ingest the documents again")
    return int(row[0])


def set_number(connection: sqlite3.Connection, key: str, value: int) -> None:
    """Set a counter of the base."""
    connection.execute("UPDATE main.meta SET value = ? WHERE key = ?", (str(value), key))


def change_token(connection: sqlite3.Connection, sequence: int) -> str:
    """What tells change `sequence` of this history from one of the same number in another (a restored backup); "" for the empty base."""
    row = connection.execute("SELECT token FROM changes WHERE seq = ?", (sequence,)).fetchone()
    return "" if row is None else str(row[0])


def apply_change(connection: sqlite3.Connection, change: Change, observe: Observer) -> int:
    """Write one change in one transaction; returns its sequence number. A put of what is already there writes nothing."""
    observe("change:begin")
    with transaction(connection):
        sequence = number(connection, "sequence") + 1
        removed = sum(_end(connection, source, sequence) for source in change.removed)
        for content in change.renewed:
            _renew(connection, content, sequence)
        put = sum(_put(connection, record, sequence) for record in change.put)
        _write_inputs(connection, change)
        set_number(connection, "sequence", sequence)
        connection.execute("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", (sequence, uuid.uuid4().hex, time.time(), put, removed))
        observe("change:written")
    observe("change:committed")
    return sequence


def _name(source: SourceName) -> tuple[str, str, str]:
    return source.root, source.path, source.part


def _end(connection: sqlite3.Connection, source: SourceName, sequence: int) -> int:
    ended = connection.execute(
        "UPDATE sources SET to_seq = ? WHERE root = ? AND path = ? AND part = ? AND to_seq IS NULL", (sequence, *_name(source))
    )
    connection.execute("DELETE FROM quarantine WHERE root = ? AND path = ? AND part = ?", _name(source))
    return ended.rowcount


def _renew(connection: sqlite3.Connection, content: str, sequence: int) -> None:
    """Let every present source of a content begin anew, and forget what was derived of it: a put of this change derives it again."""
    rows = connection.execute("SELECT id, root, path, part FROM sources WHERE content = ? AND to_seq IS NULL", (content,)).fetchall()
    for id_, *name in rows:
        connection.execute("UPDATE sources SET to_seq = ? WHERE id = ?", (sequence, id_))
        connection.execute(_INSERT_SOURCE, (*name, content, sequence))
    connection.execute("DELETE FROM contents WHERE hash = ?", (content,))
    connection.execute("DELETE FROM content_vectors WHERE content = ?", (content,))


def _put(connection: sqlite3.Connection, record: Record, sequence: int) -> int:
    present = "SELECT content FROM sources WHERE root = ? AND path = ? AND part = ? AND to_seq IS NULL"
    row = connection.execute(present, _name(record.source)).fetchone()
    if connection.execute("SELECT 1 FROM contents WHERE hash = ?", (record.content,)).fetchone() is None:
        _put_content(connection, record)
    if row is not None and row[0] == record.content:
        connection.execute("DELETE FROM quarantine WHERE root = ? AND path = ? AND part = ?", _name(record.source))
        return 0
    _end(connection, record.source, sequence)
    connection.execute(_INSERT_SOURCE, (*_name(record.source), record.content, sequence))
    return 1


def _put_content(connection: sqlite3.Connection, record: Record) -> None:
    body = (
        pack_json(document_to_json(record.document)),
        pack_json(chunks_to_json(record.chunks)),
        pack_json(_extraction_body(record)),
        seal(record.domain.encode()),
        pack_json(memory_to_json(record.memory)),
    )
    connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?)", (record.content, *body))
    packed = ((key, pack_vectors(vectors)) for key, vectors in zip(record.vector_keys, record.vectors, strict=True))
    connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", packed)
    keys = ((record.content, index, key) for index, key in enumerate(record.vector_keys))
    connection.executemany("INSERT INTO content_vectors VALUES (?, ?, ?)", keys)


def _extraction_body(record: Record) -> dict[str, Any]:
    body = extraction_to_json(record.extraction)
    return {**body, _FOUND: found_to_json(record.findings, record.found_by)} if record.found_by else body


def _write_inputs(connection: sqlite3.Connection, change: Change) -> None:
    files = [(state.root, state.path, state.size, state.modified_ns, state.digest) for state in change.files]
    connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", files)
    connection.executemany("DELETE FROM quarantine WHERE root = ? AND path = ?", [(state.root, state.path) for state in change.files])
    rows = [(*_name(found.source), found.reason, found.do) for found in change.quarantined]
    connection.executemany("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)", rows)
    # Its state goes too: a file that has become readable without any other change must be read again.
    unreadable = [(found.source.root, found.source.path) for found in change.quarantined]
    connection.executemany("DELETE FROM files WHERE root = ? AND path = ?", unreadable)
    connection.executemany("DELETE FROM files WHERE root = ? AND path = ?", change.forget_files)
    connection.executemany("DELETE FROM quarantine WHERE root = ? AND path = ?", change.forget_files)
    for decision in change.decisions:
        statement = (
            "DELETE FROM decisions WHERE kind = ? AND body = ?"
            if decision.is_withdrawn
            else "INSERT OR IGNORE INTO decisions VALUES (?, ?)"
        )
        connection.execute(statement, (decision.kind, decision.body))
    results = [(key, seal(body.encode())) for key, body in change.recorded]
    connection.executemany("INSERT OR IGNORE INTO recorded VALUES (?, ?)", results)


def present_sources(connection: sqlite3.Connection, sequence: int, *, file: tuple[str, str] | None = None) -> dict[SourceName, str]:
    """Sources that are present at `sequence`, sorted, with the hashes of their content; only those of one file if it is given."""
    statement = (
        "SELECT root, path, part, content FROM sources WHERE from_seq <= ? AND (to_seq IS NULL OR to_seq > ?) ORDER BY root, path, part"
    )
    arguments: tuple[int | str, ...] = (sequence, sequence)
    if file is not None:  # by the index of present sources: the caller asks for the last sequence
        statement = "SELECT root, path, part, content FROM sources WHERE root = ? AND path = ? AND to_seq IS NULL ORDER BY part"
        arguments = file
    return {SourceName(root, path, part): content for root, path, part, content in connection.execute(statement, arguments)}


def present_versions(connection: sqlite3.Connection) -> dict[SourceName, tuple[str, str]]:
    """Sources that are present, sorted, each with the hash of its content and a mark that changes whenever anything derived of it does."""
    statement = (
        "SELECT root, path, part, content, sources.id || ' ' || coalesce(changes.token, '') FROM sources "
        "LEFT JOIN changes ON changes.seq = sources.from_seq WHERE to_seq IS NULL ORDER BY root, path, part"
    )
    return {SourceName(root, path, part): (content, mark) for root, path, part, content, mark in connection.execute(statement)}


def content_of(connection: sqlite3.Connection, source: SourceName, sequence: int) -> str | None:
    """The hash of a source's content at `sequence`, None when it is not present then."""
    statement = "SELECT content FROM sources WHERE root = ? AND path = ? AND part = ? AND from_seq <= ? AND (to_seq IS NULL OR to_seq > ?)"
    row = connection.execute(statement, (*_name(source), sequence, sequence)).fetchone()
    return None if row is None else str(row[0])


def dead_ids(connection: sqlite3.Connection, sequence: int) -> list[int]:
    """Numbers of sources that have ended by `sequence`, rising."""
    rows = connection.execute("SELECT id FROM sources WHERE to_seq IS NOT NULL AND to_seq <= ? ORDER BY id", (sequence,))
    return [row[0] for row in rows]


def read_document(connection: sqlite3.Connection, content: str) -> Document:
    """The stored document of a content hash."""
    row = connection.execute("SELECT document FROM contents WHERE hash = ?", (content,)).fetchone()
    if row is None:
        raise _incomplete(f"the document {content[:12]}")
    return document_from_json(unpack_json(row[0], f"the document {content[:12]}"))


def _incomplete(what: str) -> BaseDamaged:
    return BaseDamaged(f"{what} is incomplete in the database", "run: tadarag repair, then ingest the source again")


def read_record(connection: sqlite3.Connection, source: SourceName, content: str) -> Record:
    """Everything that is stored about a present source."""
    statement = "SELECT document, chunks, extraction, domain, memory FROM contents WHERE hash = ?"
    row = connection.execute(statement, (content,)).fetchone()
    what = f"the document {source}"
    if row is None or not all(isinstance(body, bytes) for body in row):
        raise _incomplete(what)
    document, chunks, extraction, domain, memory = row
    keys = [key for (key,) in connection.execute("SELECT key FROM content_vectors WHERE content = ? ORDER BY chunk", (content,))]
    vectors = read_vectors(connection, keys)
    passages = chunks_from_json(unpack_json(chunks, what))
    if len(passages) != len(keys) or not vectors.keys() >= set(keys):
        raise _incomplete(what)
    extracted = unpack_json(extraction, what)
    findings, found_by = found_from_json(extracted[_FOUND]) if _FOUND in extracted else ((), "")
    return Record(
        source=source,
        content=content,
        document=document_from_json(unpack_json(document, what)),
        chunks=passages,
        vectors=tuple(vectors[key] for key in keys),
        vector_keys=tuple(keys),
        extraction=extraction_from_json(extracted),
        domain=unseal(domain, what).decode(),
        memory=memory_from_json(unpack_json(memory, what)),
        findings=findings,
        found_by=found_by,
    )


def read_vectors(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Vectors]:
    """Stored vectors by key, for the keys that are known."""
    found: dict[str, Vectors] = {}
    for start in range(0, len(keys), _MAX_VARIABLES):
        some = keys[start : start + _MAX_VARIABLES]
        marks = ",".join("?" * len(some))
        for key, body in connection.execute(f"SELECT key, body FROM vectors WHERE key IN ({marks})", some):
            found[key] = unpack_vectors(body, f"the vector {key[:12]}")
    return found


def read_findings(connection: sqlite3.Connection, keys: Sequence[str], found_by: str) -> dict[str, Findings]:
    """Stored findings of chunks by their vector keys, of those that `found_by` names; present or ended documents hold them."""
    places: dict[str, list[tuple[int, str]]] = {}
    for start in range(0, len(keys), _MAX_VARIABLES):
        some = keys[start : start + _MAX_VARIABLES]
        marks = ",".join("?" * len(some))
        for content, chunk, key in connection.execute(f"SELECT content, chunk, key FROM content_vectors WHERE key IN ({marks})", some):
            places.setdefault(content, []).append((chunk, key))
    found: dict[str, Findings] = {}
    for content, chunks in sorted(places.items()):
        if all(key in found for _, key in chunks):
            continue
        row = connection.execute("SELECT extraction FROM contents WHERE hash = ?", (content,)).fetchone()
        body = unpack_json(row[0], f"the extraction of {content[:12]}").get(_FOUND) if row else None
        if body and body["by"] == found_by:
            found |= {key: findings_from_json(body["chunks"][chunk]) for chunk, key in chunks}
    return found


def records_between(connection: sqlite3.Connection, after: int, until: int) -> Iterator[StoredRecord]:
    """Records that came after one sequence and are present at another, in the order in which they came."""
    statement = "SELECT id, root, path, part, content FROM sources WHERE from_seq > ? AND from_seq <= ? AND (to_seq IS NULL OR to_seq > ?) ORDER BY id"
    rows = connection.execute(statement, (after, until, until)).fetchall()
    return (
        StoredRecord(id=id_, record=read_record(connection, SourceName(root, path, part), content))
        for id_, root, path, part, content in rows
    )


def read_files(connection: sqlite3.Connection, *, file: tuple[str, str] | None = None) -> dict[tuple[str, str], FileState]:
    """What the last scan of each file saw, by (root, path); only of one file if it is given."""
    statement = "SELECT root, path, size, modified_ns, digest FROM files"
    rows = connection.execute(statement) if file is None else connection.execute(f"{statement} WHERE root = ? AND path = ?", file)
    return {
        (root, path): FileState(root=root, path=path, size=size, modified_ns=modified, digest=digest)
        for root, path, size, modified, digest in rows
    }


def read_quarantine(connection: sqlite3.Connection) -> tuple[Quarantined, ...]:
    """What could not be read, sorted by source."""
    rows = connection.execute("SELECT root, path, part, reason, remedy FROM quarantine ORDER BY root, path, part")
    return tuple(Quarantined(source=SourceName(root, path, part), reason=reason, do=remedy) for root, path, part, reason, remedy in rows)


def read_decisions(connection: sqlite3.Connection) -> tuple[Decision, ...]:
    """Decisions in force, sorted."""
    return tuple(
        Decision(kind=kind, body=body) for kind, body in connection.execute("SELECT kind, body FROM decisions ORDER BY kind, body")
    )


def read_recorded(connection: sqlite3.Connection, key: str | None = None) -> Iterator[tuple[str, str]]:
    """Recorded results of language models, sorted by key; only the one of `key` when it is given."""
    statement, arguments = (
        ("SELECT key, body FROM recorded ORDER BY key", ()) if key is None else ("SELECT key, body FROM recorded WHERE key = ?", (key,))
    )
    for found, body in connection.execute(statement, arguments):
        yield found, unseal(body, f"the recorded result {found[:12]}").decode()


def remove_dead(connection: sqlite3.Connection, sequence: int, observe: Observer) -> None:
    """Delete every row that only ended sources need, and say so in "vacuumed" for readers that hold an older index."""
    with transaction(connection):
        connection.execute("DELETE FROM sources WHERE to_seq IS NOT NULL AND to_seq <= ?", (sequence,))
        connection.execute("DELETE FROM contents WHERE hash NOT IN (SELECT content FROM sources)")
        connection.execute("DELETE FROM content_vectors WHERE content NOT IN (SELECT hash FROM contents)")
        connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM content_vectors)")
        _remove_readings(connection)
        _remove_tiers(connection)
        set_number(connection, "vacuumed", sequence)
        observe("vacuum:rows-removed")
    observe("vacuum:committed")


def _remove_readings(connection: sqlite3.Connection) -> None:
    """Delete what a language model said of documents that have gone."""
    keys = {str(key) for (key,) in connection.execute("SELECT key FROM recorded WHERE key GLOB ?", (f"{READING}*",))}
    if keys:
        for content, memory, extraction in connection.execute("SELECT hash, memory, extraction FROM contents"):
            keys.difference_update(memory_from_json(unpack_json(memory, f"the memory of {content[:12]}")).readings)
            found = unpack_json(extraction, f"the extraction of {content[:12]}").get(_FOUND, {"chunks": ()})
            keys.difference_update(key for chunk in found["chunks"] for key in chunk.get("readings", ()))
        connection.executemany("DELETE FROM recorded WHERE key = ?", [(key,) for key in sorted(keys)])


def _remove_tiers(connection: sqlite3.Connection) -> None:
    """Delete what was decided of contents that have gone."""
    contents = {str(content) for (content,) in connection.execute("SELECT hash FROM contents")}
    bodies = [str(body) for (body,) in connection.execute("SELECT body FROM decisions WHERE kind = ?", (TIER,))]
    gone = [(TIER, body) for body in bodies if json.loads(body)[1] not in contents]
    connection.executemany("DELETE FROM decisions WHERE kind = ? AND body = ?", gone)


def replace_derivations(connection: sqlite3.Connection, settings: Mapping[str, str]) -> None:
    """Replace all derived values and the settings by those of the attached database "fresh"; the inputs stay as they are.

    Ended sources keep their rows until a vacuum: the index, which may go on serving if we die here, still holds them, and only their
    rows say that they are dead.
    """
    with transaction(connection):
        for table in ("contents", "content_vectors", "vectors"):
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM fresh.{table}")
        connection.execute("INSERT OR IGNORE INTO main.recorded SELECT * FROM fresh.recorded")
        connection.execute("DELETE FROM main.meta WHERE key LIKE 'setting:%'")
        connection.executemany(
            "INSERT INTO main.meta VALUES (?, ?)", [(f"setting:{key}", value) for key, value in sorted(settings.items())]
        )
        sequence = number(connection, "sequence") + 1
        connection.execute("INSERT INTO main.changes VALUES (?, ?, ?, 0, 0)", (sequence, uuid.uuid4().hex, time.time()))
        set_number(connection, "sequence", sequence)
        set_number(connection, "vacuumed", sequence - 1)


def damaged_contents(connection: sqlite3.Connection, check: Iterable[tuple[SourceName, str]]) -> Iterator[tuple[SourceName, str]]:
    """Of the given (source, content) pairs those whose stored values fail their checksums, with what failed."""
    for source, content in check:
        try:
            read_record(connection, source, content)
        except (BaseError, TypeError, KeyError) as error:  # TypeError, KeyError: a row that others point to is missing
            yield source, error.happened if isinstance(error, BaseError) else f"the document {source} is incomplete in the database"
