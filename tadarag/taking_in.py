"""Documents are taken into a base and out of it: each ingest is recorded in the ledger, and the memory of use follows what it changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tadarag.documents.pool import ParserPool
from tadarag.ingestion import COMMIT_PASSAGES, Ingest, Progress, TierWishes
from tadarag.kept_answers import forget_absent_if_possible
from tadarag.ledger import recorded_in
from tadarag.open_base import OpenBase
from tadarag.reports import IngestEstimate
from tadarag.roots import Roots
from tadarag.source_names import matching
from tadarag.store.protocol import Change
from tadarag.values import SourceName


@contextmanager
def ingesting(
    base: OpenBase,
    action: str,
    *,
    wishes: TierWishes | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    commit_passages: int = COMMIT_PASSAGES,
) -> Iterator[Ingest]:
    """An ingest into a base, with parsers for as long as the block lasts. action: its name in the ledger."""
    with ParserPool() as parsers:
        ingest = Ingest(
            base.store,
            base.components,
            parsers.parse,
            workers=base.workers,
            commit_passages=commit_passages,
            progress=progress,
            stop=stop,
            wishes=wishes or TierWishes(usual=base.tier),
        )
        before = base.store.last_sequence()
        with recorded_in(base.folder, lambda: ingest.entry(action)):
            yield ingest
        if base.store.last_sequence() != before:
            forget_absent_if_possible(base.folder, base.store)


def files_to_retry(base: OpenBase, roots: Roots) -> list[Path]:
    """The files in quarantine that are still there; those that are not are forgotten, those that never were files are left."""
    sources = [found.source for found in base.store.quarantined() if roots.is_folder(found.source.root)]
    places = {source: roots.place(source.root) / source.path for source in sources}
    gone = tuple((source.root, source.path) for source, place in places.items() if not place.exists())
    if gone:
        base.store.apply(Change(forget_files=gone))
    return [file for file in sorted(set(places.values())) if file.exists()]


def remove(base: OpenBase, wanted: Sequence[SourceName | str]) -> tuple[SourceName, ...]:
    """Remove documents, also those in quarantine; returns what was removed. Raises UsageError for a name that nothing has."""
    store = base.store
    with store.writing():
        present = {*store.sources(), *(one.source for one in store.quarantined())}
        chosen = sorted({source for one in wanted for source in matching(present, one)})
        files = sorted({(source.root, source.path) for source in chosen})
        store.apply(Change(removed=tuple(chosen), forget_files=tuple(files)))
        store.catch_up()
    base.read_units.clear()
    forget_absent_if_possible(base.folder, store)
    return tuple(chosen)


def estimate(base: OpenBase, paths: Sequence[Path], roots: Roots, *, tier: str) -> IngestEstimate:
    """What an ingest of the paths would take; a sample of the documents is read and thrown away."""
    from tadarag.estimation import estimate_ingest  # asked for by few

    with ParserPool() as parsers:
        wishes = TierWishes(asked=tier, usual=base.tier)
        ingest = Ingest(base.store, base.components, parsers.parse, workers=base.workers, wishes=wishes)
        began = time.perf_counter()
        documents = list(ingest.pending(paths, roots))
        parsing_seconds = time.perf_counter() - began
    return estimate_ingest(
        documents, base.components, base.store, base.language_model, workers=base.workers, parsing_seconds=parsing_seconds
    )
