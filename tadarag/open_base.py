"""What an open base works with, for the functions behind the façade."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tadarag.components import Components
from tadarag.on_the_fly import ReadUnits
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Snapshot

if TYPE_CHECKING:
    from tadarag.models.language_model import LanguageModel
    from tadarag.models.passage_reader import PassageReader


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBase:
    """folder: where the base lies. workers: encoder threads. tier: reads new documents, "" for the components' own. passage_reader: finds answers;
    None where the encoder gives no states that it reads. read_units: what has been read in the terms of questions."""

    folder: Path
    store: EmbeddedStore
    components: Components
    workers: int
    language_model: LanguageModel | None
    tier: str
    passage_reader: PassageReader | None = None
    read_units: ReadUnits = field(default_factory=ReadUnits)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One consistent state of the base for as long as the block lasts."""
        snapshot = self.store.snapshot()
        try:
            yield snapshot
        finally:
            snapshot.close()
