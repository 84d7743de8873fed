"""What the features of candidates may and may not depend on."""

import inspect
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.retrieval.candidates import candidates_of
from tadarag.retrieval.features import FEATURES, candidate_features
from tadarag.retrieval.retrieve import score
from tadarag.retrieval.switches import LAYERS
from tadarag.retrieval.text_features import reciprocal_ranks
from tadarag.store.protocol import Change

WORLD = {
    "ferry": ("Ferry Dusk", "The ferry was built at the Ostrevir Yard in 1998. It carries cars."),
    "yard": ("Ostrevir Yard", "The company belongs to Tomas Brandt. It repairs boats."),
    "owner": ("Tomas Brandt", "He was born in Veldam on 3 May 1961. He collects clocks."),
    "town": ("Veldam", "The town has 41,000 inhabitants. It lies on a hill. Tomas Brandt lived here."),
    "baker": ("Olga Perrin", "She was born in Lissow in 1950. She bakes bread."),
    "clock": ("Astrolabe", "An instrument for measuring the height of stars. It is made of brass."),
}
QUESTION = "Where was the owner of the Ostrevir Yard born?"


def read(question, snapshot, encoder, **options):
    return candidates_of(score(question, encoder.read(question, kind="query").vector, snapshot, **options), snapshot)


def by_source(question, snapshot, encoder):
    """The features of each candidate, by the name of its source."""
    found = read(question, snapshot, encoder)
    names = [snapshot.passage(row).source.path for row in found.rows.tolist()]
    return {name: dict(zip(FEATURES, row.tolist(), strict=True)) for name, row in zip(names, candidate_features(found), strict=True)}


def test_there_is_a_row_for_each_candidate_and_a_column_for_each_name(snapshot_of, encoder):
    found = read(QUESTION, snapshot_of(WORLD), encoder)
    assert candidate_features(found).shape == (len(found), len(FEATURES))
    assert len(set(FEATURES)) == len(FEATURES)


def test_candidates_stand_in_the_order_of_formula_s(snapshot_of, encoder):
    found = read(QUESTION, snapshot_of(WORLD), encoder)
    assert found.formula.tolist() == sorted(found.formula.tolist(), reverse=True)


def test_there_are_no_candidates_where_links_are_not_followed_or_layers_are_off(snapshot_of, encoder):
    snapshot = snapshot_of(WORLD)
    assert read("which instrument measures the height of stars?", snapshot, encoder, task="fact") is None
    assert read(QUESTION, snapshot, encoder, layers=LAYERS - {"hop"}) is None


def test_a_passage_that_a_seed_names_has_a_hop_by_its_title_and_the_seed_that_it_is_named_by(snapshot_of, encoder):
    features = by_source(QUESTION, snapshot_of(WORLD), encoder)
    assert features["owner"]["hop_title"] > features["town"]["hop_title"] > 0
    assert features["owner"]["hop_seeds"] >= 1
    assert features["baker"]["hop_sum"] == 0


def test_a_passage_that_mentions_what_a_seed_is_about_links_back(snapshot_of, encoder):
    features = by_source(QUESTION, snapshot_of(WORLD), encoder)
    assert features["town"]["back"] > 0
    assert features["clock"]["back"] == features["clock"]["back_seeds"] == 0


def test_the_second_passage_of_a_subject_knows_that_the_first_stands_above(snapshot_of, encoder):
    world = {**WORLD, "again": ("Ostrevir Yard", "It has two cranes and a dry dock.")}
    features = by_source(QUESTION, snapshot_of(world), encoder)
    assert features["yard"]["same_subject_above"] == 0
    assert features["again"]["same_subject_above"] == 1
    assert features["again"]["same_subject_gap"] > 0


def test_terms_that_the_best_seeds_lack_are_covered_by_those_that_hold_them(snapshot_of, encoder):
    features = by_source(QUESTION, snapshot_of(WORLD), encoder)
    assert features["owner"]["rest_cover"] > 0
    assert features["yard"]["cover"] > features["clock"]["cover"] == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_documents_came_changes_no_feature(seed, make_store, records_of, snapshot_of, encoder):
    records = records_of(WORLD)
    random.Random(seed).shuffle(records)
    store = make_store()
    for record in records:
        store.apply(Change(put=(record,)))
        store.catch_up()
    assert by_source(QUESTION, store.snapshot(), encoder) == by_source(QUESTION, snapshot_of(WORLD), encoder)


def test_no_feature_grows_with_the_number_of_foreign_passages(snapshot_of, encoder):
    foreign = {f"stone-{number}": (f"Stone {number}", f"Granite slab {number} weighs much. It is grey.") for number in range(400)}
    alone, among = (by_source(QUESTION, snapshot_of(world), encoder) for world in (WORLD, {**WORLD, **foreign}))
    for name in ("yard", "owner"):
        for feature in ("hop_title", "hop_sum", "hop_seeds", "title", "back", "path_title", "residual", "name_of_question"):
            assert among[name][feature] == pytest.approx(alone[name][feature], abs=0.35), feature


def test_passages_in_another_script_change_nothing_of_what_words_and_lengths_say_of_the_others(snapshot_of, encoder):
    chinese = {
        "码头": ("奎伦湾码头", "奎伦湾码头建于1961年（Ferry）。渡轮每天从这里开往对岸。"),
        "钟表": ("钟表收藏", "他收藏了四十一座钟表，其中一座是Astrolabe。"),
        "面包": ("面包师", "面包师每天三点起床。"),
    }
    alone = by_source(QUESTION, snapshot_of(WORLD), encoder)
    among = by_source(QUESTION, snapshot_of(WORLD | chinese), encoder)
    for feature in ("lexical", "lexical_rank", "cover", "rest_cover", "length"):
        assert [among[name][feature] for name in alone] == [alone[name][feature] for name in alone], feature


def test_what_the_questions_file_says_of_a_question_cannot_reach_retrieval(snapshot_of, encoder):
    """Retrieval is given a text and its vector: there is no place for anything else of a question."""
    names = set(inspect.signature(score).parameters)
    assert names == {"question", "vector", "snapshot", "filters", "system", "task", "scope", "layers", "ablation"}


@given(values=st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=12), order=st.randoms(use_true_random=False))
def test_equal_values_have_equal_ranks_whatever_their_order(values, order):
    ranks = dict(zip(values, reciprocal_ranks(np.array(values)).tolist(), strict=True))
    shuffled = list(values)
    order.shuffle(shuffled)
    assert reciprocal_ranks(np.array(shuffled)).tolist() == [ranks[value] for value in shuffled]
    assert max(ranks.values()) == 1 / 5
