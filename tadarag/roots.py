"""Root folders: documents are named by a root and a relative path, and only this file of the base knows where a root lies."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Collection
from pathlib import Path

from tadarag.errors import BaseDamaged, BaseError, UsageError

HOME = "."
BASE_FOLDER = ".tadarag"
DATABASE = "truth.sqlite3"


def base_folder(place: str | Path) -> Path:
    """The base that a place stands for: the place itself when it is one, else `.tadarag` inside it."""
    folder = Path(place)
    return folder if folder.name == BASE_FOLDER or (folder / DATABASE).exists() else folder / BASE_FOLDER


class Roots:
    """The roots of a base: "." is the folder that holds it, others are given a name when first seen."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._file = base / "roots.json"
        self._places = self._read()

    def place(self, root: str) -> Path:
        """The folder of a root. Raises UsageError for one that nobody named."""
        if root == HOME:
            return self._base.parent
        if root not in self._places:
            raise UsageError(f"the base knows no root folder {root!r}", f"its roots are: {', '.join([HOME, *sorted(self._places)])}")
        return Path(self._places[root])

    def is_folder(self, root: str) -> bool:
        """Whether a root names a folder; documents that were handed over in memory may have any other."""
        return root == HOME or root in self._places

    def locate(self, path: Path) -> tuple[str, Path]:
        """The root that a file or folder belongs to, and that root's folder; a folder that no root holds becomes one.

        The innermost known root wins. A lone file's root is its folder.
        """
        absolute = Path(os.path.abspath(path))  # not resolve(): a symbolic link keeps the name that the person gave
        home = Path(os.path.abspath(self._base.parent))
        if absolute == home or home in absolute.parents:
            return HOME, home
        # A known root that is not there now (not mounted) is still that root.
        is_folder = absolute.is_dir() or str(absolute) in self._places.values()
        folder = absolute if is_folder else absolute.parent
        held = [(name, Path(place)) for name, place in self._places.items() if Path(place) == folder or Path(place) in folder.parents]
        if held:
            return max(held, key=lambda pair: len(pair[1].parts))
        return self._name(folder), folder

    def _name(self, folder: Path) -> str:
        self._places = self._read()  # another process may have named roots since
        for name, place in self._places.items():
            if Path(place) == folder:
                return name
        stem = unicodedata.normalize("NFC", folder.name or "root").replace(":", "_")
        name, number = stem, 1
        while name in self._places or name == HOME:
            number += 1
            name = f"{stem}-{number}"
        self._write({**self._places, name: str(folder)})
        return name

    def keep_only(self, used: Collection[str]) -> None:
        """Forget the roots that no document is named by; their folders' names may be what a person wanted gone."""
        places = self._read()
        kept = {name: place for name, place in places.items() if name in used}
        if kept != places:
            self._write(kept)

    def copy_to(self, base: Path) -> None:
        """Let another base, a copy of this one, have the same roots."""
        if self._file.exists():
            Roots(base)._write(self._read())

    def _read(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        try:
            places = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BaseDamaged(
                f"{self._file} cannot be read ({error})", "restore it from a backup, or remove it and ingest the folders again"
            ) from error
        return {str(name): str(place) for name, place in places.items()}

    def _write(self, places: dict[str, str]) -> None:
        self._places = places
        temporary = self._file.with_name("roots.json.part")
        try:
            with temporary.open("w", encoding="utf-8") as stream:
                json.dump(places, stream, ensure_ascii=False, indent=1, sort_keys=True)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self._file)
        except OSError as error:
            raise BaseError(
                f"{self._file} could not be written ({error.strerror})",
                "free disk space or mend the permissions, then run the command again",
            ) from error
