"""Hand-made worlds of small documents, as snapshots."""

from itertools import count

import pytest

from tadarag.components import default_components
from tadarag.derivation import derive_all
from tadarag.documents.parsing import content_hash
from tadarag.retrieval.retrieve import retrieve
from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.protocol import Change
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Document, SourceName

COMPONENTS = default_components(HashingEncoder())


def make_records(world):
    """Records of {name: (title, text)}; the text holds no title of its own."""
    documents = [(SourceName(".", name), Document(text=text, title=title, language="en")) for name, (title, text) in world.items()]
    named = [(source, content_hash(document), document) for source, document in documents]
    return list(derive_all(named, COMPONENTS, lambda keys: {}, workers=1))


@pytest.fixture
def records_of():
    return make_records


@pytest.fixture
def make_store(tmp_path):
    folders = (tmp_path / str(number) for number in count())
    opened = []

    def make_store():
        folder = next(folders)
        create(folder, {**COMPONENTS.settings(), "format": "1"})
        opened.append(EmbeddedStore(folder))
        return opened[-1]

    yield make_store
    for store in opened:
        store.close()


@pytest.fixture
def snapshot_of(make_store):
    """A snapshot of a world, its records put in one change."""

    def snapshot_of(world):
        store = make_store()
        store.apply(Change(put=tuple(make_records(world))))
        store.catch_up()
        return store.snapshot()

    return snapshot_of


@pytest.fixture
def ask():
    """Retrieve for a question, and give the hits by the name of their source."""

    def ask(snapshot, question, **options):
        vector = COMPONENTS.encoder.read(question, kind="query").vector
        return retrieve(question, vector, snapshot, **{"limit": 10, **options})

    return ask


@pytest.fixture
def encoder():
    """The encoder that the worlds are read with."""
    return COMPONENTS.encoder
