"""Files become changes of the base: scan, compare, read, derive, and write in whole transactions that end at file borders."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tadarag.budget import Budget, Purse
from tadarag.components import Components, with_readings
from tadarag.derivation import derive_all
from tadarag.documents.parsing import EXTRA_SUFFIXES, ParsedPart, content_hash, readable_suffixes
from tadarag.documents.scan import FoundFile, Unreadable, read_stable, scan
from tadarag.documents.sniffing import suffix_of
from tadarag.errors import DocumentError
from tadarag.ingest_counts import Counts
from tadarag.ingest_steps import Applied, Decided, Derived, FileDone, Forget, GrowingChange, Put, Remove, Step
from tadarag.ledger import Entry, Meter
from tadarag.mirroring import FoundInRoot, SyncedFolder, refuse_missing, vanished_sources
from tadarag.readings import Recall
from tadarag.reports import IngestProgress, IngestReport
from tadarag.roots import Roots
from tadarag.store.protocol import Change, Decision, FileState, Quarantined, Store
from tadarag.tier_choice import TierChoice
from tadarag.values import Document, Record, SourceName

COMMIT_PASSAGES = 256
"""A transaction is closed at the first file border after this many passages."""
COMMIT_SECONDS = 2.0
FEW_FILES = 200
"""Up to this many files are looked up one by one; for more, everything that is known is read at once."""

_LOG = logging.getLogger(__name__)

Parse = Callable[[str, bytes], Sequence[ParsedPart]]
Progress = Callable[[IngestProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierWishes:
    """How the documents of an ingest are to be read. asked: the tier for all of them, present ones too ("" for none); usual: for new ones
    that nothing else says a tier of. Both may be "auto"."""

    asked: str = ""
    usual: str = ""
    budget: Budget | None = None


NO_WISHES = TierWishes()


class Ingest:
    """One ingest into a store. Made anew for each; holds what the scan compares with and what the report will say."""

    def __init__(
        self,
        store: Store,
        components: Components,
        parse: Parse,
        *,
        workers: int,
        commit_passages: int = COMMIT_PASSAGES,
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
        recall: Recall | None = None,
        known: Store | None = None,
        wishes: TierWishes = NO_WISHES,
        decisions: Sequence[Decision] | None = None,
    ) -> None:
        """known: a store whose vectors and findings of equal chunks are taken over; the one that is written to, if none is given.

        decisions: those in force, if not those of the store.
        """
        self._store = store
        self._known_values = known or store
        asking = with_readings(
            replace(components, meter=Meter()),
            recall or store.recorded_result,
            lambda results: store.apply(Change(recorded=tuple(results))),
        )
        self._choice = TierChoice(
            asking,
            Purse(wishes.budget, asking.meter),
            store.decisions() if decisions is None else decisions,
            asked=wishes.asked,
            usual=wishes.usual,
        )
        self._components = replace(asking, tier_of=self._choice.tier_of)
        self._parse = parse
        self._workers = workers
        self._commit_passages = commit_passages
        self._progress = progress
        self._stop = stop or (lambda: False)
        self._started = time.monotonic()
        self._counts = Counts()
        self._total = 0

    def files(self, paths: Sequence[Path], roots: Roots, *, sync: bool = False, yes: bool = False, anew: bool = False) -> IngestReport:
        """Ingest files and folders. sync: also remove what has gone from the folders. anew: read files again that have not changed."""
        if sync and not yes:
            refuse_missing(paths)
        with self._store.writing():
            scanned = list(_scan_all(paths, roots))
            found, self._counts.n_skipped = _readable(scanned, paths)
            present, states = self._known(found, all_of_them=sync or len(found) > FEW_FILES)
            quarantined = {(one.source.root, one.source.path) for one in self._store.quarantined()}
            forgotten = _readable_again(found, quarantined)
            vanished: list[SourceName] = []
            if sync:
                folders = [SyncedFolder.of(path, roots, scanned) for path in paths]
                vanished = vanished_sources(folders, present, yes=yes)
                forgotten |= {key for key in (*states, *quarantined) if any(folder.has_lost(*key) for folder in folders)}
            self._total = len(found)
            self._report("scanning", "")
            self._write(self._file_steps(found, present, vanished, forgotten, {} if anew else states), present.keys())
            return self._finish()

    def _known(
        self, found: Sequence[FoundInRoot], *, all_of_them: bool
    ) -> tuple[Mapping[SourceName, str], Mapping[tuple[str, str], FileState]]:
        """Present sources and file states, of the found files at least: a large base is not read whole for one file."""
        if all_of_them:
            return self._store.sources(), self._store.files()
        present: dict[SourceName, str] = {}
        states: dict[tuple[str, str], FileState] = {}
        for one in found:
            file = (one.root, one.entry.relative)
            present.update(self._store.sources(file))
            states.update(self._store.files(file))
        return present, states

    def entry(self, action: str) -> Entry | None:
        """What this ingest took, for the ledger; None when it found nothing to do."""
        counts, meter = self._counts, self._components.meter
        if not counts.tiers and not meter.spent:
            return None
        return meter.entry(action, n_documents=sum(counts.tiers.values()), n_passages=counts.n_passages)

    def pending(self, paths: Sequence[Path], roots: Roots) -> Iterator[tuple[Document, str]]:
        """The documents that `files` would put, each with its tier, in its order; nothing is written."""
        found, _ = _readable(list(_scan_all(paths, roots)), paths)
        present, states = self._known(found, all_of_them=len(found) > FEW_FILES)
        steps = self._file_steps(found, present, [], set(), states)
        yield from ((put.document, self._choice.choose(put.content, put.document).tier) for put in steps if isinstance(put, Put))

    def documents(self, documents: Iterable[tuple[SourceName, Document]]) -> IngestReport:
        """Ingest documents that are in memory; a source that is present is replaced."""
        with self._store.writing():
            present: set[SourceName] = set()
            self._write(self._document_steps(documents, present), present)
            return self._finish()

    def _document_steps(self, documents: Iterable[tuple[SourceName, Document]], present: set[SourceName]) -> Iterator[Step]:
        """The puts of what has changed; `present` learns which of their sources were there before."""
        latest: dict[SourceName, str] = {}  # a source that comes twice ends as the last one says
        for source, document in documents:
            if source not in latest and (stored := self._store.content(source)) is not None:
                latest[source] = stored
                present.add(source)
            put = self._due(Put(source, content_hash(document), document), latest)
            if put is not None:
                latest[source] = put.content
                yield put

    def _file_steps(
        self,
        found: Sequence[FoundInRoot],
        present: Mapping[SourceName, str],
        vanished: Sequence[SourceName],
        forgotten: set[tuple[str, str]],
        states: Mapping[tuple[str, str], FileState],
    ) -> Iterator[Step]:
        of_file: dict[tuple[str, str], set[SourceName]] = {}
        for source in present:
            of_file.setdefault((source.root, source.path), set()).add(source)
        renames: dict[str, list[SourceName]] = {}
        for source in vanished:
            renames.setdefault(present[source], []).append(source)
        moved: set[SourceName] = set()
        for one in found:
            if self._stop():
                self._counts.interrupted = True
                return
            key = (one.root, one.entry.relative)
            for step in self._steps_of_file(one, present, of_file.get(key, set()), states.get(key)):
                yield step
                if isinstance(step, Put) and step.source not in present and renames.get(step.content):
                    old = renames[step.content].pop()
                    moved.add(old)
                    self._counts.renamed.append((old, step.source))
                    self._counts.renamed_to.add(step.source)
                    yield Remove(old, is_rename=True)
            self._counts.n_files += 1
        yield from (Remove(source) for source in vanished if source not in moved)
        yield from (Forget(root, path) for root, path in sorted(forgotten | {(source.root, source.path) for source in vanished}))

    def _steps_of_file(
        self, one: FoundInRoot, present: Mapping[SourceName, str], sources: set[SourceName], state: FileState | None
    ) -> Iterator[Step]:
        whole = SourceName(one.root, one.entry.relative)
        data: bytes | None = None
        try:
            if isinstance(one.entry, Unreadable):
                raise DocumentError(one.entry.reason, one.entry.do)
            if self._choice.may_differ(present[source] for source in sources):
                state = None  # it is read though it has not changed
            if state and (state.size, state.modified_ns) == (one.entry.size, one.entry.modified_ns):
                self._counts.unchanged += len(sources)
                return
            self._report("reading", str(whole))
            data = read_stable(one.entry)
            digest = sha256(data).hexdigest()
            done = FileState(root=one.root, path=one.entry.relative, size=len(data), modified_ns=one.entry.modified_ns, digest=digest)
            if state and state.digest == digest:
                self._counts.unchanged += len(sources)
                yield FileDone(done)
                return
            with self._components.meter.stage("parsing"):
                parts = self._parse(one.entry.relative, data)
        except Exception as error:  # noqa: BLE001 (one of the four doors: this file is quarantined with its reason, the rest goes on)
            # Bytes that make no document replace what was there; when they could not even be read, what was there is still the last known.
            yield from (Remove(source) for source in sorted(sources) if data is not None)
            yield Quarantined(source=whole, reason=_reason(whole, error), do=_remedy(error))
            return
        puts = [Put(SourceName(one.root, one.entry.relative, part.part), content_hash(part.document), part.document) for part in parts]
        yield from (due for put in puts if (due := self._due(put, present)) is not None)
        yield from (Remove(source) for source in sorted(sources - {put.source for put in puts}))
        yield FileDone(done)

    def _due(self, put: Put, present: Mapping[SourceName, str]) -> Put | None:
        """What is to be derived: a new or changed document, or one that another tier is to read; None for what stays as it is."""
        if present.get(put.source) != put.content:
            return put
        if self._choice.is_due(put.content, put.document):
            return replace(put, is_renewal=True)
        self._counts.unchanged += 1
        return None

    def _write(self, steps: Iterable[Step], present: Collection[SourceName]) -> None:
        """Derive what is put and apply all steps in order, in transactions that end between files once they are large or old enough."""
        change = GrowingChange()
        opened = time.monotonic()
        for step in self._with_records(steps):
            is_due = change.n_passages >= self._commit_passages or time.monotonic() - opened > COMMIT_SECONDS
            if is_due and not change.is_empty() and not (isinstance(step, Remove) and step.is_rename):  # a rename is one change
                self._apply(change)
                opened = time.monotonic()
            change.add(step)
            self._remember(change)
            if isinstance(step, Derived):
                self._counts.count(step, present, self._choice)
                self._report("writing", str(step.put.source))
            elif isinstance(step, Quarantined):
                self._counts.quarantined.append((step.source, step.reason, step.do))
            elif isinstance(step, Remove) and not step.is_rename:
                self._counts.removed.append(step.source)
        self._remember(change)
        if not change.is_empty():
            self._apply(change)

    def _apply(self, change: GrowingChange) -> None:
        with self._components.meter.stage("writing"):
            self._store.apply(change.take())

    def _remember(self, change: GrowingChange) -> None:
        """Let the change record what a model has said since: before, or together with, the documents that it was said of."""
        if self._components.readings is not None:
            change.recorded += self._components.readings.take_fresh()

    def _with_records(self, steps: Iterable[Step]) -> Iterator[Applied]:
        """The steps in order, each put replaced by its record; what follows a put waits until its record is there."""
        others: dict[int, list[Remove | FileDone | Forget | Quarantined]] = {0: []}
        waiting: dict[int, Put] = {}
        n_puts = 0

        def puts() -> Iterator[tuple[SourceName, str, Document]]:
            nonlocal n_puts
            for step in steps:
                if isinstance(step, Put):
                    n_puts += 1
                    waiting[n_puts], others[n_puts] = step, []
                    self._choice.choose(step.content, step.document)
                    yield step.source, step.content, step.document
                else:
                    others[n_puts].append(step)

        known = self._known_values
        records = derive_all(puts(), self._components, known.vectors, known.findings, workers=self._workers)
        for number, record in enumerate(records, start=1):
            yield from others.pop(number - 1)
            put = waiting.pop(number)
            if isinstance(record, Quarantined) and not put.is_renewal:
                yield Remove(record.source)  # what was there before said something else
                if put.content not in self._present_contents:
                    yield Decided(self._choice.decided(put.content))  # so that a retry reads it by the same tier
                yield record
            else:
                yield Derived(put, record, self._choice.decided(put.content) if isinstance(record, Record) else ())
        for number in sorted(others):
            yield from others.pop(number)

    @cached_property
    def _present_contents(self) -> frozenset[str]:
        """Contents that were there at the first failure: what they are read by is not changed by an equal document that failed."""
        return frozenset(self._store.sources().values())

    def _report(self, stage: str, source: str) -> None:
        if self._progress:
            counts = self._counts
            self._progress(
                IngestProgress(n_done=counts.n_files, n_total=self._total, n_passages=counts.n_passages, source=source, stage=stage)  # type: ignore[arg-type]
            )

    def _finish(self) -> IngestReport:
        self._report("indexing", "")
        with self._components.meter.stage("indexing"):
            sequence = self._store.catch_up()
        return self._counts.report(seconds=time.monotonic() - self._started, sequence=sequence)


def _scan_all(paths: Sequence[Path], roots: Roots) -> Iterator[FoundInRoot]:
    seen: set[tuple[str, str]] = set()
    for path in paths:
        root, folder = roots.locate(path)
        for entry in scan([path], root=folder):
            if (root, entry.relative) not in seen:
                seen.add((root, entry.relative))
                yield FoundInRoot(root=root, entry=entry)


def _readable(found: Iterable[FoundInRoot], named: Sequence[Path]) -> tuple[list[FoundInRoot], int]:
    """What was found without the files whose format nothing reads, and how many these are; a file that was named itself is kept."""
    suffixes = {*readable_suffixes(), *EXTRA_SUFFIXES}  # a format of an extra that is missing is kept: its reason says what to install
    files = {os.path.abspath(path) for path in named}
    kept, n_skipped = [], 0
    for one in found:
        entry = one.entry
        is_skipped = isinstance(entry, FoundFile) and suffix_of(entry.relative) not in suffixes and os.path.abspath(entry.path) not in files
        n_skipped += is_skipped
        if not is_skipped:
            kept.append(one)
    return kept, n_skipped


def _readable_again(found: Sequence[FoundInRoot], quarantined: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Quarantined folders in which files have now been found: nothing else would ever clear them."""
    folders = {
        (one.root, str(parent)) for one in found if isinstance(one.entry, FoundFile) for parent in PurePosixPath(one.entry.relative).parents
    }
    return quarantined & (folders - {(one.root, one.entry.relative) for one in found})


def _reason(source: SourceName, error: Exception) -> str:
    if isinstance(error, DocumentError):
        return error.happened
    _LOG.error("reading %s failed", source, exc_info=error)
    return f"{source} could not be read: {type(error).__name__} ({error})"


def _remedy(error: Exception) -> str:
    return error.do if isinstance(error, DocumentError) else "report this with the file, please"
