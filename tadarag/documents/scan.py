"""The files under folders, globs and paths, by name, with all that cannot be read said and nothing followed in circles."""

from __future__ import annotations

import errno
import glob
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tadarag.documents.text import one_line
from tadarag.errors import DocumentError

VCS_FOLDERS = frozenset({"CVS", "_darcs"})  # the others begin with a dot, as `.tadarag` does
_MAX_DEPTH = 200
_KINDS = ((stat.S_ISSOCK, "a socket"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A regular file. relative: POSIX path from the root in NFC; size in bytes; modified_ns since the epoch."""

    path: Path
    relative: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A place that was named or met and cannot be read: what is wrong, and what to do."""

    relative: str
    reason: str
    do: str


def scan(paths: Iterable[Path | str], *, root: Path) -> Iterator[FoundFile | Unreadable]:
    """Every file under `paths` once, each folder's entries in order of their names.

    paths: folders (with all below them), files, or globs; relative ones count from the current folder. Inside folders, hidden files and
    folders, VCS folders and `.tadarag` are skipped silently; a path that is named itself is read even when hidden.
    root: the folder that names are relative to; what lies outside it keeps a name that begins with "../".
    Symbolic links are followed; one that leads back to a folder it stands in is reported.
    """
    root = Path(os.path.abspath(root))
    seen: set[str] = set()
    for given in paths:
        for path in _expanded(given):
            for found in _walk(path, root, ancestors=()):
                if found.relative not in seen:
                    seen.add(found.relative)
                    yield found


def read_stable(found: FoundFile) -> bytes:
    """The bytes of a file that did not change while it was read, nor since the scan.

    Raises DocumentError when it changed (to be tried again), vanished, or may not be read.
    """
    try:
        with open(found.path, "rb") as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise DocumentError(f"{one_line(found.relative)} is no longer a regular file", "ingest it again")
            data = stream.read()
            after = os.fstat(stream.fileno())
        now = os.stat(found.path)
    except FileNotFoundError as error:
        raise DocumentError(f"{one_line(found.relative)} vanished while it was to be read", "ingest again when it is back") from error
    except OSError as error:
        raise DocumentError(
            f"{one_line(found.relative)} cannot be read: {_reason(error)}", "check its permissions and the disk, then ingest it again"
        ) from error
    states = {(state.st_size, state.st_mtime_ns) for state in (before, after, now)} | {
        (found.size, found.modified_ns),
        (len(data), after.st_mtime_ns),
    }
    if len(states) > 1:
        raise DocumentError(f"{one_line(found.relative)} changed while it was read", "ingest it again when it is no longer being written")
    return data


def _expanded(given: Path | str) -> list[Path]:
    """A path as it is when it exists, else what it matches as a glob, sorted; nothing matched: the path, which will be reported."""
    path = Path(given)
    if os.path.lexists(path) or not glob.has_magic(str(given)):
        return [path]
    return [Path(match) for match in sorted(glob.glob(str(given), recursive=True))] or [path]


def _walk(path: Path, root: Path, ancestors: tuple[tuple[int, int], ...]) -> Iterator[FoundFile | Unreadable]:
    relative = _relative(path, root)
    try:
        state = os.stat(path)
    except OSError as error:
        yield _unreadable(path, relative, error)
        return
    if stat.S_ISREG(state.st_mode):
        yield FoundFile(path=path, relative=relative, size=state.st_size, modified_ns=state.st_mtime_ns)
        return
    if not stat.S_ISDIR(state.st_mode):
        kind = next((name for test, name in _KINDS if test(state.st_mode)), "no regular file")
        yield Unreadable(relative=relative, reason=f"{one_line(relative)} is {kind}", do="leave it out: only regular files are read")
        return
    identity = (state.st_dev, state.st_ino)
    if identity in ancestors:
        yield Unreadable(relative=relative, reason=f"{one_line(relative)} is a link to a folder that it stands in", do="remove the link")
        return
    if len(ancestors) >= _MAX_DEPTH:
        yield Unreadable(
            relative=relative, reason=f"{one_line(relative)} lies more than {_MAX_DEPTH} folders deep", do="name that folder itself"
        )
        return
    try:
        with os.scandir(path) as entries:
            names = sorted((entry.name for entry in entries), key=lambda name: (unicodedata.normalize("NFC", name), name))
    except OSError as error:
        yield _unreadable(path, relative, error)
        return
    for name in names:
        if not name.startswith(".") and name not in VCS_FOLDERS:
            yield from _walk(path / name, root, (*ancestors, identity))


def _relative(path: Path, root: Path) -> str:
    """The name of a file: from the root, "/" between parts, in NFC. Bytes that are no text in the file system's encoding show as U+FFFD."""
    relative = os.path.relpath(os.path.abspath(path), root)
    shown = relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", shown.replace(os.sep, "/"))


def _unreadable(path: Path, relative: str, error: OSError) -> Unreadable:
    shown = one_line(relative)
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return Unreadable(relative=relative, reason=f"{shown} is a link to nothing", do="mend or remove the link")
        return Unreadable(relative=relative, reason=f"there is no {shown}", do="check the path")
    if isinstance(error, PermissionError):
        return Unreadable(relative=relative, reason=f"{shown} may not be read by this user", do="change its permissions, or leave it out")
    if error.errno == errno.ELOOP:
        return Unreadable(relative=relative, reason=f"{shown} is a link that leads back to itself", do="remove the link")
    return Unreadable(relative=relative, reason=f"{shown} cannot be read: {_reason(error)}", do="check the disk, then ingest it again")


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
