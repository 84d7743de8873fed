"""Policy A: it starts from evidence, learns from what its graphs are worth to a frozen answerer, and its gradients are exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tadarag.errors import TrainingError
from tadarag.graph.policy_network import network_of
from tadarag.training.policy.gradients import clipped, gradients_of, logits_of, new_network
from tadarag.training.policy.items import read_items, write_items
from tadarag.training.policy.measuring import PLAIN, SCORES, answers_of
from tadarag.training.policy.reinforced import ReinforcedSettings, cut_graph, fit_reinforced
from tadarag.training.policy.reward import chosen_graph, reward_of
from tadarag.training.policy.supervised import SupervisedSettings, fit_supervised, labels_of
from tadarag.training.reinforcement.bernoulli_policy import log_probability, log_probability_slope, sample_graphs
from tadarag.training.rewards.weighted import read_weights

SHORT = SupervisedSettings(n_hidden=4, n_epochs=20, rate=0.05, batch=4)


pytestmark = pytest.mark.filterwarnings("ignore::tadarag.training.rewards.spread.FlatTerm")  # so small a world has terms that never vary


def same(first, second) -> bool:
    return all(np.array_equal(value, second.arrays()[name]) for name, value in first.arrays().items())


def test_an_item_is_read_back_as_it_was_written_and_equal_items_give_equal_bytes(make, tmp_path):
    items = [make(1), make(2, is_train=False)]
    for name in ("one", "two"):
        write_items(items, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    for found, item in zip(read_items(tmp_path / "one"), items, strict=True):
        assert np.array_equal(found.edge_features, item.edge_features)
        assert (found.nodes, found.edges, found.sentences, found.source) == (item.nodes, item.edges, item.sentences, item.source)
        assert (found.evidence, found.gold.tolist(), found.is_train) == (item.evidence, item.gold.tolist(), item.is_train)


def test_evidence_is_the_sentence_that_holds_the_answer(make):
    item = make(1)
    assert [span.of(item.source.text) for span in item.evidence] == ["Ada Moor1 lives in Velmouth1."]
    nodes, edges = labels_of(item)
    assert {node.name for node, right in zip(item.nodes, nodes, strict=True) if right} == {"Ada Moor1", "Velmouth1"}
    assert {edge.relation for edge, right in zip(item.edges, edges, strict=True) if right} == {"lives_in"}


def test_gradients_of_the_arrays_are_those_of_finite_differences(make):
    item = make(1)
    network = new_network([item], n_hidden=3, seed=1)
    arrays = network.arrays()
    arrays["node.outer"] = np.array([0.3, -0.2, 0.5])
    arrays["edge.outer"] = np.array([-0.4, 0.1, 0.2])
    network = network_of(arrays)
    drawn = sample_graphs(logits_of(network, item), n_graphs=1, seed=3, name="one")
    of_nodes, of_edges = log_probability_slope(logits_of(network, item), drawn)
    found = gradients_of(network, [(item, of_nodes[0], of_edges[0])])
    for name, value in found.items():
        for index in list(np.ndindex(value.shape))[:5]:
            moved = []
            for step in (1e-6, -1e-6):
                changed = {key: one.copy() for key, one in arrays.items()}
                changed[name][index] += step
                moved.append(float(log_probability(logits_of(network_of(changed), item), drawn)[0]))
            assert value[index] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-6)


def test_clipping_keeps_the_direction(make):
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([4.0])}
    assert np.concatenate(list(clipped(gradients).values())) == pytest.approx([0.6, 0.0, 0.8])
    assert np.concatenate(list(clipped(gradients, most=9.0).values())) == pytest.approx([3.0, 0.0, 4.0])


def test_supervision_finds_evidence_in_items_it_has_not_seen(make):
    network, losses = fit_supervised([make(number) for number in range(12)], SHORT, seed=2)
    assert losses[-1] < losses[0] / 3
    item = make(99)
    chosen = cut_graph(item, logits_of(network, item), item.costs(), budget=20)
    assert [item.sentences[cite].text for cite in chosen.cited] == ["Ada Moor99 lives in Velmouth99."]


def test_an_honest_graph_is_worth_more_than_an_empty_one_a_wrong_one_and_everything(make, answerer):
    item, weights = make(1), read_weights()
    network, _ = fit_supervised([make(number) for number in range(12)], SHORT, seed=2)
    logits = logits_of(network, item)
    honest = cut_graph(item, logits, item.costs(), budget=24)
    turned = replace(logits, nodes=-logits.nodes, edges=-logits.edges)
    wrong, whole = cut_graph(item, turned, item.costs(), budget=24), cut_graph(item, logits, item.costs(), budget=999)
    empty = cut_graph(item, logits, item.costs(), budget=0)
    totals = {
        name: reward_of(item, chosen, 24, answerer, weights).total
        for name, chosen in (("honest", honest), ("wrong", wrong), ("whole", whole), ("empty", empty))
    }
    assert max(totals, key=lambda name: totals[name]) == "honest"
    assert chosen_graph(item, honest).edges[0].relation == "lives_in"


@pytest.mark.parametrize("estimator", ["rloo", "grpo", "reinforce", "reinforce_guarded"])
def test_reinforcement_learns_what_helps_to_answer_from_a_start_that_knows_nothing(make, answerer, estimator):
    items = [make(number) for number in range(8)]
    start = new_network(items, n_hidden=4, seed=1)
    settings = ReinforcedSettings(estimator=estimator, n_graphs=6, n_epochs=40, batch=8, rate=0.1, entropy_weight=0.0, budgets=(24,))
    network, rows = fit_reinforced(start, items, answerer, read_weights(), settings, seed=4)
    first, last = (np.mean([row["reward"] for row in part]) for part in (rows[:5], rows[-5:]))
    assert last > first + 0.2
    found = answers_of(items, network, answerer, budgets=[24] * 8, stops=True)
    assert found["f1"].mean() == 1.0
    assert found["evidence"].mean() == 1.0


def test_equal_seeds_give_equal_policies_and_equal_logs(make, answerer):
    items = [make(number) for number in range(6)]
    start = new_network(items, n_hidden=4, seed=1)
    settings = ReinforcedSettings(n_epochs=3, batch=3, budgets=(16, 24))
    runs = [fit_reinforced(start, items, answerer, read_weights(), settings, seed=seed) for seed in (4, 4, 5)]
    assert same(runs[0][0], runs[1][0])
    assert runs[0][1] == runs[1][1]
    assert not same(runs[0][0], runs[2][0])
    assert same(start, new_network(items, n_hidden=4, seed=1))


def test_a_run_whose_outcome_never_varies_is_refused(make):
    class Deaf:
        fingerprint = "deaf"

        def judge(self, item, texts):
            from tadarag.training.policy.frozen_answerer import NOTHING_READ

            return NOTHING_READ

    items = [make(number) for number in range(8)]
    settings = ReinforcedSettings(n_graphs=4, n_epochs=2, batch=8, budgets=(24,))
    with pytest.raises(TrainingError, match="one value"):
        fit_reinforced(new_network(items, n_hidden=4, seed=1), items, Deaf(), read_weights(mode="likelihood"), settings, seed=4)


def test_passages_and_untrained_scores_are_measured_beside_policies(make, answerer):
    items = [make(number) for number in range(3)]
    for policy in (PLAIN, SCORES):
        found = answers_of(items, policy, answerer, budgets=[40] * 3)
        assert found["f1"].shape == found["tokens"].shape == (3,)
        assert (found["tokens"] <= 40).all()
