"""Root folders: documents are named by a root and a relative path, and only this file of the base knows where a root lies."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

from tadarag.errors import UsageError

HOME = "."


class Roots:
    """The roots of a base: "." is the folder that holds it, others are given a name when first seen and may move with `set`."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._file = base / "roots.json"
        self._places: dict[str, str] = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}

    def place(self, root: str) -> Path:
        """The folder of a root. Raises UsageError for one that nobody named."""
        if root == HOME:
            return self._base.parent
        if root not in self._places:
            raise UsageError(f"the base knows no root folder {root!r}", f"its roots are: {', '.join([HOME, *sorted(self._places)])}")
        return Path(self._places[root])

    def locate(self, path: Path) -> tuple[str, Path]:
        """The root that a file or folder belongs to, and that root's folder; a folder that no root holds becomes one.

        The innermost known root wins. A lone file's root is its folder.
        """
        absolute = Path(os.path.abspath(path))  # not resolve(): a symbolic link keeps the name that the person gave
        home = Path(os.path.abspath(self._base.parent))
        if absolute == home or home in absolute.parents:
            return HOME, home
        folder = absolute if absolute.is_dir() else absolute.parent
        held = [(name, Path(place)) for name, place in self._places.items() if Path(place) == folder or Path(place) in folder.parents]
        if held:
            return max(held, key=lambda pair: len(pair[1].parts))
        return self._name(folder), folder

    def _name(self, folder: Path) -> str:
        stem = unicodedata.normalize("NFC", folder.name or "root").replace(":", "_")
        name, number = stem, 1
        while name in self._places or name == HOME:
            number += 1
            name = f"{stem}-{number}"
        self._places[name] = str(folder)
        temporary = self._file.with_name("roots.json.part")
        temporary.write_text(json.dumps(self._places, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")
        temporary.replace(self._file)
        return name
