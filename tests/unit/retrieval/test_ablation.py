"""Links and layers that are left out, or that lead to other passages: what is changed and what is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.retrieval.ablation import LINK_PARTS, NOTHING, PARTS, Ablation, Effect, exchanged
from tadarag.retrieval.candidates import candidates_of
from tadarag.retrieval.link_features import link_features
from tadarag.retrieval.links import Linker
from tadarag.retrieval.retrieve import score

QUESTION = "Where does the Bravix Lamp in Veldland come from?"
WORLD = {
    "lamp": ("Bravix Lamp", "The Bravix Lamp is made by Corwick Works. It burns oil from Delhurst."),
    "works": ("Corwick Works", "The works stand near Fenton. They sell lamps to Veldland."),
    "town": ("Fenton", "A town by the sea. Delhurst is its harbour."),
    "oil": ("Oil trade", "Delhurst sold oil for a century. Corwick bought most of it."),
    "owner": ("Mara Corwick", "She founded the works and grew up by the sea."),
    **{f"other-{number}": (f"Weather report {number}", f"Rain fell on day {number}. The wind turned north.") for number in range(8)},
}


@pytest.fixture
def snapshot(snapshot_of):
    return snapshot_of(WORLD)


@pytest.fixture
def scored(snapshot, encoder):
    def scored(ablation=NOTHING):
        return score(QUESTION, encoder.read(QUESTION, kind="query").vector, snapshot, ablation=ablation)

    return scored


def all_links(links, snapshot):
    return {(link.sentence, link.name, link.kind): link for of_sentence in links.values() for link in of_sentence}


def linked(snapshot, ablation):
    effect = Effect(ablation, snapshot.rows, snapshot.rows.live)
    rows = range(len(snapshot.rows.keys))
    return all_links(effect.links(Linker(snapshot, snapshot.rows.live)).links(rows), snapshot)


def test_an_ablation_of_nothing_is_the_product_bit_for_bit(scored):
    assert scored(Ablation()).scores.tobytes() == scored().scores.tobytes()


@pytest.mark.parametrize("part", LINK_PARTS)
def test_a_kind_of_link_that_is_left_out_is_gone_and_the_others_stay(snapshot, part):
    whole, without = linked(snapshot, NOTHING), linked(snapshot, Ablation(left_out=frozenset({part})))
    assert any(kind == LINK_PARTS[part] for _, _, kind in whole)
    assert set(without) == {key for key in whole if key[2] != LINK_PARTS[part]}


def test_a_permuted_link_keeps_its_degree_and_leads_elsewhere(snapshot):
    whole, permuted = linked(snapshot, NOTHING), linked(snapshot, Ablation(permuted=frozenset({"title-link"})))
    titles = [key for key in whole if key[2] == "title"]
    assert [permuted[key].degree for key in titles if key in permuted] == [whole[key].degree for key in titles if key in permuted]
    assert any(key not in permuted or permuted[key].targets.tolist() != whole[key].targets.tolist() for key in titles)
    assert all(permuted[key].targets.tolist() == whole[key].targets.tolist() for key in whole if key[2] != "title")


def test_a_permuted_mention_stands_in_a_sentence_of_the_passage_that_is_reached(snapshot):
    for (sentence, _, kind), link in linked(snapshot, Ablation(permuted=frozenset(LINK_PARTS))).items():
        assert int(snapshot.rows.owners[sentence]) not in link.targets
        assert link.targets.tolist() == sorted(set(link.targets.tolist()))
        if kind == "mention":
            assert snapshot.rows.owners[link.target_sentences].tolist() == link.targets[link.sentence_targets].tolist()


@pytest.mark.parametrize("part", ["title", "residual"])
def test_a_list_of_scores_that_is_left_out_counts_nothing(scored, part):
    assert scored().scores.sum() > scored(Ablation(left_out=frozenset({part}))).scores.sum()


def test_a_permuted_list_has_the_same_values_at_other_passages(snapshot):
    values = np.arange(len(snapshot.rows.keys), dtype=np.float64)
    effect = Effect(Ablation(permuted=frozenset({"core"})), snapshot.rows, snapshot.rows.live)
    assert sorted(effect.scores("core", values).tolist()) == values.tolist()
    assert effect.scores("core", values).tolist() != values.tolist()
    assert effect.scores("outline", values) is values


def test_links_back_that_the_trees_read_go_with_their_kind(scored, snapshot):
    def back(ablation):
        return link_features(candidates_of(scored(ablation), snapshot))["back"]

    assert back(NOTHING).any()
    assert not back(Ablation(left_out=frozenset({"title-link", "part-link"}))).any()


@given(st.integers(0, 2**32 - 1))
def test_passages_are_exchanged_among_those_that_may_take_part(seed):
    rows = FewRows()
    allowed = np.array([True, False, True, True, True])
    moved = exchanged(rows, allowed, seed)
    assert sorted(moved.tolist()) == [0, 1, 2, 3, 4]
    assert moved[1] == 1  # not allowed
    assert moved[4] == 4  # no sentence, nothing to stand in


class FewRows:
    """What `exchanged` reads of rows: five passages, the last without a sentence."""

    keys = np.array([7, 3, 9, 1, 5], np.uint64)
    starts = np.array([0, 2, 3, 4, 6, 6], np.int64)


@pytest.mark.parametrize(("left_out", "permuted"), [({"titles"}, set()), (set(), {"hop"}), ({"core"}, {"core"})])
def test_names_that_no_part_has_and_contradictions_are_refused(left_out, permuted):
    with pytest.raises(UsageError):
        Ablation(left_out=frozenset(left_out), permuted=frozenset(permuted))


def test_every_part_can_be_left_out_and_permuted(scored):
    for part in PARTS:
        assert len(scored(Ablation(left_out=frozenset({part}))).scores) == len(scored(Ablation(permuted=frozenset({part}))).scores)
