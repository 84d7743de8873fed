"""The writer's lock: one writing process a base; the system releases it when the process dies, however it dies."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from tadarag.errors import BaseBusy

_POLL_SECONDS = 0.05


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class WriterLock:
    """Holds the lock of a base until closed; `wait_seconds` is how long to wait for another writer. Raises BaseBusy naming it."""

    def __init__(self, path: Path, *, wait_seconds: float = 0.0) -> None:
        self._file = path.open("a+", encoding="utf-8")
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(self._file):
            if time.monotonic() >= deadline:
                holder = _holder(path)
                self._file.close()
                raise BaseBusy(
                    f"the base at {path.parent} is being written by {holder}",
                    "wait for it to finish, or stop it; reading goes on meanwhile",
                )
            time.sleep(_POLL_SECONDS)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), "command": Path(sys.argv[0]).name if sys.argv else "python"}))
        self._file.flush()

    def close(self) -> None:
        """Release the lock; the file stays, since removing it would let two writers hold two files of one name."""
        self._file.close()

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def is_held(path: Path) -> bool:
    """Whether some process holds the lock just now; asks without taking it for longer than the question."""
    try:
        with path.open("r+" if sys.platform == "win32" else "r", encoding="utf-8") as file:
            return not _try_lock(file)
    except OSError:  # no lock file, or none that may be opened: nobody has written here
        return False


def _holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
        return f"process {holder['pid']} ({holder['command']})"
    except (OSError, ValueError, KeyError):  # it is just being written: the message stays true without the number
        return "another process"
