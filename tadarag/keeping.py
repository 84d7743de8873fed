"""How a base is kept: copied while in use, written out and read in again, and freed of what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tadarag.components import Components
from tadarag.documents.parsing import content_hash
from tadarag.errors import DocumentError, UsageError
from tadarag.kept_answers import forget_absent
from tadarag.ledger import copy_ledger
from tadarag.memory.use_file import compact, copy_use
from tadarag.reindexing import REINDEX_FOLDER, remove_folder
from tadarag.reports import IngestReport
from tadarag.roots import Roots
from tadarag.scenarios import copy_own_scenarios
from tadarag.store.embedded import EmbeddedStore
from tadarag.store.export import export_lines, read_export, write_export
from tadarag.store.protocol import TIER, Change
from tadarag.templates.library import copy_own_templates
from tadarag.tier_choice import by_extractors_of_today
from tadarag.values import Document, SourceName

if TYPE_CHECKING:
    from tadarag.graph.view import CorpusView

ExportFormat = Literal["jsonl", "graphml"]


def vacuum(folder: Path, store: EmbeddedStore, roots: Roots) -> int:
    """Remove every trace of deleted documents from all files of a base; returns the bytes freed."""
    with store.writing():
        remove_folder(folder / REINDEX_FOLDER)  # what a killed reindex left
        used = {root for root, _ in store.files()} | {one.source.root for one in store.quarantined()}
        roots.keep_only(used | {source.root for source in store.sources()})
    forget_absent(folder, store)
    return compact(folder) + store.vacuum()


def backup(folder: Path, store: EmbeddedStore, roots: Roots, target: Path) -> Path:
    """Copy a base consistently while it is in use; the copy is a base. Raises UsageError when the target is not empty."""
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{target} is not empty", "name a new folder for the backup")
    store.backup(target)
    roots.copy_to(target)
    copy_own_templates(folder, target)
    copy_own_scenarios(folder, target)
    copy_ledger(folder, target)
    copy_use(folder, target)
    copy = EmbeddedStore(target)
    try:
        copy.catch_up()  # a copy on a medium that cannot be written must be searchable there
        forget_absent(target, copy)  # documents may have come and gone between the two copies
    finally:
        copy.close()
    return target


def export(store: EmbeddedStore, view: Callable[[], CorpusView], out: Path, format: ExportFormat) -> None:  # noqa: A002 (the word that people use)
    """Write a base in its canonical form, or its corpus graph as GraphML. view: the whole corpus graph, made only where it is needed."""
    if format == "jsonl":
        write_export(export_lines(store), out)
        return
    from tadarag.graph.corpus import corpus_graph
    from tadarag.graph.export import graphml

    write_export(graphml(corpus_graph(view())).splitlines(), out)


def import_(
    store: EmbeddedStore, components: Components, file: Path, take_in: Callable[[list[tuple[SourceName, Document]]], IngestReport]
) -> IngestReport:
    """Take in what `export` wrote; everything is derived again, and the stated content hashes are checked. take_in: ingests documents."""
    documents, inputs = read_export(file)
    for source, content, document in documents:
        if content_hash(document) != content:
            raise DocumentError(f"{source}: its text does not have the content hash that the export states", "export the base again")
    with store.writing():
        others = tuple(decision for decision in inputs.decisions if decision.kind != TIER)
        decisions = (*others, *by_extractors_of_today(inputs.decisions, components))
        if inputs.recorded or decisions:  # first, so that nothing is asked again and each document is read by its tier
            store.apply(Change(recorded=inputs.recorded, decisions=decisions))
        report = take_in([(source, document) for source, _, document in documents])
        store.catch_up()
    return report
