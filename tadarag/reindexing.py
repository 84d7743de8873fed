"""Everything that was derived from the stored documents is derived again by other components, and put in force in one step."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tadarag.components import Components
from tadarag.documents.pool import ParserPool
from tadarag.errors import BaseError, ModelError
from tadarag.ingestion import Ingest, Progress
from tadarag.ledger import recorded_in
from tadarag.opening import make_base
from tadarag.reports import IngestReport
from tadarag.roots import DATABASE
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.protocol import TIER, Change, Decision
from tadarag.tier_choice import by_extractors_of_today

REINDEX_FOLDER = "reindex.part"
"""Inside the base while a reindex is under way."""


def reindex(folder: Path, store: EmbeddedStore, components: Components, *, workers: int, progress: Progress | None) -> None:
    """Derive all documents of a base anew in a folder of its own, then switch.

    Vectors and findings of chunks that come out as they were are taken over, and what a language model has said is not asked again. Raises
    ModelError, and changes nothing, when a document could not be derived.
    """
    fresh = folder / REINDEX_FOLDER
    with store.writing():
        decisions = by_extractors_of_today(store.decisions(), components)
        _keep_recorded(fresh, store)
        remove_folder(fresh)
        make_base(fresh, components)
        other = EmbeddedStore(fresh)
        try:
            report = _derive(folder, store, other, components, decisions, workers=workers, progress=progress)
            settings = dict(other.settings)
        finally:
            other.close()
        if report.quarantined:
            _keep_recorded(fresh, store)
            _, reason, do = report.quarantined[0]
            raise ModelError(
                f"nothing was changed, because {len(report.quarantined)} documents could not be derived again; the first: {reason}",
                f"{do}; then run: tadarag reindex (what a model has said already is not asked again)",
            )
        changed = _replaced(store.decisions(), decisions)
        if changed:
            store.apply(Change(decisions=changed))
        store.replace_derivations(fresh, settings)
        store.rebuild_index()
        remove_folder(fresh)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it; nothing when it is not there."""
    if folder.exists():
        shutil.rmtree(folder)


def _derive(
    folder: Path,
    store: EmbeddedStore,
    other: EmbeddedStore,
    components: Components,
    decisions: Sequence[Decision],
    *,
    workers: int,
    progress: Progress | None,
) -> IngestReport:
    with ParserPool() as parsers:
        ingest = Ingest(
            other,
            components,
            parsers.parse,
            workers=workers,
            progress=progress,
            recall=store.recorded_result,
            known=store,
            decisions=decisions,
        )
        with recorded_in(folder, lambda: ingest.entry("reindex")):
            return ingest.documents((record.source, record.document) for record in store.records())


def _keep_recorded(fresh: Path, store: EmbeddedStore) -> None:
    """Record what a language model said during a reindex that did not come to its end: it was paid for."""
    if not (fresh / DATABASE).exists():
        return
    try:
        left = EmbeddedStore(fresh)
    except BaseError:  # it was killed before its base was whole, and so before anything was asked
        return
    recorded = tuple(left.recorded())
    left.close()
    if recorded:
        store.apply(Change(recorded=recorded))


def _replaced(before: Sequence[Decision], after: Sequence[Decision]) -> tuple[Decision, ...]:
    """The change from the tier decisions in force to others."""
    withdrawn = (replace(decision, is_withdrawn=True) for decision in before if decision.kind == TIER and decision not in after)
    return (*withdrawn, *(decision for decision in after if decision not in before))
