"""The Store protocol: one atomic write a change, snapshots that return facts and never scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tadarag.findings import Findings
from tadarag.values import Document, Passage, Record, SourceName, Vectors

Field = Literal["passage", "sentence", "outline", "core", "subject", "part", "mention"]
"""Inverted lists by 64-bit key: terms of passages, of sentences, of outline lines beyond those of the passage (-> passages), of core statements
(-> passages), subjects (-> passages), parts of subjects (-> passages), mentions (-> sentences)."""

READING = "reading:"
"""How keys of recorded results begin that belong to memories: they stay as long as a present document's memory names them."""

TIER = "tier"
"""The kind of decisions that say which tier reads a content: JSON lists with the content's hash in second place. They count while a present document
has that content, and go with a vacuum after that."""

VectorField = Literal["passage", "sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """The live ids (int32, rising) that hold a key, and how often each holds it (int32)."""

    ids: NDArray[np.int32]
    counts: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCounts:
    """Exact counts of the live passages and sentences, and exact sums of their lengths in search terms, of a field each.

    n_layered: passages of documents of several passages, which alone have core and outline entries.
    """

    n_passages: int
    n_sentences: int
    n_layered: int
    passage_terms: int
    sentence_terms: int
    core_terms: int
    outline_terms: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Rows:
    """The passages of a snapshot, numbered 0..R-1, and their sentences, numbered 0..S-1; dead rows keep their number and are not live.

    keys: uint64[R], a hash of source name and chunk id: every order ends with ties by it, so that results do not depend on numbering.
    live: bool[R]. documents: int32[R], index into `Snapshot.documents()`. subjects: uint64[R], key of the subject, 0 for none;
    subject_tokens: int16[R], its length. starts: int64[R+1], row r owns sentences starts[r]:starts[r+1]. owners: int32[S].
    passage_lengths: int32[R], sentence_lengths: int32[S], in search terms (title or heading path included).
    in_cjk: bool[R], the passage is written in a script without spaces between words. counts: of all that live; cjk_counts: of these among them.

    Layers, of documents of several passages only: core: bool[S], the sentence belongs to a core statement. core_norms: float64[R], norm of
    the sum of a passage's core sentences (vector times scale), 0 without core entry. reach: int8[R, 2], how many passages before and after,
    at most three, are of the same section. core_lengths, outline_lengths: int32[R], in search terms, 0 without entry; layered: bool[R], of a
    document of several passages.
    """

    keys: NDArray[np.uint64]
    live: NDArray[np.bool_]
    documents: NDArray[np.int32]
    subjects: NDArray[np.uint64]
    subject_tokens: NDArray[np.int16]
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    passage_lengths: NDArray[np.int32]
    sentence_lengths: NDArray[np.int32]
    in_cjk: NDArray[np.bool_]
    counts: LiveCounts
    cjk_counts: LiveCounts
    core: NDArray[np.bool_]
    core_norms: NDArray[np.float64]
    reach: NDArray[np.int8]
    layered: NDArray[np.bool_]
    core_lengths: NDArray[np.int32]
    outline_lengths: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorBlock:
    """Vectors of ids first..first+n-1: int8[n, d] and one float32 scale each."""

    first: int
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What filters and lists need of a present document, without its text."""

    source: SourceName
    content: str
    title: str
    language: str
    date: str
    domain: str
    media_type: str
    n_characters: int
    n_passages: int
    is_live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A file or part that could not be read, and why; cleared by a successful retry or when the source goes away."""

    source: SourceName
    reason: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What a re-scan compares before it hashes: size in bytes, modification time in ns, SHA-256 of the bytes. Not part of the truth digest."""

    root: str
    path: str
    size: int
    modified_ns: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Decision:
    """An input that a person gave beside the documents, such as ("cannot-link", {...}); `body` is canonical JSON."""

    kind: str
    body: str
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One atomic change: documents put (added or replaced) and sources removed, with what the scan learnt about the files.

    decisions: what a person decided; a withdrawn decision is removed. recorded: results of language models by the hash of what was asked.
    A rename is a removal and a put in one change. `quarantined` replaces earlier reasons of the same source; putting or removing a source
    clears its quarantine. A state in `files` says that the file was read: it clears the quarantine of the file and all its parts; what is
    quarantined loses its file's state. `forget_files` are (root, path) pairs: state and quarantine go. `renewed`: hashes of contents that
    are derived otherwise from now on; a record of each is among `put`, and every present source of that content gets it.
    """

    put: tuple[Record, ...] = ()
    removed: tuple[SourceName, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    files: tuple[FileState, ...] = ()
    forget_files: tuple[tuple[str, str], ...] = ()
    decisions: tuple[Decision, ...] = ()
    recorded: tuple[tuple[str, str], ...] = ()
    renewed: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any((self.put, self.removed, self.quarantined, self.files, self.forget_files, self.decisions, self.recorded))


class Snapshot(Protocol):
    """A consistent view of the base at one sequence number. All arrays are read-only and stay valid while the snapshot is held."""

    @property
    def sequence(self) -> int: ...

    @property
    def rows(self) -> Rows: ...

    def documents(self) -> Sequence[DocumentInfo]:
        """Documents in the order that `Rows.documents` counts, dead ones (is_live False) included."""
        ...

    def postings(self, field: Field, key: int) -> Postings:
        """The live ids that hold `key`; empty when none does."""
        ...

    def known(self, field: Field, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """For each key whether any live id holds it (same shape)."""
        ...

    def holding(self, field: Field) -> NDArray[np.int32]:
        """The ids, dead ones included, that hold any key of a field, rising."""
        ...

    def vector_blocks(self, field: VectorField) -> Iterator[VectorBlock]:
        """All vectors, dead ids included, block by block in id order."""
        ...

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        ...

    def mention_names(self, row: int) -> tuple[tuple[str, ...], ...]:
        """For each sentence of a row the folded names it mentions (each once, in order): `name_key(name_tokens)` is their key in "mention"."""
        ...

    def content(self, source: SourceName) -> str | None:
        """The content hash of a present source, None if it is not present."""
        ...

    def document(self, source: SourceName) -> Document | None:
        """The stored document of a present source, None if it is not present."""
        ...

    def record(self, source: SourceName) -> Record | None:
        """Everything stored about a present source."""
        ...

    def quarantined(self) -> Sequence[Quarantined]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that `verify` found wrong: where, what, and what to do."""

    place: str
    problem: str
    do: str


class Store(Protocol):
    """Keeps the truth and the indexes derived from it. No SQL, file or row id leaks out of it."""

    @property
    def settings(self) -> Mapping[str, str]:
        """What was frozen when the base was made: fingerprints of encoder and builders, dimension, format."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write for several calls; without it each writing call takes it for itself. Raises BaseBusy."""
        ...

    def apply(self, change: Change) -> int:
        """Make one change visible whole or not at all; it is durable when this returns. Returns its sequence number."""
        ...

    def catch_up(self) -> int:
        """Bring the derived indexes to the last change and return its sequence number; snapshots taken afterwards see it."""
        ...

    def snapshot(self) -> Snapshot:
        """A view at the sequence that the derived indexes have reached; close it when the question is answered."""
        ...

    def vectors(self, keys: Sequence[str]) -> Mapping[str, Vectors]:
        """Stored vectors by encoder-input hash, for those that are known: what a second ingest need not compute."""
        ...

    def findings(self, keys: Sequence[str], found_by: str) -> Mapping[str, Findings]:
        """Stored findings of chunks by the same hashes, for those that the named extraction made."""
        ...

    def sources(self, file: tuple[str, str] | None = None) -> Mapping[SourceName, str]:
        """The present sources at the last change, with the hashes of their content; only those of one file, (root, path), if it is given."""
        ...

    def content(self, source: SourceName) -> str | None:
        """The hash of a source's content at the last change, None when it is not present."""
        ...

    def files(self, file: tuple[str, str] | None = None) -> Mapping[tuple[str, str], FileState]:
        """What the last scan of each file saw, or of the one that is given."""
        ...

    def quarantined(self) -> Sequence[Quarantined]:
        """What is in quarantine at the last change, sorted by source; needs no index."""
        ...

    def records(self) -> Iterator[Record]:
        """All present records at the last change, sorted by source."""
        ...

    def decisions(self) -> Sequence[Decision]:
        """Decisions in force, sorted."""
        ...

    def recorded(self) -> Iterator[tuple[str, str]]:
        """Recorded results of language models, sorted by key."""
        ...

    def recorded_result(self, key: str) -> str | None:
        """The recorded result for what was asked, None if it never was."""
        ...

    def vacuum(self) -> int:
        """Remove every trace of what is no longer present; returns the bytes freed."""
        ...

    def verify(self, *, deep: bool = False) -> Sequence[Finding]:
        """Check truth and indexes; `deep` also reads every stored value against its checksum."""
        ...

    def close(self) -> None: ...


Observer = Callable[[str], None]
"""Called with the name of each step that a store takes ("change:written", …): progress, and where tests pull the plug."""
