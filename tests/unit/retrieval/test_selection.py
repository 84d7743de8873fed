"""Where a selector takes part in retrieval, and where it does not."""

import numpy as np
import pytest

from tadarag.retrieval.candidates import candidates_of
from tadarag.retrieval.retrieve import score, select
from tadarag.retrieval.selector import Selection
from tadarag.retrieval.switches import LAYERS
from tadarag.values import Filters

WORLD = {
    "ferry": ("Ferry Dusk", "The ferry was built at the Ostrevir Yard in 1998. It carries cars."),
    "yard": ("Ostrevir Yard", "The company belongs to Tomas Brandt. It repairs boats."),
    "owner": ("Tomas Brandt", "He was born in Veldam on 3 May 1961. He collects clocks."),
    "town": ("Veldam", "The town has 41,000 inhabitants. It lies on a hill."),
    "clock": ("Astrolabe", "An instrument for measuring the height of stars. It is made of brass."),
}
QUESTION = "Where was the owner of the Ostrevir Yard born?"
DIRECT = "which instrument measures the height of stars?"


class LastOfAll:
    """Selects one candidate, the one that S has last."""

    fingerprint = "last"

    def select(self, candidates):
        return Selection(order=np.array([len(candidates) - 1]), scores=np.array([0.9]))


def hits_of(evidence):
    return [(hit.passage.source.path, hit.score) for hit in evidence.hits]


def test_what_is_selected_takes_the_best_place_and_the_others_keep_their_order(snapshot_of, encoder):
    snapshot = snapshot_of(WORLD)
    scored = score(QUESTION, encoder.read(QUESTION, kind="query").vector, snapshot)
    rows = candidates_of(scored, snapshot).rows
    selected = select(scored, snapshot, LastOfAll())
    order = rows[np.argsort(-selected.scores[rows], kind="stable")].tolist()
    assert order == [int(rows[-1]), *rows[:-1].tolist()]
    assert selected.selected[rows[-1]] == 0.9


def test_a_hit_says_how_sure_the_trees_are_and_only_when_they_were_asked(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    assert all("selector" in dict(hit.layers) for hit in ask(snapshot, QUESTION, system="learned").hits)
    assert all("selector" not in dict(hit.layers) for hit in ask(snapshot, QUESTION).hits)


def test_the_trees_give_out_the_scores_that_s_gave(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    by_trees, by_formula = (hits_of(ask(snapshot, QUESTION, system=system)) for system in ("learned", "fused"))
    assert [value for _, value in by_trees] == [value for _, value in by_formula]
    assert {name for name, _ in by_trees} == {name for name, _ in by_formula}


def test_a_direct_question_finds_the_same_whatever_puts_candidates_in_order(snapshot_of, ask):
    snapshot = snapshot_of(WORLD)
    learned, formula = (ask(snapshot, DIRECT, task="fact", system=system) for system in ("learned", "fused"))
    assert learned.early_exit
    assert learned == formula


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_with_a_layer_switched_off_the_order_is_that_of_s(snapshot_of, ask, layer):
    snapshot = snapshot_of(WORLD)
    learned, formula = (ask(snapshot, QUESTION, layers=LAYERS - {layer}, system=system) for system in ("learned", "fused"))
    assert learned.hits == formula.hits


def test_a_hidden_passage_is_no_candidate(snapshot_of, ask):
    hidden = Filters(sources=tuple(name for name in WORLD if name != "yard"))
    assert "yard" not in dict(hits_of(ask(snapshot_of(WORLD), QUESTION, filters=hidden, system="learned")))


@pytest.mark.parametrize("question", ["", " ", "？", "the of", "\u0000", "维尔丹在哪里？"])
def test_a_question_without_words_or_a_base_without_passages_does_not_fail(snapshot_of, ask, question):
    ask(snapshot_of(WORLD), question, system="learned")
    assert ask(snapshot_of({}), question, system="learned").hits == ()
