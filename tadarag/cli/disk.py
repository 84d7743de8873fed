"""Which file system a folder lies on, and whether SQLite's write-ahead log is safe there."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ceph", "glusterfs", "lustre", "afs"}
)
_NETWORK_FUSE = ("sshfs", "s3fs", "rclone", "gcsfuse", "davfs2", "google-drive", "onedriver", "gvfsd")
_SYNCED = (
    "dropbox",
    "onedrive",
    "google drive",
    "googledrive",
    "my drive",
    "nextcloud",
    "owncloud",
    "syncthing",
    "mobile documents",
    "icloud drive",
)


def file_system_type(folder: Path, mounts: str | None = None) -> str:
    """The type of the mount that holds the folder ("ext4", "nfs4", "fuse.sshfs"), or "" where the system does not say.

    mounts: the text of /proc/mounts; None reads it.
    """
    table = Path("/proc/mounts")
    if mounts is None:
        mounts = table.read_text(encoding="utf-8", errors="surrogateescape") if table.is_file() else ""
    place, best, found = folder.resolve(), -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].encode("utf-8", "surrogateescape").decode("unicode_escape"))  # spaces are written \040
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), fields[2]
    return found


def unsafe_reason(folder: Path, mounts: str | None = None) -> str:
    """Why a base should not lie in this folder: a network or cloud-synced place. "" when nothing speaks against it."""
    kind = file_system_type(folder, mounts)
    if kind in NETWORK_TYPES or any(kind == f"fuse.{name}" for name in _NETWORK_FUSE):
        return f"it is on a network file system ({kind}), where two computers can damage a base"
    for part in folder.resolve().parts:
        if any(part.lower() == name or part.lower().startswith(f"{name} - ") for name in _SYNCED):
            return f"it is synchronised by {part}, which copies a base while it is written"
    return ""


def write_ahead_log_works(folder: Path) -> bool:
    """Whether SQLite can open a database in WAL mode in this folder; leaves nothing behind. Raises OSError if it cannot be written."""
    with tempfile.TemporaryDirectory(prefix=".tadarag-doctor-", dir=folder) as scratch:
        connection = sqlite3.connect(Path(scratch) / "probe.db")
        try:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            connection.execute("CREATE TABLE probe (x)")
            connection.commit()
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
    return str(mode).lower() == "wal"
