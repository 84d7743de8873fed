"""Which base belongs to a path that is asked about, and bringing it up to date before the question."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.cli.output import counted, one_line
from tadarag.cli.progress import progress_bar, stop_on_interrupt
from tadarag.cli.report_text import report_lines
from tadarag.cli.session import Session
from tadarag.cli.settings import user_cache_folder
from tadarag.errors import BaseBusy, DocumentError
from tadarag.roots import BASE_FOLDER, base_folder

if TYPE_CHECKING:
    from tadarag.knowledge_base import KnowledgeBase
    from tadarag.values import Filters

# Text that two cores read, encode and store: the samples (290 kB in files) took 16 s. Files of other formats hold less text than bytes.
_BYTES_PER_SECOND = 20_000
_GLOB = frozenset("*?[")
_TEXT_SHARE = {".pdf": 0.1, ".docx": 0.2, ".html": 0.4, ".htm": 0.4, ".eml": 0.7}


def place_for(session: Session, path: Path) -> tuple[Session, bool]:
    """The run with its base beside the documents (or in the user's cache folder, said once), and whether that base may be written."""
    folder = (path if path.is_dir() else path.parent).absolute()
    if session.settings.base is not None:
        base = session.base
        return session, os.access(base if base.is_dir() else _first_that_exists(base), os.W_OK)
    session = session.beside(folder)
    if os.access(base_folder(folder) if base_folder(folder).is_dir() else folder, os.W_OK):
        return session, True
    if base_folder(folder).is_dir():
        session.output.note(f"{folder} cannot be written: answering from its base as it is")
        return session, False
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    cache = user_cache_folder(os.environ) / "bases" / f"{folder.name}-{digest}"
    if not base_folder(cache).is_dir():
        session.output.note(f"{folder} cannot be written: its base is kept in {cache}")
        cache.mkdir(parents=True, exist_ok=True)
    return session.beside(cache), True


def open_up_to_date(session: Session, path: Path) -> KnowledgeBase:
    """The base of a path, with what changed there read. While another process writes the base, it is opened as it is (said)."""
    session, may_write = place_for(session, path)
    if not may_write:
        return session.open(read_only=True)
    base = session.open(create=True)
    try:
        refresh(session, base, path)
    except BaseBusy as busy:
        if not base.status().n_documents:
            base.close()
            raise
        session.output.note(f"{busy.happened}: answering from what it holds now")
    except BaseException:
        base.close()
        raise
    return base


def refresh(session: Session, base: KnowledgeBase, path: Path) -> None:
    """Read what changed at `path` since the last question. Raises DocumentError when nothing there can be read."""
    output = session.output
    n_files, n_bytes = _measure(path)
    is_first = base.status().n_documents == 0
    if is_first and n_files:
        output.note(
            f"first question about {path}: reading {counted(n_files, 'file')} into {base.path}, {_duration(n_bytes)}; "
            "later questions only look at what changed"
        )
    with stop_on_interrupt(output) as interrupt, progress_bar(output) as progress:
        report = base.ingest(path, sync=path.is_dir() and not is_first, progress=progress, stop=interrupt)
    if report.interrupted:
        raise KeyboardInterrupt
    if is_first or report.added or report.replaced or report.renamed or report.removed:
        for line in report_lines(report):
            output.note(line)
    elif report.quarantined:
        output.note(
            f"{counted(len(report.quarantined), 'document')} cannot be read: tadarag status --base {one_line(str(base.path.parent))}"
        )
    if not base.status().n_documents:
        raise DocumentError(
            f"there is no document in {path} that can be read",
            f"see why: tadarag status --base {one_line(str(base.path.parent))}"
            if report.quarantined or report.empty
            else "name another place",
        )


def path_filter(base: KnowledgeBase, path: Path, chosen: Filters) -> Filters:
    """The filters, narrowed to what lies at the path: one file (its rows and attachments included), or a folder that is part of the base."""
    from tadarag.roots import HOME, Roots
    from tadarag.values import SourceName

    root, folder = Roots(base.path).locate(path)
    relative = unicodedata.normalize("NFC", Path(os.path.abspath(path)).relative_to(folder).as_posix())
    if relative != ".":
        return replace(chosen, sources=_named(str(SourceName(root, relative))))
    return chosen if root == HOME else replace(chosen, sources=(_literal(f"{root}:") + "*",))


def _named(name: str) -> tuple[str, ...]:
    """Patterns that match this file or folder and its parts, and nothing else."""
    # a plain name stands for the rows, attachments and files below it too
    return (_literal(name), _literal(name) + "[#/]*") if _GLOB & set(name) else (name,)


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in _GLOB else character for character in name)


def _first_that_exists(place: Path) -> Path:
    while not place.exists():
        place = place.parent
    return place


def _measure(path: Path) -> tuple[int, float]:
    """How many files there are, and about how many bytes of text in them; hidden folders and files are not documents."""
    if path.is_file():
        return 1, path.stat().st_size * _TEXT_SHARE.get(path.suffix.lower(), 1.0)
    n_files, n_bytes = 0, 0.0
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".") and name != BASE_FOLDER]
        for name in files:
            file = Path(folder, name)
            if not name.startswith(".") and file.is_file():
                n_files += 1
                n_bytes += file.stat().st_size * _TEXT_SHARE.get(file.suffix.lower(), 1.0)
    return n_files, n_bytes


def _duration(n_bytes: float) -> str:
    seconds = n_bytes / _BYTES_PER_SECOND
    if seconds < 10:
        return "a few seconds"
    return f"about {round(seconds, -1):.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} minutes"
