"""The child process that parses hostile formats: frames in on stdin, frames out on stdout, limits set before each document."""

from __future__ import annotations

import json
import logging
import os
import struct
import sys
from typing import IO, Any

from tadarag.document_json import document_to_json
from tadarag.documents.columns import Columns
from tadarag.documents.parsing import parse
from tadarag.documents.sniffing import EXTRA_SUFFIXES, suffix_of
from tadarag.errors import TadaragError

_LENGTH = struct.Struct("<Q")


def write_frame(stream: IO[bytes], *pieces: bytes) -> None:
    """Each piece after its length (8 bytes, little-endian)."""
    for piece in pieces:
        stream.write(_LENGTH.pack(len(piece)))
        stream.write(piece)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """The next piece. Raises EOFError when the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return _exactly(stream, length)


def serve(megabytes: int, seconds: float) -> None:
    """Answer requests until stdin ends. A request is two pieces: JSON {"name", "columns"}, and the file's bytes."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # libraries that print must not break the frames
        os.dup2(silence, descriptor)
    notes = _Notes()
    logging.getLogger("tadarag").addHandler(notes)
    write_frame(replies, json.dumps({"limits_memory": _limits_memory()}).encode())
    while True:
        try:
            request, data = json.loads(read_frame(requests)), read_frame(requests)
        except EOFError:
            return
        _prepare(request["name"])
        _limit(megabytes, seconds)
        reply = _answer(request, data)
        del data
        reply |= {"notes": notes.taken(), "resident_megabytes": _pages("resident") // 2**20}
        try:
            frame = json.dumps(reply).encode("utf-8")
        except MemoryError:
            frame = b'{"failure": "memory"}'
        write_frame(replies, frame)


class _Notes(logging.Handler):
    """Keeps warnings, so that the parent can log them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    def taken(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines


def _answer(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        columns = Columns(**request["columns"]) if request["columns"] else None
        parts = parse(request["name"], data, columns=columns)
        return {"parts": [[found.part, document_to_json(found.document)] for found in parts]}
    except TadaragError as error:
        return {"error": [type(error).__name__, error.happened, error.do]}
    except MemoryError:
        return {"failure": "memory"}
    except Exception as error:  # noqa: BLE001 - the worker's door: the reason travels to the parent and into the quarantine
        return {"failure": f"{type(error).__name__}: {error}"}


def _prepare(name: str) -> None:
    """Import large libraries before the limit is set, so that only the document counts against it."""
    if suffix_of(name) in EXTRA_SUFFIXES:
        from tadarag.documents.unstructured_parser import is_installed, load

        if is_installed():
            load()


def _limits_memory() -> bool:
    """Whether the system enforces a limit on the address space (macOS accepts it and does nothing; Windows has none)."""
    return sys.platform == "linux"


def _limit(megabytes: int, seconds: float) -> None:
    """What the process has now, and `megabytes` more; processor time ends a hung child even when its parent has died."""
    if sys.platform == "win32":
        return
    import resource

    if _limits_memory():
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = _pages("size") + megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(usage.ru_utime + usage.ru_stime + 2 * seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _pages(kind: str) -> int:
    """Bytes of address space ("size") or of memory in use ("resident") of this process; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    with open("/proc/self/statm", encoding="ascii") as statm:
        size, resident = statm.read().split()[:2]
    return int(size if kind == "size" else resident) * os.sysconf("SC_PAGE_SIZE")


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
