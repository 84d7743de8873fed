"""Makes a suite for a person's own documents: a folder with a few dated news, questions about them, and a page that says what to change."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from tadarag.content import content_folder
from tadarag.errors import UsageError

SKELETON = "eval/new-suite"


def make_suite(folder: Path) -> list[str]:
    """Copy the skeleton into a new or empty folder; returns the paths of its files, sorted. Raises UsageError for a folder with something in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there and not an empty folder", "name a new one")
    skeleton = content_folder(SKELETON)
    made = []
    for file in sorted(path for path in skeleton.rglob("*") if path.is_file()):
        place = folder / file.relative_to(skeleton)
        place.parent.mkdir(parents=True, exist_ok=True)
        copyfile(file, place)
        made.append(str(place))
    return made
