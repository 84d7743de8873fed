"""Links that were found for one question serve the next, and only questions to the same state of the base."""

import gc
import weakref

import pytest

from tadarag.retrieval import link_memory
from tadarag.retrieval.link_memory import kept_links
from tadarag.store.protocol import Change
from tadarag.values import Filters, SourceName

WORLD = {
    "yard": ("Ostrevir Yard", "The company belongs to Tomas Brandt. It repairs boats."),
    "owner": ("Tomas Brandt", "He was born in Veldam on 3 May 1961. He collects clocks."),
    "town": ("Veldam", "The town has 41,000 inhabitants. It lies on a hill."),
}
QUESTION = "Where was the owner of the Ostrevir Yard born?"


def scored(evidence):
    return [(hit.passage.source.path, hit.score, hit.path) for hit in evidence.hits]


def test_a_second_question_finds_the_same_as_if_it_had_been_the_first(snapshot_of, ask):
    snapshot, fresh = snapshot_of(WORLD), snapshot_of(WORLD)
    ask(snapshot, "Who lives in Veldam?")
    assert kept_links(snapshot.rows)
    assert scored(ask(snapshot, QUESTION)) == scored(ask(fresh, QUESTION))


def test_a_filtered_question_neither_uses_nor_leaves_what_is_kept(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    hidden = Filters(sources=("yard", "town"))
    alone = scored(ask(snapshot, QUESTION, filters=hidden))
    assert not kept_links(snapshot.rows)
    ask(snapshot, QUESTION)
    assert scored(ask(snapshot, QUESTION, filters=hidden)) == alone


def test_a_change_of_the_base_forgets_the_links_of_the_state_before(make_store, records_of, ask):
    store = make_store()
    store.apply(Change(put=tuple(records_of(WORLD))))
    store.catch_up()
    before = store.snapshot()
    ask(before, QUESTION)
    store.apply(Change(removed=(SourceName(".", "owner"),)))
    store.catch_up()
    after = store.snapshot()
    assert "owner" not in [name for name, _, _ in scored(ask(after, QUESTION))]
    rows = weakref.ref(before.rows)
    before.close()
    del before
    gc.collect()
    assert rows() is None


def test_all_is_forgotten_when_there_is_too_much(snapshot_of, ask, monkeypatch):
    snapshot = snapshot_of(WORLD)
    ask(snapshot, QUESTION)
    monkeypatch.setattr(link_memory, "MAX_SENTENCES", 1)
    first = scored(ask(snapshot, QUESTION))
    assert scored(ask(snapshot, QUESTION)) == first


@pytest.mark.parametrize("question", [QUESTION, "Who lives in Veldam?"])
def test_asking_twice_gives_the_same(snapshot_of, ask, question):
    snapshot = snapshot_of(WORLD)
    assert scored(ask(snapshot, question)) == scored(ask(snapshot, question))
