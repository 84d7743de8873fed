"""Every Store passes the same contract, and the embedded one equals the in-memory one over random histories."""

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.store.embedded import EmbeddedStore, create
from tadarag.store.protocol import Change
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS, make_record
from tadarag.testing.store_contract import StoreContract, facts_or_empty
from tadarag.values import SourceName


class TestMemoryStore(StoreContract):
    def make_store(self):
        return MemoryStore(SETTINGS)


class TestEmbeddedStore(StoreContract):
    @pytest.fixture(autouse=True)
    def _folders(self, tmp_path: Path):
        self.folders = (tmp_path / str(number) for number in count())

    def make_store(self):
        folder = next(self.folders)
        create(folder, SETTINGS)
        return EmbeddedStore(folder)


SENTENCES = ("Anna met Bruno.", "The River Ost floods Veldam.", "Nobody came.", "Ost Harbour is old.", "Bruno owns Ost Harbour.")
EDITS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(st.sampled_from(SENTENCES), max_size=3)), max_size=5),
        st.lists(st.sampled_from("abcdefgh"), max_size=3),
        st.sampled_from(["wait", "catch up", "vacuum", "reopen"]),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(history=EDITS)
def test_the_embedded_store_equals_the_in_memory_store_after_any_history(history):
    with TemporaryDirectory() as folder:
        create(Path(folder) / "base", SETTINGS)
        embedded, memory = EmbeddedStore(Path(folder) / "base"), MemoryStore(SETTINGS)
        for puts, removals, then in history:
            records = {name: make_record(name, *paragraphs, title=name.upper()) for name, paragraphs in puts}
            removed = tuple(SourceName(".", name) for name in removals if name not in records)
            change = Change(put=tuple(records.values()), removed=removed)
            embedded.apply(change)
            memory.apply(change)
            if then == "catch up":
                embedded.catch_up()
            elif then == "vacuum":
                embedded.vacuum()
            elif then == "reopen":
                embedded.close()
                embedded = EmbeddedStore(Path(folder) / "base")
        embedded.catch_up()
        memory.catch_up()
        assert facts_or_empty(embedded.snapshot()) == facts_or_empty(memory.snapshot())
        assert embedded.sources() == memory.sources()
        assert not embedded.verify(deep=True)
        embedded.close()
