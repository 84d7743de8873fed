"""Builds the knowledge base of an evaluation through the public façade, or re-uses one that holds exactly this corpus."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Passages
from tadarag.knowledge_base import KnowledgeBase
from tadarag.reports import IngestProgress
from tadarag.values import Document, SourceName

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.models.language_model import LanguageModel

Progress = Callable[[str, int, int], None]
"""Told the stage, how many steps are done, and of how many."""

_MARKER = "evaluation.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What indexing a corpus took. reused: the base was there, and `seconds` is what its building took then."""

    seconds: float
    n_chunks: int
    reused: bool


def index_corpus(base: KnowledgeBase, passages: Passages, *, identity: str, progress: Progress) -> Indexed:
    """Bring a corpus into the base, one document a passage, and remember which corpus it is.

    identity: hash of everything that decides the content of the base. A base that was interrupted half-way is completed, and its
    seconds add up. Raises UsageError when the base holds another corpus.
    """
    marker = base.path.parent / _MARKER
    known = _read_marker(marker, identity, is_empty=not base.list())
    if known.get("complete"):
        return Indexed(seconds=float(known["seconds"]), n_chunks=int(known["n_chunks"]), reused=True)
    seconds_before = float(known.get("seconds", 0.0))
    started = perf_counter()

    def ticked(n_written: int) -> None:
        progress("indexing", n_written, len(passages))
        _write_marker(marker, identity, seconds_before + perf_counter() - started, 0, complete=False)

    _write_marker(marker, identity, seconds_before, 0, complete=False)
    report = base.ingest_documents(_documents(passages), progress=_sparsely(ticked))
    seconds = seconds_before + perf_counter() - started
    progress("indexing", len(passages), len(passages))
    if report.quarantined:
        source, happened, _ = report.quarantined[0]
        raise UsageError(f"passage {source} cannot be indexed: {happened}", "mend or remove it: an evaluation must index the whole corpus")
    n_chunks = base.status().n_passages
    _write_marker(marker, identity, seconds, n_chunks, complete=True)
    return Indexed(seconds=seconds, n_chunks=n_chunks, reused=False)


def open_base(folder: Path, encoder: Encoder | None, *, language_model: LanguageModel | None = None) -> KnowledgeBase:
    """The base inside `folder`, made if it is not there. language_model: for recipes that need one."""
    folder.mkdir(parents=True, exist_ok=True)
    return KnowledgeBase.open(folder, encoder=encoder, language_model=language_model)


def passage_source(passage_id: str) -> SourceName:
    """The source name that stands for a passage of an evaluated corpus."""
    return SourceName(".", passage_id)


def _documents(passages: Passages) -> Iterator[tuple[SourceName, Document]]:
    for identifier, title, text in zip(passages.ids, passages.titles, passages.texts, strict=True):
        yield passage_source(identifier), Document(text=text, title=title)


def _sparsely(callback: Callable[[int], None], *, seconds: float = 0.5) -> Callable[[IngestProgress], None]:
    """Tell the callback, at most every so many seconds, how many documents are written: an ingest of documents in memory counts no files."""
    n_written, last = 0, perf_counter()

    def call(event: IngestProgress) -> None:
        nonlocal n_written, last
        n_written += event.stage == "writing"
        if perf_counter() - last >= seconds:
            last = perf_counter()
            callback(n_written)

    return call


def _read_marker(marker: Path, identity: str, *, is_empty: bool) -> dict[str, Any]:
    if marker.is_file():
        known: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8"))
        if known["identity"] == identity:
            return known
    elif is_empty:
        return {}
    raise UsageError(f"the base in {marker.parent} holds something else than this corpus", "name another folder with --base")


def _write_marker(marker: Path, identity: str, seconds: float, n_chunks: int, *, complete: bool) -> None:
    content = {"identity": identity, "seconds": seconds, "n_chunks": n_chunks, "complete": complete}
    marker.write_text(json.dumps(content), encoding="utf-8")
