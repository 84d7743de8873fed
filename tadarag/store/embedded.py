"""The embedded Store: a folder with one SQLite database as the truth and an index of array files derived from it."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tadarag.errors import BaseBusy, BaseError, EncoderMismatch, IndexDamaged
from tadarag.findings import Findings
from tadarag.store.array_file import sync_folder
from tadarag.store.index import Manifest, belongs_to, catch_up, load_segment, read_manifest, rewrite_without_dead
from tadarag.store.lock import WriterLock, is_held
from tadarag.store.protocol import Change, Decision, FileState, Finding, Observer, Quarantined
from tadarag.store.schema import connect, create_database, read_settings
from tadarag.store.segment import Segment
from tadarag.store.snapshot import EmbeddedSnapshot, IndexView
from tadarag.store.truth import (
    apply_change,
    content_of,
    dead_ids,
    number,
    present_sources,
    present_versions,
    read_decisions,
    read_files,
    read_findings,
    read_quarantine,
    read_record,
    read_recorded,
    read_vectors,
    reading,
    remove_dead,
    replace_derivations,
)
from tadarag.store.upgrade import upgrade as upgrade_database
from tadarag.store.verification import damaged_documents, verify_database, verify_index
from tadarag.values import Record, SourceName, Vectors

DATABASE = "truth.sqlite3"
INDEX = "index"
LOCK = "writer.lock"


_LOG = logging.getLogger(__name__)


def _ignore(step: str) -> None:
    """The observer that nobody gave."""


@contextmanager
def _disk_errors(what: str) -> Iterator[None]:
    """A full disk, a missing permission and the like arrive as BaseError with a remedy; what is half written is never put in force."""
    try:
        yield
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BaseError(
            f"{what} could not be written ({reason})", "free disk space or mend the permissions, then run the command again"
        ) from error


def create(folder: Path, settings: Mapping[str, str]) -> None:
    """Make an empty base in `folder` with frozen settings; one that is there already is left alone. Raises BaseError."""
    with _disk_errors(f"a knowledge base at {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
        with WriterLock(folder / LOCK, wait_seconds=10.0):
            if not (folder / DATABASE).exists():
                create_database(folder / DATABASE, settings)


def upgrade(folder: Path, *, wait_seconds: float = 0.0) -> None:
    """Bring a base that an older version wrote to today's format; its derivations still want a reindex. Raises BaseBusy, FormatMismatch."""
    with _disk_errors(f"the base at {folder}"), WriterLock(folder / LOCK, wait_seconds=wait_seconds):
        upgrade_database(folder / DATABASE)


