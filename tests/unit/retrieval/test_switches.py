"""Layers can be switched off, each by its name; with all of them nothing is as if there were no switches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.retrieval.first_stage import first_stage
from tadarag.retrieval.lexical import LexicalScorer
from tadarag.retrieval.switches import LAYERS, LINKS, LISTS, check_layers

LOG = "\n\n".join(
    f"On day {number} the ferry carried {number * 7} cars and {number * 31} people across the bay, in a wind from the west, and the crew "
    f"wrote in the log that the yard had sent spare part {number} for the engine, which was fitted before noon while the cars waited."
    for number in range(1, 25)
)
"""Long enough for several passages, which have outline and core."""
WORLD = {
    "ferry": ("Ferry Dusk", "The ferry Dusk was built at the Ostrevir Yard in 1998.\n\n" + LOG),
    "yard": ("Ostrevir Yard", "The Ostrevir Yard belongs to Tomas Brandt.\n\nIt has two cranes.\n\nIt was founded in 1901."),
    "brandt": ("Tomas Brandt", "Tomas Brandt was born in Lissow."),
    "lissow": ("Lissow", "Lissow is a town of weavers."),
    "扩港": ("扩港工程", "奎伦湾扩港工程由晨星建设公司承建。"),
}
QUESTION = "Who owns the yard where the ferry Dusk was built?"


@pytest.fixture
def snapshot(snapshot_of):
    return snapshot_of(WORLD)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layers=st.sets(st.sampled_from(sorted(LAYERS)), min_size=1).filter(lambda layers: bool(layers - LINKS)))
def test_a_hit_carries_no_layer_that_is_off(ask, snapshot, layers):
    for hit in ask(snapshot, QUESTION, layers=check_layers(layers)).hits:
        assert {name for name, _ in hit.layers} <= {*layers, "first-stage"}
        assert not hit.path or layers & LINKS


@pytest.mark.parametrize("layer", sorted(LAYERS - {"second-hop"}))
def test_each_layer_is_named_by_a_hit_and_changes_a_score_when_it_is_off(ask, snapshot, layer):
    with_all = ask(snapshot, QUESTION)
    assert any(layer in dict(hit.layers) for hit in with_all.hits)
    without = ask(snapshot, QUESTION, layers=LAYERS - {layer})
    assert {hit.passage.chunk: hit.score for hit in without.hits} != {hit.passage.chunk: hit.score for hit in with_all.hits}


def test_the_first_stage_is_the_sum_of_its_lists(snapshot, encoder):
    def f(lists):
        return first_stage(
            QUESTION,
            encoder.read(QUESTION, kind="query").vector,
            snapshot,
            passages=LexicalScorer(snapshot, "passage", in_cjk=False),
            sentences=LexicalScorer(snapshot, "sentence", in_cjk=False),
            allowed=np.ones(len(snapshot.rows.keys), np.bool_),
            lists=lists,
        ).f

    assert np.array_equal(f({"lexical"}) + f({"dense"}), f(LISTS))
    assert f({"lexical"}).any()
    assert f({"dense"}).any()
    assert not f(set()).any()


def test_without_links_no_hit_has_a_path(ask, snapshot):
    assert any(hit.path for hit in ask(snapshot, QUESTION).hits)
    assert not any(hit.path for hit in ask(snapshot, QUESTION, layers=LAYERS - LINKS).hits)


def test_titles_alone_find_what_the_question_names_and_nothing_else(ask, snapshot):
    hits = ask(snapshot, "What about Tomas Brandt?", layers=frozenset({"title"})).hits
    assert [str(hit.passage.source) for hit in hits] == ["brandt"]


def test_a_name_that_no_layer_has_is_refused_with_the_nearest(ask, snapshot):
    with pytest.raises(UsageError, match="no layer 'lexicl'") as caught:
        check_layers({"lexicl", "dense"})
    assert "'lexical'" in caught.value.do


@pytest.mark.parametrize("layers", [set(), {"hop"}, LINKS])
def test_links_alone_have_nothing_to_start_from(layers):
    with pytest.raises(UsageError, match="no layer is left"):
        check_layers(layers)


def test_a_system_and_layers_together_are_refused():
    assert check_layers(LAYERS, system="dense") == LAYERS
    with pytest.raises(UsageError, match="its own layers"):
        check_layers(LISTS, system="dense")
