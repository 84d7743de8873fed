"""What is read around a name: enough, and not everything."""

import pytest

from tadarag.errors import UsageError
from tadarag.graph.stored_documents import StoredDocuments
from tadarag.graph.vicinity import view_around, view_between
from tadarag.store.protocol import Change
from tadarag.testing.marked_records import marked_record, with_vectors
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS
from tadarag.values import Record


def stored(*records: Record) -> StoredDocuments:
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=tuple(with_vectors(record) for record in records)))
    store.catch_up()
    return StoredDocuments(store.snapshot())


FIRMS = (
    marked_record("mill", "[Mill Works|organization] hired."),
    marked_record("tarn", "[Tarn Engines|organization], formerly [Mill Works|organization], grew."),
    marked_record("ysk", "[Tarn Engines|organization], formerly [Ysk Works|organization], closed."),
    marked_record("forge", "[Ysk Works|organization], formerly [Old Forge|organization], burnt."),
    marked_record("far", "[Ann Lee|person] met [Bo Orr|person]."),
)


def test_what_parts_a_second_name_two_documents_away_is_read() -> None:
    view = view_around(stored(*FIRMS), (), ["Mill Works"], depth=0)
    (thing,) = view.called("Mill Works")
    assert [str(source) for source in thing.sources] == ["mill", "tarn", "ysk"]
    assert "ysk works" not in dict(view.names(thing))


def test_documents_that_do_not_bear_on_the_name_are_not_read() -> None:
    view = view_around(stored(*FIRMS), (), ["Mill Works"], depth=2)
    assert not view.called("Ann Lee")


def test_a_misspelt_name_brings_those_that_are_written_alike() -> None:
    view = view_around(stored(*FIRMS), (), ["Mill Work"], depth=1)
    with pytest.raises(UsageError, match="did you mean 'Mill Works'"):
        view.find("Mill Work")


def test_a_chinese_name_is_found_in_traditional_characters_too() -> None:
    documents = stored(marked_record("a", "[维尔茅斯大学|organization]成立。"), marked_record("b", "[維爾茅斯大學|organization]很大。"))
    (thing,) = view_around(documents, (), ["維爾茅斯大學"], depth=1).called("维尔茅斯大学")
    assert len(thing.sources) == 2


def test_a_value_is_found_by_its_words() -> None:
    view = view_around(stored(marked_record("a", "[Ann Lee|person] was born in [1961|time].")), (), ["1961"], depth=1)
    assert [thing.name for thing in view.called("1961")] == ["1961"]


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(UsageError, match="empty"):
        view_between(stored(*FIRMS), (), [("Mill Works", None), (" ", None)], max_hops=2)
