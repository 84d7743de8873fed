"""Files become changes of the base: scan, compare, read, derive, and write in whole transactions that end at file borders."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tadarag.derivation import Components, derive_all
from tadarag.documents.parsing import ParsedPart, content_hash
from tadarag.documents.scan import FoundFile, Unreadable, read_stable, scan
from tadarag.errors import DocumentError, Refused
from tadarag.roots import Roots
from tadarag.store.protocol import Change, FileState, Quarantined, Store
from tadarag.values import Document, IngestProgress, IngestReport, Record, SourceName

COMMIT_PASSAGES = 256
"""A transaction is closed at the first file border after this many passages."""
COMMIT_SECONDS = 2.0
SYNC_GUARD_DOCUMENTS = 20
"""A sync that would remove more than half of a base of more documents than this is refused."""

Parse = Callable[[str, bytes], Sequence[ParsedPart]]
Progress = Callable[[IngestProgress], None]


@dataclass(frozen=True, slots=True)
class _Put:
    source: SourceName
    content: str
    document: Document


@dataclass(frozen=True, slots=True)
class _Remove:
    source: SourceName
    is_rename: bool = False


@dataclass(frozen=True, slots=True)
class _FileDone:
    state: FileState


@dataclass(frozen=True, slots=True)
class _Forget:
    root: str
    path: str


_Step = _Put | _Remove | _FileDone | _Forget | Quarantined


@dataclass(slots=True)
class _Counts:
    """What an ingest has done so far, as its report will say."""

    added: list[SourceName] = field(default_factory=list)
    replaced: list[SourceName] = field(default_factory=list)
    renamed: list[tuple[SourceName, SourceName]] = field(default_factory=list)
    removed: list[SourceName] = field(default_factory=list)
    empty: list[SourceName] = field(default_factory=list)
    quarantined: list[tuple[SourceName, str, str]] = field(default_factory=list)
    unchanged: int = 0
    n_passages: int = 0
    n_files: int = 0
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInRoot:
    """A file or an unreadable entry that a scan found, with the name of its root."""

    root: str
    entry: FoundFile | Unreadable


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
    ) -> None:
        self._store = store
        self._components = components
        self._parse = parse
        self._workers = workers
        self._commit_passages = commit_passages
        self._progress = progress
        self._stop = stop or (lambda: False)
        self._started = time.monotonic()
        self._counts = _Counts()
        self._total = 0

    def files(self, paths: Sequence[Path], roots: Roots, *, sync: bool = False, yes: bool = False, anew: bool = False) -> IngestReport:
        """Ingest files and folders. sync: also remove what has gone from the folders. anew: read files again that have not changed."""
        with self._store.writing():
            present = dict(self._store.sources())
            found = list(_scan_all(paths, roots))
            vanished = _vanished(paths, roots, found, present, yes=yes) if sync else []
            self._total = len(found)
            self._report("scanning", "")
            self._write(self._file_steps(found, present, vanished, {} if anew else self._store.files()), present)
            return self._finish()

    def documents(self, documents: Iterable[tuple[SourceName, Document]]) -> IngestReport:
        """Ingest documents that are in memory; a source that is present is replaced."""
        with self._store.writing():
            present = dict(self._store.sources())
            steps = (_Put(source, content_hash(document), document) for source, document in documents)
            self._write((step for step in steps if not self._is_unchanged(step, present)), present)
            return self._finish()

    def _file_steps(
        self,
        found: Sequence[FoundInRoot],
        present: Mapping[SourceName, str],
        vanished: Sequence[SourceName],
        states: Mapping[tuple[str, str], FileState],
    ) -> Iterator[_Step]:
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
                if isinstance(step, _Put) and step.source not in present and renames.get(step.content):
                    old = renames[step.content].pop()
                    moved.add(old)
                    self._counts.renamed.append((old, step.source))
                    yield _Remove(old, is_rename=True)
            self._counts.n_files += 1
        yield from (_Remove(source) for source in vanished if source not in moved)
        yield from (_Forget(root, path) for root, path in sorted({(source.root, source.path) for source in vanished}))

    def _steps_of_file(
        self, one: FoundInRoot, present: Mapping[SourceName, str], sources: set[SourceName], state: FileState | None
    ) -> Iterator[_Step]:
        whole = SourceName(one.root, one.entry.relative)
        try:
            if isinstance(one.entry, Unreadable):
                raise DocumentError(one.entry.reason, one.entry.do)
            if state and (state.size, state.modified_ns) == (one.entry.size, one.entry.modified_ns):
                self._counts.unchanged += len(sources)
                return
            self._report("reading", str(whole))
            data = read_stable(one.entry)
            digest = sha256(data).hexdigest()
            done = FileState(root=one.root, path=one.entry.relative, size=len(data), modified_ns=one.entry.modified_ns, digest=digest)
            if state and state.digest == digest:
                self._counts.unchanged += len(sources)
                yield _FileDone(done)
                return
            parts = self._parse(one.entry.relative, data)
        except DocumentError as error:  # one of the four doors: this file is quarantined with its reason, the rest goes on
            yield from (_Remove(source) for source in sorted(sources))
            yield Quarantined(source=whole, reason=error.happened, do=error.do)
            return
        puts = [_Put(SourceName(one.root, one.entry.relative, part.part), content_hash(part.document), part.document) for part in parts]
        yield from (put for put in puts if not self._is_unchanged(put, present))
        yield from (_Remove(source) for source in sorted(sources - {put.source for put in puts}))
        yield _FileDone(done)

    def _is_unchanged(self, put: _Put, present: Mapping[SourceName, str]) -> bool:
        unchanged = present.get(put.source) == put.content
        self._counts.unchanged += unchanged
        return unchanged

    def _write(self, steps: Iterable[_Step], present: Mapping[SourceName, str]) -> None:
        """Derive what is put and apply all steps in order, in transactions that end between files once they are large or old enough."""
        change = _GrowingChange()
        opened = time.monotonic()
        for step in self._with_records(steps):
            change.add(step)
            if isinstance(step, Record):
                self._count(step, present)
                self._report("writing", str(step.source))
            elif isinstance(step, Quarantined):
                self._counts.quarantined.append((step.source, step.reason, step.do))
            elif isinstance(step, _Remove) and not step.is_rename:
                self._counts.removed.append(step.source)
            is_due = change.n_passages >= self._commit_passages or time.monotonic() - opened > COMMIT_SECONDS
            if is_due and not isinstance(step, _Remove):
                self._store.apply(change.take())
                opened = time.monotonic()
        if not change.is_empty():
            self._store.apply(change.take())

    def _with_records(self, steps: Iterable[_Step]) -> Iterator[Record | _Remove | _FileDone | _Forget | Quarantined]:
        """The steps in order, each put replaced by its record; what follows a put waits until its record is there."""
        others: dict[int, list[_Remove | _FileDone | _Forget | Quarantined]] = {0: []}
        n_puts = 0

        def puts() -> Iterator[tuple[SourceName, str, Document]]:
            nonlocal n_puts
            for step in steps:
                if isinstance(step, _Put):
                    n_puts += 1
                    others[n_puts] = []
                    yield step.source, step.content, step.document
                else:
                    others[n_puts].append(step)

        records = derive_all(puts(), self._components, self._store.vectors, workers=self._workers)
        for number, record in enumerate(records, start=1):
            yield from others.pop(number - 1)
            yield record
        for number in sorted(others):
            yield from others.pop(number)

    def _count(self, record: Record, present: Mapping[SourceName, str]) -> None:
        self._counts.n_passages += len(record.chunks)
        if any(new == record.source for _, new in self._counts.renamed[-1:]):
            pass_through = True
        else:
            pass_through = False
            (self._counts.replaced if record.source in present else self._counts.added).append(record.source)
        if not record.chunks and not pass_through:
            self._counts.empty.append(record.source)

    def _report(self, stage: str, source: str) -> None:
        if self._progress:
            counts = self._counts
            self._progress(
                IngestProgress(n_done=counts.n_files, n_total=self._total, n_passages=counts.n_passages, source=source, stage=stage)  # type: ignore[arg-type]
            )

    def _finish(self) -> IngestReport:
        self._report("indexing", "")
        sequence = self._store.catch_up()
        counts = self._counts
        return IngestReport(
            added=tuple(counts.added),
            replaced=tuple(counts.replaced),
            renamed=tuple(counts.renamed),
            removed=tuple(counts.removed),
            unchanged=counts.unchanged,
            empty=tuple(counts.empty),
            quarantined=tuple(counts.quarantined),
            n_passages=counts.n_passages,
            seconds=time.monotonic() - self._started,
            sequence=sequence,
            interrupted=counts.interrupted,
        )


class _GrowingChange:
    """The change that the next transaction will make."""

    def __init__(self) -> None:
        self._steps: list[Record | _Remove | _FileDone | _Forget | Quarantined] = []
        self.n_passages = 0

    def add(self, step: Record | _Remove | _FileDone | _Forget | Quarantined) -> None:
        """Append a step."""
        self._steps.append(step)
        if isinstance(step, Record):
            self.n_passages += len(step.chunks) or 1

    def is_empty(self) -> bool:
        """Whether nothing has been added since the last take."""
        return not self._steps

    def take(self) -> Change:
        """The change so far; a new one begins."""
        steps, self._steps, self.n_passages = self._steps, [], 0
        records = {step.source: step for step in steps if isinstance(step, Record)}
        return Change(
            put=tuple(records.values()),
            removed=tuple(step.source for step in steps if isinstance(step, _Remove) and step.source not in records),
            quarantined=tuple(step for step in steps if isinstance(step, Quarantined)),
            files=tuple(step.state for step in steps if isinstance(step, _FileDone)),
            forget_files=tuple((step.root, step.path) for step in steps if isinstance(step, _Forget)),
        )


def _scan_all(paths: Sequence[Path], roots: Roots) -> Iterator[FoundInRoot]:
    seen: set[tuple[str, str]] = set()
    for path in paths:
        root, folder = roots.locate(path)
        for entry in scan([path], root=folder):
            if (root, entry.relative) not in seen:
                seen.add((root, entry.relative))
                yield FoundInRoot(root=root, entry=entry)


def _vanished(
    paths: Sequence[Path], roots: Roots, found: Sequence[FoundInRoot], present: Mapping[SourceName, str], *, yes: bool
) -> list[SourceName]:
    """Present sources below the given folders whose files were not found. Raises Refused where that looks like an accident."""
    there = {(one.root, one.entry.relative) for one in found}
    vanished: list[SourceName] = []
    for path in paths:
        root, folder = roots.locate(path)
        relative = Path(path).absolute().relative_to(folder).as_posix()
        below = [source for source in present if source.root == root and (relative == "." or f"{source.path}/".startswith(f"{relative}/"))]
        gone = [source for source in below if (source.root, source.path) not in there]
        if below and len(gone) == len(below) and not yes and not any(one.root == root for one in found):
            raise Refused(
                f"{path} is empty or missing, and the sync would remove all {len(gone)} of its documents",
                "check that it is mounted, or repeat with --yes",
            )
        vanished.extend(gone)
    if len(present) > SYNC_GUARD_DOCUMENTS and len(vanished) * 2 > len(present) and not yes:
        raise Refused(
            f"the sync would remove {len(vanished)} of {len(present)} documents",
            "check the folder, or repeat with --yes if that is what you want",
        )
    return sorted(set(vanished))
