"""Files that a person drops: given safe names and kept beside the base, so that they are there tomorrow."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

from .safe_text import readable

FOLDER = "uploads"
MOST_FILES = 500
_LONGEST_NAME = 180  # bytes; file systems hold 255, and the temporary name is longer
_FORBIDDEN = re.compile(r'[<>:"/\\|?*#\ufffd\n\t]')  # what some system refuses in names, and "#", which parts of files are named by
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")


def uploads_folder(base: Path) -> Path:
    """Where the files of a base are kept. base: its own folder (`KnowledgeBase.path`)."""
    return base.parent / FOLDER


def keep_upload(folder: Path, name: str, content: bytes) -> Path:
    """Write an upload under a safe name; a file of that name is replaced, as a newer version of it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_name(name)
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".")  # hidden: an ingest that runs meanwhile does not see half a file
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def safe_name(name: str) -> str:
    """A name for a file in one folder, whatever a browser sent: no path, no control characters, not hidden, short enough; ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    cleaned = _FORBIDDEN.sub("_", readable(last)).strip(" .")
    stem, suffix = (PurePosixPath(cleaned).stem, PurePosixPath(cleaned).suffix) if cleaned else ("document", ".txt")
    if _DEVICES.match(stem + "."):
        stem = f"_{stem}"
    room = _LONGEST_NAME - len(suffix.encode())
    if room < 1:  # an "ending" of hundreds of bytes is none
        stem, suffix, room = stem + suffix, "", _LONGEST_NAME
    return stem.encode()[:room].decode(errors="ignore").strip(" .") + suffix


def uploaded_file(base: Path, root: str, path: str) -> Path | None:
    """The file behind a source name if it was added in the studio, None for a person's own files, which the studio never deletes."""
    parts = PurePosixPath(path).parts
    if root != "." or len(parts) != 2 or parts[0] != FOLDER:
        return None
    return uploads_folder(base) / parts[1]
