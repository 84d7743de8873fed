"""What keeps a base sound and says how it stands: status, verification, repair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from tadarag.documents.parsing import content_hash
from tadarag.reports import BaseStatus
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import Change, Finding, Snapshot
from tadarag.tiers import tiers_of
from tadarag.values import SourceName


def base_status(path: Path, store: EmbeddedStore, snapshot: Snapshot, *, tier: str) -> BaseStatus:
    """Counts, sizes, what is empty or in quarantine, and how far truth and index have come. tier: reads what no decision names."""
    live = [info for info in snapshot.documents() if info.is_live]
    rows = snapshot.rows
    decided = tiers_of(store.decisions())
    return BaseStatus(
        path=str(path),
        n_documents=len(live),
        n_passages=rows.counts.n_passages,
        n_sentences=rows.counts.n_sentences,
        n_bytes=store.size(),
        languages=_counted(info.language for info in live),
        domains=_counted(info.domain for info in live),
        tiers=_counted(decided[info.content].tier if info.content in decided else tier for info in live),
        nameless=_nameless(snapshot),
        empty=tuple(sorted(info.source for info in live if not info.n_passages)),
        quarantined=tuple((found.source, found.reason, found.do) for found in snapshot.quarantined()),
        sequence=store.last_sequence(),
        indexed_sequence=snapshot.sequence,
        encoder=store.settings["encoder"],
        format=store.settings.get("format", ""),
    )


def findings(store: EmbeddedStore, *, deep: bool) -> tuple[Finding, ...]:
    """What is wrong with a base, nothing when it is empty; `deep` reads every stored value against its checksum and content hash."""
    found = list(store.verify(deep=deep))
    if deep and not found:
        problem, do = "its text does not have the hash it is kept under", "run: tadarag repair"
        found = [Finding(place=str(source), problem=problem, do=do) for source in _mistaken(store)]
    return tuple(found)


def repair(store: EmbeddedStore) -> tuple[str, ...]:
    """Rebuild the index from the truth, and take damaged documents out so that the next ingest reads them again; says what it did."""
    with store.writing():
        damaged = store.damaged_sources()
        _take_out(store, damaged)
        mistaken = _mistaken(store)
        _take_out(store, mistaken)
        damaged += mistaken
        store.rebuild_index()
        if damaged:
            store.vacuum()
    taken_out = (f"took out {source}, whose stored values are damaged; ingest it again" for source in damaged)
    return (*taken_out, "rebuilt the index from the database")


def _mistaken(store: EmbeddedStore) -> tuple[SourceName, ...]:
    return tuple(record.source for record in store.records() if content_hash(record.document) != record.content)


def _take_out(store: EmbeddedStore, sources: Sequence[SourceName]) -> None:
    if sources:
        store.apply(Change(removed=tuple(sources), forget_files=tuple(sorted({(one.root, one.path) for one in sources}))))


def _nameless(snapshot: Snapshot) -> tuple[SourceName, ...]:
    """Present documents with text in which no name was found that could link them; dates and numbers are none."""
    rows, documents = snapshot.rows, snapshot.documents()
    with_names = set(np.unique(rows.documents[rows.owners[snapshot.holding("mention")]]).tolist())
    found = (info for number, info in enumerate(documents) if info.is_live and info.n_passages and number not in with_names)
    return tuple(sorted(info.source for info in found))


def _counted(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts.items()))
