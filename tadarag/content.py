"""Finds the product's content folders, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tadarag.errors import ContentMissing

_PACKAGE = Path(__file__).resolve().parent


def content_folder(name: str, *, user_folders: Sequence[Path] = ()) -> Path:
    """The folder that holds content `name` ("templates", "pipelines/answer", "data/samples", "apps", "eval").

    user_folders: searched first, so that a user's own content wins. Raises ContentMissing.
    """
    for root in (*user_folders, _PACKAGE / "_content", _PACKAGE.parent):
        folder = root / name
        if folder.is_dir():
            return folder
    raise ContentMissing(
        f"the content folder {name!r} is not where tadarag is installed", "reinstall tadarag: pip install --force-reinstall tadarag"
    )


def content_file(folder: str, name: str, *, user_folders: Sequence[Path] = ()) -> Path:
    """The file `name` in content folder `folder`, the user's own first; raises ContentMissing with the names that exist."""
    for root in (*user_folders, _PACKAGE / "_content", _PACKAGE.parent):
        file = root / folder / name
        if file.is_file():
            return file
    known = sorted({file.name for root in (*user_folders, _PACKAGE / "_content", _PACKAGE.parent) for file in (root / folder).glob("*")})
    raise ContentMissing(f"there is no {name!r} in {folder}", f"choose one of: {', '.join(known) or 'none installed'}")
