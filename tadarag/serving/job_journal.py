"""Jobs that are not finished, on the disk beside the base, so that a server that died goes on with them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "jobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """What a job is to do. paths: relative to the folder of the documents. number: its place in the order of acceptance."""

    id: str
    number: int
    paths: tuple[str, ...]
    tier: str = ""
    created: str = ""


class JobJournal:
    """A folder with a file for each job that has been accepted and has not ended; nothing of it stays when a job has ended."""

    def __init__(self, base: Path) -> None:
        self._folder = base / FOLDER

    def write(self, order: JobOrder) -> None:
        """Keep an order; when this returns, it survives a loss of power. Raises OSError."""
        self._folder.mkdir(exist_ok=True)
        temporary = self._folder / f".{order.id}.part"
        document = {"id": order.id, "number": order.number, "paths": list(order.paths), "tier": order.tier, "created": order.created}
        write_durably(temporary, json.dumps(document).encode(), self._folder / f"{order.id}.json")

    def remove(self, job_id: str) -> None:
        """Forget an order; one that is not there is forgotten already."""
        (self._folder / f"{job_id}.json").unlink(missing_ok=True)

    def unfinished(self) -> list[JobOrder]:
        """The orders that are kept, in the order in which they were accepted."""
        return sorted(self._read(), key=lambda order: order.number)

    def _read(self) -> Iterator[JobOrder]:
        for file in self._folder.glob("*.json") if self._folder.is_dir() else ():
            document = json.loads(file.read_text(encoding="utf-8"))  # written in one step: whole or not at all
            yield JobOrder(
                id=document["id"],
                number=document["number"],
                paths=tuple(document["paths"]),
                tier=document["tier"],
                created=document["created"],
            )


def write_durably(temporary: Path, content: bytes, target: Path) -> None:
    """Write a file so that after any crash `target` is as before or whole. temporary: a name in the same folder."""
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    replace_durably(temporary, target)


def replace_durably(temporary: Path, target: Path) -> None:
    """Give a synced file its name, and sync the folder that holds the name."""
    os.replace(temporary, target)
    if os.name == "posix":  # other systems cannot open a folder, and keep names in their own journal
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
