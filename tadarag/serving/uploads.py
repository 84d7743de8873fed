"""Uploaded files: kept under safe names beside the base before a job reads them, and removed with their documents."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from tadarag.documents.parsing import EXTRA_SUFFIXES, readable_suffixes
from tadarag.documents.sniffing import suffix_of
from tadarag.serving.job_journal import replace_durably
from tadarag.serving.limits import Limits
from tadarag.serving.paths import UPLOADS, upload_name
from tadarag.serving.problems import Rejected
from tadarag.values import SourceName


def accepted_names(names: Sequence[str], limits: Limits) -> list[str]:
    """Safe names for uploaded files. Raises Rejected for too many, for two of one name, and for formats that nothing here reads."""
    if not names:
        raise Rejected(422, "no file was sent", "send files as multipart/form-data in the field 'files'", kind="InvalidRequest")
    if len(names) > limits.upload_files:
        raise Rejected(413, f"{len(names)} files are more than one upload may hold", f"send at most {limits.upload_files} at once")
    known = {*readable_suffixes(), *EXTRA_SUFFIXES}
    safe = [upload_name(name) for name in names]
    for name in safe:
        if suffix_of(name) not in known:
            raise Rejected(415, f"nothing here reads files such as {name!r}", f"send one of: {', '.join(sorted(known))}")
    twice = sorted({name for name in safe if safe.count(name) > 1})
    if twice:
        raise Rejected(400, f"two files of this upload are named {twice[0]!r}", "give each file a name of its own")
    return safe


def keep_upload(folder: Path, name: str, content: IO[bytes]) -> str:
    """Write an upload under its safe name, durably; a file of that name is replaced, as a newer version of it.

    folder: that of the documents. Returns the path relative to it. Raises OSError.
    """
    place = folder / UPLOADS
    place.mkdir(exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=place, prefix=".")  # hidden: an ingest that runs meanwhile does not see half a file
    try:
        with os.fdopen(descriptor, "wb") as stream:
            shutil.copyfileobj(content, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        replace_durably(Path(temporary), place / name)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    return f"{UPLOADS}/{name}"


def remove_uploads(folder: Path, deleted: Iterable[SourceName], present: Collection[SourceName]) -> None:
    """Remove the uploaded files all of whose documents have gone; files that a person put elsewhere are never touched."""
    used = {(source.root, source.path) for source in present}
    for root, path in {(source.root, source.path) for source in deleted} - used:
        parts = PurePosixPath(path).parts
        if root == "." and len(parts) == 2 and parts[0] == UPLOADS:
            (folder / path).unlink(missing_ok=True)
