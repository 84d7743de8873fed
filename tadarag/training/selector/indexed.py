"""The bases that features are read from: each corpus is indexed once, by the product's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tadarag.evaluation.beir import Passages
from tadarag.evaluation.indexing import index_corpus, open_base
from tadarag.evaluation.retrieval_run import corpus_identity
from tadarag.models.encoder import Encoder
from tadarag.models.onnx_encoder import load_shipped
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.protocol import Change, Snapshot
from tadarag.values import SourceName

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An indexed corpus that can be searched: its snapshot, the passage id of each row, and the encoder of questions."""

    snapshot: Snapshot
    passages: tuple[str, ...]
    encoder: Encoder


def make_base(folder: Path, passages: Passages, report: Callable[[str], None]) -> None:
    """Index a corpus in `folder`, or find it done."""
    encoder = load_shipped()

    def told(stage: str, done: int, total: int) -> None:
        report(f"{folder.name}: {stage}, {done} of {total}")

    with open_base(folder, encoder) as base:
        index_corpus(base, passages, identity=corpus_identity(passages, encoder), progress=told)


@contextmanager
def opened(folder: Path) -> Iterator[Indexed]:
    """A base that `make_base` made, for reading."""
    with _store(folder) as store, _snapshot(store) as snapshot:
        sources = [info.source.path for info in snapshot.documents()]
        passages = tuple(sources[document] for document in snapshot.rows.documents.tolist())
        yield Indexed(snapshot=snapshot, passages=passages, encoder=load_shipped())


@contextmanager
def mixed(own: Path, foreign: Sequence[Path], folder: Path, *, n: int) -> Iterator[Snapshot]:
    """A base in `folder` with all documents of one base and n of others, which are told by the root of their names. Nothing is encoded again."""
    with ExitStack() as stack:
        ours = stack.enter_context(_store(own))
        strangers = [stack.enter_context(_store(other)) for other in foreign]
        create(folder, ours.settings)
        store = stack.enter_context(closing(EmbeddedStore(folder)))
        renamed = (replace(record, source=SourceName("foreign", record.source.path)) for one in strangers for record in one.records())
        for records in (ours.records(), islice(renamed, n)):
            while batch := tuple(islice(records, _AT_ONCE)):
                store.apply(Change(put=batch))
        store.catch_up()
        yield stack.enter_context(_snapshot(store))


@contextmanager
def _store(folder: Path) -> Iterator[EmbeddedStore]:
    with open_base(folder, load_shipped()) as base:
        path = base.path
    with closing(EmbeddedStore(path)) as store:
        yield store


def _snapshot(store: EmbeddedStore) -> closing[Snapshot]:
    return closing(store.snapshot())