class EmbeddedStore:
    """Store over a folder. Opens for reading at once and holds the writer's lock only while it writes.

    wait_seconds: how long a write waits for another writer before BaseBusy. observe: called with the name of each step.
    Threads may share it; forked processes must open their own.
    """

    def __init__(self, folder: Path, *, read_only: bool = False, wait_seconds: float = 0.0, observe: Observer = _ignore) -> None:
        self._folder = folder
        self._read_only = read_only
        self._wait_seconds = wait_seconds
        self._observe = observe
        # Two guards, so that searching threads do not wait for a writing one. A holder of _guard never waits for _write_guard.
        self._guard = threading.RLock()
        self._write_guard = threading.RLock()
        self._writing_thread = 0
        self._is_closed = False
        self._lock: WriterLock | None = None
        self._n_writing = 0
        self._writer: sqlite3.Connection | None = None
        self._idle_readers: list[sqlite3.Connection] = []
        self._view: IndexView | None = None
        self._view_stamp: tuple[int, int] | None = None
        self._segments: dict[str, Segment] = {}
        reader = connect(folder / DATABASE, writable=False)
        try:
            with reading():
                self._settings = read_settings(reader)
        except BaseException:
            reader.close()
            raise
        self._idle_readers.append(reader)

    @property
    def settings(self) -> Mapping[str, str]:
        return self._settings

    @property
    def _dimension(self) -> int:
        return int(self._settings["dimension"])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock for several calls; nested uses share it. Raises BaseBusy."""
        with self._writing(self._wait_seconds):
            yield

    @contextmanager
    def _writing(self, wait_seconds: float) -> Iterator[None]:
        with self._write_guard:
            if not self._n_writing:
                self._start_writing(wait_seconds)
            self._n_writing += 1
        try:
            yield
        finally:
            with self._write_guard:
                self._n_writing -= 1
                if not self._n_writing:
                    self._stop_writing()

    def _start_writing(self, wait_seconds: float) -> None:
        if self._read_only:
            raise BaseBusy(f"the base at {self._folder} was opened for reading", "open it for writing to change it")
        try:
            self._lock = WriterLock(self._folder / LOCK, wait_seconds=wait_seconds)
        except OSError as error:
            raise BaseBusy(
                f"the base at {self._folder} cannot be written ({error.strerror})",
                "mend the permissions or free disk space, or copy the base",
            ) from error
        try:
            self._writer = connect(self._folder / DATABASE, writable=True)
        except BaseException:
            self._stop_writing()
            raise
        self._writing_thread = threading.get_ident()

    def _writer_connection(self) -> sqlite3.Connection:
        if self._writer is None:
            raise ValueError("nobody is writing")
        return self._writer

    def apply(self, change: Change) -> int:
        with self._write_guard, self.writing():
            return apply_change(self._writer_connection(), change, self._observe)

    def catch_up(self) -> int:
        with self._write_guard, self.writing():
            return self._catch_up().sequence

    def _catch_up(self, *, anew: bool = False) -> Manifest:
        with _disk_errors(f"the index of the base at {self._folder}"), reading():
            return catch_up(self._folder / INDEX, self._writer_connection(), self._observe, anew=anew)

    def snapshot(self) -> EmbeddedSnapshot:
        with self._guard, reading():
            connection = self._reader()
            try:
                while True:
                    view = self._current_view()
                    connection.execute("BEGIN")
                    # A vacuum between reading the manifest and this transaction may have removed rows that the view still shows.
                    if number(connection, "vacuumed") <= view.sequence or not self._is_stale():
                        return EmbeddedSnapshot(view, connection, self._release)
                    connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise

    def _reader(self) -> sqlite3.Connection:
        return self._idle_readers.pop() if self._idle_readers else connect(self._folder / DATABASE, writable=False)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._guard:
            connection = self._reader()
        try:
            with reading():
                yield connection
        finally:
            self._release(connection)

    def _release(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._guard:
            if self._is_closed:
                connection.close()
            else:
                self._idle_readers.append(connection)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._folder / INDEX / "manifest.json")
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _is_stale(self) -> bool:
        return self._view is None or self._stamp() != self._view_stamp

    def _current_view(self) -> IndexView:
        if self._view is not None and not self._is_stale():
            return self._view
        while True:
            stamp = self._stamp()
            manifest = self._manifest_or_catch_up()
            try:
                segments = {
                    entry.name: self._segments.get(entry.name) or load_segment(self._folder / INDEX, entry) for entry in manifest.segments
                }
            except IndexDamaged:
                if stamp == self._stamp():  # not just a writer that has replaced the segments meanwhile
                    raise
                continue
            with self._reading() as connection:
                dead = dead_ids(connection, manifest.sequence)
            if stamp == self._stamp():  # else a vacuum may have removed the numbers of the dead before they were read
                break
        self._segments = segments
        self._view = IndexView(manifest.sequence, list(segments.values()), dead)
        self._view_stamp = stamp
        return self._view

    def _manifest_or_catch_up(self) -> Manifest:
        """The manifest; one that lags because a writer died is brought up to date here, unless another writer is at it."""
        manifest = read_manifest(self._folder / INDEX)
        with self._reading() as connection:
            if read_settings(connection) != self._settings:
                raise EncoderMismatch(f"the base at {self._folder} was derived anew since it was opened here", "open it again")
            last = number(connection, "sequence")
            is_ours = manifest is not None and belongs_to(manifest, connection)
            is_vacuumed = number(connection, "vacuumed") > 0
        if manifest is not None and is_ours and manifest.sequence == last:
            return manifest
        caught_up = self._catch_up_if_free()
        if caught_up is not None:
            return caught_up
        if manifest is not None and is_ours:
            return manifest
        is_first_ingest = manifest is None and not is_vacuumed and is_held(self._folder / LOCK)
        if last == 0 or is_first_ingest:
            return Manifest(sequence=0, dimension=self._dimension)
        raise IndexDamaged("the index has not been built from this database yet", "wait for the writer to finish, or run: tadarag repair")

    def _catch_up_if_free(self) -> Manifest | None:
        """Bring the index up to date unless another thread or process writes; searching does not wait for either."""
        if self._read_only or not self._write_guard.acquire(blocking=False):
            return None
        try:
            if self._n_writing and self._writing_thread != threading.get_ident():
                return None
            with self._writing(0.0):
                return self._catch_up()
        except BaseBusy:
            _LOG.debug("the index of %s lags behind while another process writes, or nobody may", self._folder)
            return None
        finally:
            self._write_guard.release()

    def _stop_writing(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def vectors(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        with self._reading() as connection:
            return read_vectors(connection, keys)

    def findings(self, keys: Sequence[str], found_by: str) -> Mapping[str, Findings]:
        with self._reading() as connection:
            return read_findings(connection, keys, found_by)

    def sources(self, file: tuple[str, str] | None = None) -> Mapping[SourceName, str]:
        with self._reading() as connection:
            return present_sources(connection, number(connection, "sequence"), file=file)

    def content(self, source: SourceName) -> str | None:
        with self._reading() as connection:
            return content_of(connection, source, number(connection, "sequence"))

    def files(self, file: tuple[str, str] | None = None) -> Mapping[tuple[str, str], FileState]:
        with self._reading() as connection:
            return read_files(connection, file=file)

    def quarantined(self) -> Sequence[Quarantined]:
        with self._reading() as connection:
            return read_quarantine(connection)

    def records(self) -> Iterator[Record]:
        with self._reading() as connection:
            connection.execute("BEGIN")
            for source, content in present_sources(connection, number(connection, "sequence")).items():
                yield read_record(connection, source, content)

    def records_after(self, known: Mapping[SourceName, str]) -> Iterator[tuple[SourceName, str, Record | None]]:
        """Each present source with its mark, which changes whenever anything derived of it does, and its record unless `known` has that mark."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            for source, (content, mark) in present_versions(connection).items():
                yield source, mark, None if known.get(source) == mark else read_record(connection, source, content)

    def decisions(self) -> Sequence[Decision]:
        with self._reading() as connection:
            return read_decisions(connection)

    def recorded(self) -> Iterator[tuple[str, str]]:
        with self._reading() as connection:
            return iter(list(read_recorded(connection)))

    def recorded_result(self, key: str) -> str | None:
        with self._reading() as connection:
            return next((body for _, body in read_recorded(connection, key)), None)

    def last_sequence(self) -> int:
        """The sequence of the last change of the truth (the index may lag behind it)."""
        with self._reading() as connection:
            return number(connection, "sequence")

    def size(self) -> int:
        """Bytes of all files of the base."""
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def vacuum(self) -> int:
        with self._write_guard, self.writing():
            before = self.size()
            writer = self._writer_connection()
            manifest = self._catch_up()
            with _disk_errors(f"the compacted base at {self._folder}"):
                rewrite_without_dead(self._folder / INDEX, manifest, dead_ids(writer, manifest.sequence), self._observe)
                self._observe("vacuum:index-rewritten")
                remove_dead(writer, manifest.sequence, self._observe)
                writer.execute("PRAGMA temp_store = MEMORY")  # the copy that VACUUM makes must not leave deleted text in a temporary file
                writer.execute("VACUUM")
                self._observe("vacuum:compacted")
                (busy, _, _) = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise BaseBusy(
                    "the write-ahead log could not be emptied because another process is reading",
                    "run again when it has finished: tadarag vacuum",
                )
            return max(0, before - self.size())

    def rebuild_index(self) -> None:
        """Build the derived index again from the truth; the one in force, if any is left, serves until the new one is whole."""
        with self._write_guard, self.writing():
            self._catch_up(anew=True)
            with self._guard:
                self._segments.clear()
                self._view = None

    def verify(self, *, deep: bool = False) -> Sequence[Finding]:
        with self._reading() as connection:
            findings = list(verify_database(connection, deep=deep))
            is_readable = all(finding.place != "database" for finding in findings)
            return [*findings, *(verify_index(self._folder / INDEX, connection) if is_readable else ())]

    def damaged_sources(self) -> tuple[SourceName, ...]:
        """Sources whose stored values fail their checksums. Raises BaseDamaged when the database cannot even be read for that."""
        with self._reading() as connection:
            return tuple(source for source, _ in damaged_documents(connection))

    def replace_derivations(self, fresh: Path, settings: Mapping[str, str]) -> None:
        """Take over what another base, made of the same documents by other components, derived from them; in one transaction."""
        with self._write_guard, self.writing(), self._guard:
            writer = self._writer_connection()
            writer.execute("ATTACH DATABASE ? AS fresh", (str(fresh / DATABASE),))
            try:
                replace_derivations(writer, settings)
            finally:
                writer.execute("DETACH DATABASE fresh")
            self._settings = read_settings(writer)
            self._observe("derivations:replaced")

    def backup(self, target: Path) -> None:
        """Copy the truth consistently while it is in use; the copy builds its index when it is first opened."""
        with self._reading() as source, _disk_errors(f"the backup at {target}"):
            target.mkdir(parents=True, exist_ok=True)
            copy = sqlite3.connect(target / (DATABASE + ".part"))
            try:
                source.backup(copy)
            finally:
                copy.close()
            (target / (DATABASE + ".part")).replace(target / DATABASE)
            sync_folder(target)

    def close(self) -> None:
        """Release the lock and close every connection."""
        with self._write_guard:
            self._stop_writing()
        with self._guard:
            self._is_closed = True
            while self._idle_readers:
                self._idle_readers.pop().close()
