"""A full disk is told as such, with what is kept and what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tadarag.errors import TrainingError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_NOTHING = 4096
"""Bytes: with less than this free, a library that failed to write and does not say why failed for it."""


@contextmanager
def full_disk_is_told(folder: Path) -> Iterator[None]:
    """While open, an OSError for a full disk becomes a TrainingError. folder: of the run."""
    try:
        yield
    except OSError as error:
        if is_full(error, folder):
            raise full_disk(folder, "the manifest or a stage's folder could not be written", "finished stages are kept") from error
        raise


def is_full(error: BaseException, folder: Path) -> bool:
    """Whether an error, or what it was raised for, came of a full disk. A library in C++ says so without a number: then the disk is asked."""
    one: BaseException | None = error
    while one is not None:
        if isinstance(one, OSError) and one.errno in _FULL:
            return True
        one = one.__cause__ or one.__context__
    return isinstance(error, OSError | RuntimeError) and folder.is_dir() and shutil.disk_usage(folder).free < _NOTHING


def full_disk(folder: Path, what: str, kept: str) -> TrainingError:
    """The error for a full disk. folder: that could not be written; what: failed; kept: what the next run finds."""
    return TrainingError(
        f"the disk is full: {what} ({shutil.disk_usage(folder).free:,} bytes are free in {folder})",
        f"how much is still needed is not known: free space there, or copy the run to a larger disk and name it with --out; then the same "
        f"command goes on: {kept}",
    )
