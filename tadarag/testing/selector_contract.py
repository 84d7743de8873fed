"""What every Selector promises, as a suite that an implementation inherits and passes."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest

from tadarag.components import default_components
from tadarag.derivation import derive_all
from tadarag.documents.parsing import content_hash
from tadarag.retrieval.candidates import Candidates, candidates_of
from tadarag.retrieval.ranking import Scores
from tadarag.retrieval.retrieve import score, select
from tadarag.retrieval.selector import FormulaSelector, Selector
from tadarag.store.protocol import Change, Snapshot
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.memory_store import MemoryStore
from tadarag.values import Document, Record, SourceName

WORLD = {
    "ferry": ("Ferry Dusk", "The ferry was built at the Ostrevir Yard in 1998. It carries cars."),
    "yard": ("Ostrevir Yard", "The company belongs to Tomas Brandt. It repairs boats."),
    "owner": ("Tomas Brandt", "He was born in Veldam on 3 May 1961. He collects clocks."),
    "town": ("Veldam", "The town has 41,000 inhabitants. It lies on a hill."),
    "baker": ("Olga Perrin", "She was born in Lissow in 1950. She bakes bread."),
    "clock": ("Astrolabe", "An instrument for measuring the height of stars. It is made of brass."),
    "港": ("扩港工程", "奎伦湾扩港工程由晨星建设公司承建。工程于1998年完工。"),
    "社": ("晨星建设公司", "晨星建设公司的总部设在维尔丹。"),
}
QUESTIONS = ("Where was the owner of the Ostrevir Yard born?", "承建奎伦湾扩港工程的公司总部设在哪里？", "Veldam", "Who collects clocks?")
_COMPONENTS = default_components(HashingEncoder())


def snapshot_of(records: list[Record]) -> Snapshot:
    """A base of records, in the order in which they come."""
    store = MemoryStore(_COMPONENTS.settings())
    for record in records:
        store.apply(Change(put=(record,)))
    store.catch_up()
    return store.snapshot()


def records_of_world() -> list[Record]:
    """The records of the world above."""
    documents = [(SourceName(".", name), Document(text=text, title=title)) for name, (title, text) in WORLD.items()]
    named = [(source, content_hash(document), document) for source, document in documents]
    derived = derive_all(named, _COMPONENTS, lambda keys: {}, workers=1)
    return [record for record in derived if isinstance(record, Record)]


@cache
def _snapshot_of_world() -> Snapshot:
    return snapshot_of(records_of_world())


def candidates(question: str, snapshot: Snapshot) -> Candidates:
    """The candidates of a question."""
    vector = _COMPONENTS.encoder.read(question, kind="query").vector
    found = candidates_of(score(question, np.asarray(vector, np.float32), snapshot), snapshot)
    assert found is not None
    return found


class SelectorContract:
    """Inherit it, and give the fixture `selector`."""

    @pytest.fixture
    def selector(self) -> Selector:
        raise NotImplementedError("return the selector under test")

    @pytest.fixture
    def snapshot(self) -> Snapshot:
        return _snapshot_of_world()

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_places_are_of_candidates_and_none_is_there_twice(self, selector: Selector, snapshot: Snapshot, question: str) -> None:
        asked = candidates(question, snapshot)
        order = selector.select(asked).order.tolist()
        assert len(set(order)) == len(order) > 0
        assert set(order) <= set(range(len(asked)))

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_scores_fall_and_lie_above_zero_and_not_above_one(self, selector: Selector, snapshot: Snapshot, question: str) -> None:
        scores = selector.select(candidates(question, snapshot)).scores.tolist()
        assert scores == sorted(scores, reverse=True)
        assert all(0 < value <= 1 for value in scores)

    def test_the_same_candidates_give_the_same_set_whatever_came_before(self, selector: Selector, snapshot: Snapshot) -> None:
        first = [selector.select(candidates(question, snapshot)) for question in QUESTIONS]
        again = [selector.select(candidates(question, snapshot)) for question in reversed(QUESTIONS)][::-1]
        for one, other in zip(first, again, strict=True):
            assert one.order.tolist() == other.order.tolist()
            assert one.scores.tolist() == other.scores.tolist()

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_in_which_documents_came_does_not_matter(self, selector: Selector, snapshot: Snapshot, seed: int) -> None:
        records = records_of_world()
        random.Random(seed).shuffle(records)
        other = snapshot_of(records)
        for question in QUESTIONS:
            assert self._chosen(selector, question, other) == self._chosen(selector, question, snapshot)

    def test_candidates_that_are_selected_come_before_those_that_are_not(self, selector: Selector, snapshot: Snapshot) -> None:
        for question in QUESTIONS:
            asked = candidates(question, snapshot)
            scores = self._scores(selector, question, snapshot)
            selected = asked.rows[selector.select(asked).order]
            assert scores[selected].tolist() == sorted(scores[selected].tolist(), reverse=True)
            assert scores[selected].min() >= scores[np.setdiff1d(asked.rows, selected)].max(initial=0.0)

    def test_scores_are_dealt_out_among_the_candidates_and_no_other_passage_changes(self, selector: Selector, snapshot: Snapshot) -> None:
        for question in QUESTIONS:
            by_formula, scores = self._scores(FormulaSelector(), question, snapshot), self._scores(selector, question, snapshot)
            rows = candidates(question, snapshot).rows
            assert sorted(scores[rows].tolist()) == sorted(by_formula[rows].tolist())
            assert np.delete(scores, rows).tolist() == np.delete(by_formula, rows).tolist()

    def test_the_fingerprint_is_a_name(self, selector: Selector) -> None:
        assert selector.fingerprint == selector.fingerprint.strip() != ""

    def _scores(self, selector: Selector, question: str, snapshot: Snapshot) -> Scores:
        vector = np.asarray(_COMPONENTS.encoder.read(question, kind="query").vector, np.float32)
        return select(score(question, vector, snapshot), snapshot, selector).scores

    def _chosen(self, selector: Selector, question: str, snapshot: Snapshot) -> list[tuple[str, float]]:
        asked = candidates(question, snapshot)
        found = selector.select(asked)
        names = [snapshot.passage(row).source.path for row in asked.rows[found.order].tolist()]
        return list(zip(names, found.scores.round(9).tolist(), strict=True))
