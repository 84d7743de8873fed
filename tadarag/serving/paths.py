"""The one place where a name from a request becomes a path: below the folder of the documents, or not at all."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from tadarag.errors import UsageError

UPLOADS = "uploads"
"""The folder of uploaded files, beside the base; the studio keeps its own there too."""
_LONGEST_NAME = 180  # bytes; file systems hold 255, and the temporary name is longer
_FORBIDDEN = re.compile(r'[<>:"/\\|?*#\ufffd]')  # what some system refuses in names, and "#", which parts of files are named by
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST_ENDING = 16


def resolve_inside(folder: Path, wanted: str) -> Path:
    """The existing file or folder that `wanted`, a relative POSIX path, names below `folder`; "." is the folder itself.

    Raises UsageError for what is absolute, climbs out, is hidden (the base itself is), is not there, or leads outside by a symbolic link.
    """
    parts = _parts(wanted)
    path = folder.joinpath(*parts)
    try:
        real, home = path.resolve(strict=True), folder.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of links, in Python 3.11 and 3.12
        raise UsageError(f"there is no {_shown(wanted)} in the folder of the documents", "name what lies there, or upload it") from None
    if real != home and home not in real.parents:
        raise _outside(wanted)
    if any(part.startswith(".") for part in real.relative_to(home).parts):  # a link to what is hidden
        raise _outside(wanted)
    return path


def upload_name(name: str) -> str:
    """A name for a file in one folder, whatever a client sent: no path, no control characters, not hidden, short enough; the ending kept."""
    spaced = "".join(" " if character.isspace() else character for character in name)
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", spaced))[-1]
    plain = "".join("_" if unicodedata.category(character) in _NOT_SHOWN else character for character in last)
    cleaned = _FORBIDDEN.sub("_", plain).strip(" .")
    stem, suffix = PurePosixPath(cleaned).stem, PurePosixPath(cleaned).suffix
    if len(suffix.encode()) > _LONGEST_ENDING:
        stem, suffix = stem + suffix, ""
    stem = stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode(errors="ignore").strip(" .") or "document"
    return f"_{stem}{suffix}" if _DEVICES.match(stem + ".") else stem + suffix


def _parts(wanted: str) -> tuple[str, ...]:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in wanted) or "\\" in wanted:
        raise _outside(wanted)
    if wanted.startswith("/") or PureWindowsPath(wanted).drive:
        raise _outside(wanted)
    parts = PurePosixPath(wanted).parts
    if not wanted.strip() or any(part.startswith(".") for part in parts):
        raise _outside(wanted)
    return parts


def _outside(wanted: str) -> UsageError:
    return UsageError(
        f"{_shown(wanted)} is not a place in the folder of the documents",
        "give a path relative to that folder, without '..' and nothing hidden, or upload the file",
    )


def _shown(wanted: str) -> str:
    text = wanted if len(wanted) <= 80 else wanted[:79] + "…"
    return ascii(text) if any(unicodedata.category(character) in _NOT_SHOWN for character in text) else repr(text)
