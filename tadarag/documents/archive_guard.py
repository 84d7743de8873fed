"""Zip containers are looked at before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile

from tadarag.documents.text import one_line
from tadarag.errors import DocumentError

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 512 * 2**20
MAX_RATIO = 200
_RATIO_MATTERS_FROM = 16 * 2**20


def check_archive(name: str, data: bytes, *, needs: str = "") -> None:
    """Refuse a damaged container, a zip bomb, or one without the member `needs`. Raises DocumentError.

    The sizes are those the directory states; zipfile never unpacks more of a member than it states there.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DocumentError(
            f"{one_line(name)} is damaged or cut off: {error}", "get a whole copy of the file and ingest it again"
        ) from error
    if len(members) > MAX_MEMBERS:
        raise DocumentError(f"{one_line(name)} holds {len(members):,} parts, which no document does", "leave it out: it may be a zip bomb")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * len(data)):
        raise DocumentError(
            f"{one_line(name)} unpacks from {len(data):,} to {unpacked:,} bytes, beyond what is safe", "leave it out: it may be a zip bomb"
        )
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"{one_line(name)} is encrypted", "save a copy without password and ingest that")
    if needs and needs not in {member.filename for member in members}:
        raise DocumentError(f"{one_line(name)} is a zip archive, but not of its named format", "unpack it and ingest the files in it")
