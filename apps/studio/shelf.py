"""What the base holds, file by file, with the state of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tadarag import BaseStatus, DocumentInfo, SourceName

from .uploads import FOLDER

State = Literal["ready", "empty", "quarantined", "waiting"]
STATES: tuple[State, ...] = ("ready", "empty", "quarantined", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedFile:
    """A file and what came of it. title: "" where it says no more than the name. sources: its parts; one for most files.

    reason, do: why it cannot be read, and what to do about it.
    """

    root: str
    path: str
    state: State
    title: str = ""
    language: str = ""
    n_passages: int = 0
    sources: tuple[SourceName, ...] = ()
    reason: str = ""
    do: str = ""

    @property
    def name(self) -> str:
        """As sources are named, without a part; of an upload its own name."""
        return str(SourceName(self.root, self.path)).removeprefix(f"{FOLDER}/")


def shelve(documents: Iterable[DocumentInfo], status: BaseStatus, waiting: Iterable[str] = ()) -> tuple[ShelvedFile, ...]:
    """All files: present ones, those in quarantine, and those that wait; by name. waiting: file names in the uploads folder."""
    parts: dict[tuple[str, str], list[DocumentInfo]] = {}
    for info in documents:
        parts.setdefault((info.source.root, info.source.path), []).append(info)
    files = {key: _present(key, infos) for key, infos in parts.items()}
    for source, reason, do in status.quarantined:
        key = (source.root, source.path)
        before = files.get(key, ShelvedFile(root=source.root, path=source.path, state="quarantined"))
        files[key] = ShelvedFile(
            root=before.root,
            path=before.path,
            state="quarantined",
            title=before.title,
            language=before.language,
            n_passages=before.n_passages,
            sources=(*before.sources, source),
            reason=reason,
            do=do,
        )
    for name in waiting:
        key = (".", f"{FOLDER}/{name}")
        files.setdefault(key, ShelvedFile(root=".", path=key[1], state="waiting"))
    return tuple(files[key] for key in sorted(files))


def unread(folder: Path) -> tuple[str, ...]:
    """The names of the files in the uploads folder, read or not."""
    return tuple(sorted(one.name for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))) if folder.is_dir() else ()


def matching(files: Sequence[ShelvedFile], words: str, state: State | None) -> tuple[ShelvedFile, ...]:
    """Those whose name or title holds the words, in any case, and that are in the state."""
    wanted = words.casefold().strip()
    return tuple(file for file in files if state in (None, file.state) and wanted in f"{file.name}\n{file.title}".casefold())


def _present(key: tuple[str, str], infos: Sequence[DocumentInfo]) -> ShelvedFile:
    n_passages = sum(info.n_passages for info in infos)
    title = infos[0].title if len(infos) == 1 else ""
    return ShelvedFile(
        root=key[0],
        path=key[1],
        state="ready" if n_passages else "empty",
        title="" if title == Path(key[1]).stem else title,
        language=infos[0].language,
        n_passages=n_passages,
        sources=tuple(info.source for info in infos),
    )
