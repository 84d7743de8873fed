"""What a sync may remove: documents whose files are gone from a folder, unless that looks like an accident."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tadarag.documents.scan import FoundFile, Unreadable
from tadarag.errors import Refused
from tadarag.roots import Roots
from tadarag.values import SourceName

SYNC_GUARD_DOCUMENTS = 20
"""A sync that would remove more than half of a base of more documents than this is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInRoot:
    """A file or an unreadable entry that a scan found, with the name of its root."""

    root: str
    entry: FoundFile | Unreadable


def refuse_missing(paths: Sequence[Path]) -> None:
    """Raise Refused for a folder that is not there: perhaps it is only not mounted."""
    for path in paths:
        if not os.path.exists(path):
            raise Refused(
                f"there is no {path}, and the sync would remove all of its documents", "check that it is mounted, or repeat with --yes"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedFolder:
    """A folder that a sync mirrors: its root and relative path ("." for the whole root), what was found, and what could not be looked into."""

    path: Path
    root: str
    relative: str
    there: frozenset[str]
    closed: tuple[str, ...]
    n_files: int

    @classmethod
    def of(cls, path: Path, roots: Roots, found: Sequence[FoundInRoot]) -> SyncedFolder:
        """The folder at `path`, of what a scan of all folders found."""
        root, folder = roots.locate(path)
        relative = unicodedata.normalize("NFC", Path(os.path.abspath(path)).relative_to(folder).as_posix())
        entries = [one.entry for one in found if one.root == root and _is_below(one.entry.relative, relative)]
        return cls(
            path=path,
            root=root,
            relative=relative,
            there=frozenset(entry.relative for entry in entries),
            closed=tuple(entry.relative for entry in entries if isinstance(entry, Unreadable)) if os.path.exists(path) else (),
            n_files=sum(isinstance(entry, FoundFile) for entry in entries),
        )

    def holds(self, root: str, path: str) -> bool:
        """Whether a name lies in this folder."""
        return root == self.root and _is_below(path, self.relative)

    def has_lost(self, root: str, path: str) -> bool:
        """Whether a name of this folder is gone; what lies in a place that could not be looked into may still be there."""
        return self.holds(root, path) and path not in self.there and not any(_is_below(path, place) for place in self.closed)


def _is_below(path: str, folder: str) -> bool:
    return folder == "." or f"{path}/".startswith(f"{folder}/")


def vanished_sources(folders: Sequence[SyncedFolder], present: Mapping[SourceName, str], *, yes: bool) -> list[SourceName]:
    """Present sources of the folders whose files were not found. Raises Refused where that looks like an accident."""
    vanished: set[SourceName] = set()
    for folder in folders:
        below = [source for source in present if folder.holds(source.root, source.path)]
        gone = [source for source in below if folder.has_lost(source.root, source.path)]
        if below and len(gone) == len(below) and not folder.n_files and not yes:
            raise Refused(
                f"{folder.path} is empty, and the sync would remove all {len(gone)} of its documents",
                "check that it is mounted, or repeat with --yes",
            )
        vanished.update(gone)
    if len(present) > SYNC_GUARD_DOCUMENTS and len(vanished) * 2 > len(present) and not yes:
        raise Refused(
            f"the sync would remove {len(vanished)} of {len(present)} documents",
            "check the folder, or repeat with --yes if that is what you want",
        )
    return sorted(vanished)
