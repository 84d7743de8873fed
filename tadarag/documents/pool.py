"""Hostile formats are parsed in child processes that may hang, crash or eat memory without harm to the parent."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from tadarag.document_json import document_from_json
from tadarag.documents.columns import Columns
from tadarag.documents.parser_process import read_frame, write_frame
from tadarag.documents.parsing import ParsedPart, parse
from tadarag.documents.sniffing import SUFFIXES, TEXT_FORMATS, format_of, suffix_of
from tadarag.documents.text import one_line
from tadarag.errors import DocumentError, TadaragError, UsageError

_STARTUP_SECONDS = 60.0
_POLL_SECONDS = 0.25

_log = logging.getLogger(__name__)


class ParserPool:
    """Parses files; text formats in this process, all others in `workers` children that are started when first needed.

    seconds: wall time a document may take. megabytes: memory it may take, beyond what the child has at rest.
    recycle_after: documents that a child parses before a fresh one takes its place. Threads may share a pool.
    """

    def __init__(self, workers: int = 1, seconds: float = 60, megabytes: int = 1024, *, recycle_after: int = 200) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._recycle_after = recycle_after
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)  # None is a place for a child that is not started
        self._workers = workers
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="parser")
        self._closed = threading.Event()

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the children; a document at hand is finished first. The pool cannot be used afterwards."""
        if self._closed.is_set():
            return
        self._closed.set()
        for _ in range(self._workers):
            child = self._idle.get()
            if child is not None:
                child.end()
        self._threads.shutdown()

    def parse(self, name: str, data: bytes, *, columns: Columns | None = None) -> tuple[ParsedPart, ...]:
        """As `parsing.parse`; a parser that hangs, crashes or needs too much memory is a DocumentError that names the file."""
        suffix = suffix_of(name)
        if suffix in SUFFIXES and (not data or format_of(name, data) in TEXT_FORMATS):
            return parse(name, data, columns=columns)
        if self._closed.is_set():
            raise ValueError("this pool is closed")
        child = self._idle.get()
        try:
            if child is None:
                child = _Child(self._threads, self._seconds, self._megabytes)
            reply = child.exchange(name, data, columns)
        except BaseException:
            if child is not None:
                child.end()
            child = None
            raise
        finally:
            if child is not None and child.is_worn(self._recycle_after):
                child.end()
                child = None
            self._idle.put(child)
        return _parts_of(name, reply, self._megabytes)


class _Child:
    """One child process. Frames are exchanged by a thread, so that a wait for them can be given up on every platform."""

    def __init__(self, threads: ThreadPoolExecutor, seconds: float, megabytes: int) -> None:
        self._threads = threads
        self._seconds = seconds
        self._megabytes = megabytes
        self._n_parsed = 0
        self._has_failed = False
        self._resident_megabytes = 0
        self._process = subprocess.Popen(
            # -P: a file such as docx.py in the folder one happens to stand in must not be imported
            [sys.executable, "-P", "-m", "tadarag.documents.parser_process", str(megabytes), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=sys.platform != "win32",  # its own children (pandoc) end with it; Ctrl-C does not reach it
        )
        ready = self._wait("", self._threads.submit(self._receive), _STARTUP_SECONDS)
        self._needs_watch = not ready["limits_memory"]

    def is_worn(self, recycle_after: int) -> bool:
        """Whether it has parsed so much, failed, or grown so large, that a fresh one is better."""
        return self._has_failed or self._n_parsed >= recycle_after or self._resident_megabytes > self._megabytes // 2

    def exchange(self, name: str, data: bytes, columns: Columns | None) -> dict[str, Any]:
        """Parse one file in the child. Raises DocumentError when it hangs, crashes or outgrows its memory; the child is then dead."""
        request = json.dumps({"name": name, "columns": asdict(columns) if columns else None}).encode()
        reply = self._wait(name, self._threads.submit(self._send_and_receive, request, data), self._seconds)
        self._n_parsed += 1
        self._resident_megabytes = reply.get("resident_megabytes", 0)
        if "failure" in reply:
            self._has_failed = True
        for note in reply.get("notes", ()):
            _log.warning("%s", note)
        return reply

    def end(self) -> None:
        """Kill the process with what it started, and wait for its end."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            _kill_group(self._process.pid)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)

    def _send_and_receive(self, request: bytes, data: bytes) -> dict[str, Any]:
        assert self._process.stdin is not None
        write_frame(self._process.stdin, request, data)
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        reply: dict[str, Any] = json.loads(read_frame(self._process.stdout))
        return reply

    def _wait(self, name: str, answer: Future[dict[str, Any]], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        failure: DocumentError | None = None
        while True:
            try:
                return answer.result(timeout=min(_POLL_SECONDS, max(0.01, deadline - time.monotonic())))
            except StillRunning:
                if time.monotonic() >= deadline:
                    failure = _too_slow(name, seconds)
                elif name and self._needs_watch and _resident(self._process.pid) > self._megabytes * 2**20:
                    failure = _too_large(name, self._megabytes)
                if failure is not None:
                    self.end()  # the thread's read ends with the process
                    raise failure from None
            except (EOFError, OSError, ValueError) as error:
                raise self._crashed(name) from error

    def _crashed(self, name: str) -> DocumentError:
        code = self._process.wait()
        if not name:
            return DocumentError(
                f"the parser process does not start (exit code {code})",
                f"run: {sys.executable} -P -m tadarag.documents.parser_process 64 1",
            )
        how = f"signal {signal.Signals(-code).name}" if code < 0 and -code in set(signal.Signals) else f"exit code {code}"
        return DocumentError(
            f"{one_line(name)} made its parser crash ({how})", "the file is probably damaged; save it in another format and ingest that"
        )


def _parts_of(name: str, reply: dict[str, Any], megabytes: int) -> tuple[ParsedPart, ...]:
    if "parts" in reply:
        return tuple(ParsedPart(part=part, document=document_from_json(document)) for part, document in reply["parts"])
    if "error" in reply:
        kind, happened, do = reply["error"]
        error: type[TadaragError] = UsageError if kind == "UsageError" else DocumentError
        raise error(happened, do)
    if reply["failure"] == "memory":
        raise _too_large(name, megabytes)
    raise DocumentError(f"{one_line(name)} cannot be parsed ({reply['failure']})", "save it in another format and ingest that")


def _too_slow(name: str, seconds: float) -> DocumentError:
    what = f"{one_line(name)} takes" if name else "the parser process takes"
    return DocumentError(f"{what} longer than {seconds:g} seconds", "split or simplify the file; `tadarag retry` tries again")


def _too_large(name: str, megabytes: int) -> DocumentError:
    return DocumentError(f"{one_line(name)} needs more than {megabytes:,} MB of memory to parse", "split or simplify the file")


def _environment() -> dict[str, str]:
    """The parent's environment, with the places it imports from; not the folder it stands in."""
    paths = [entry for entry in sys.path if entry]
    home = str(Path(__file__).resolve().parents[2])
    if home not in paths:
        paths.append(home)
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _resident(pid: int) -> int:
    """Bytes of memory in use by another process, by `ps`; 0 where there is no such program."""
    try:
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return int(shown.stdout.strip() or 0) * 1024


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it is dead already, which is what is wanted


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        return  # a pipe to a dead process has nothing left to flush to
