"""The distribution over graphs: golden values, every graph counted once, and slopes against finite differences."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.training.reinforcement.advantages import advantages
from tadarag.training.reinforcement.bernoulli_policy import (
    DrawnGraphs,
    GraphLogits,
    edge_marginals,
    entropy,
    entropy_slope,
    greedy_graph,
    log_probability,
    log_probability_slope,
    sample_graphs,
)

ENDS = np.array([[0, 1], [0, 2], [1, 2]])
LOGITS = GraphLogits(np.array([1.2, -0.3, 0.5]), np.array([0.8, -1.0, 0.1]), ENDS)
ONE = DrawnGraphs(np.array([[True, False, True]]), np.array([[False, True, False]]))


def every_graph(logits):
    n, m = len(logits.nodes), len(logits.edges)
    found = []
    for nodes in product([False, True], repeat=n):
        for edges in product([False, True], repeat=m):
            if all(not on or (nodes[a] and nodes[b]) for on, (a, b) in zip(edges, logits.ends, strict=True)):
                found.append((nodes, edges))
    return DrawnGraphs(np.array([nodes for nodes, _ in found]), np.array([edges for _, edges in found]).reshape(len(found), m))


def test_a_graph_has_its_golden_probability_and_slope():
    assert log_probability(LOGITS, ONE)[0] == pytest.approx(-2.604976383505, abs=1e-9)
    nodes, edges = log_probability_slope(LOGITS, ONE)
    assert np.allclose(nodes, [[0.231475216501, -0.425557483188, 0.377540668798]], atol=1e-9)
    assert np.allclose(edges, [[0, 0.731058578630, 0]], atol=1e-9)


def test_the_empty_graph_and_the_entropy_have_their_golden_values():
    empty = DrawnGraphs(np.zeros((1, 3), bool), np.zeros((1, 3), bool))
    assert log_probability(LOGITS, empty)[0] == pytest.approx(-2.991714695987, abs=1e-9)
    assert entropy(LOGITS) == pytest.approx(2.550197252793, abs=1e-9)


logit = st.floats(-4, 4)


@given(st.lists(logit, min_size=3, max_size=3), st.lists(logit, min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_all_graphs_together_are_certain_and_their_surprise_is_the_entropy(nodes, edges):
    logits = GraphLogits(np.array(nodes), np.array(edges), ENDS)
    logs = log_probability(logits, every_graph(logits))
    assert np.exp(logs).sum() == pytest.approx(1, abs=1e-9)
    assert -(np.exp(logs) * logs).sum() == pytest.approx(entropy(logits), abs=1e-9)


@pytest.mark.parametrize("of", ["nodes", "edges"])
def test_slopes_are_those_of_finite_differences(of):
    position, step = ["nodes", "edges"].index(of), 1e-6
    found, found_entropy = log_probability_slope(LOGITS, ONE)[position][0], entropy_slope(LOGITS)[position]
    for index in range(3):
        moved = []
        for sign in (1, -1):
            values = getattr(LOGITS, of).copy()
            values[index] += sign * step
            moved.append(replace(LOGITS, **{of: values}))
        assert found[index] == pytest.approx((log_probability(moved[0], ONE) - log_probability(moved[1], ONE))[0] / (2 * step), abs=1e-6)
        assert found_entropy[index] == pytest.approx((entropy(moved[0]) - entropy(moved[1])) / (2 * step), abs=1e-6)


def test_drawn_graphs_follow_the_distribution_and_hold_no_loose_edge():
    drawn = sample_graphs(LOGITS, n_graphs=4000, seed=1, name="item")
    assert not (drawn.edges & ~drawn.nodes[:, ENDS].all(axis=2)).any()
    assert np.allclose(drawn.edges.mean(axis=0), edge_marginals(LOGITS), atol=0.03)


def test_more_graphs_begin_with_the_same_ones():
    few, many = (sample_graphs(LOGITS, n_graphs=n, seed=1, name="item") for n in (3, 9))
    assert (many.nodes[:3] == few.nodes).all()
    assert (many.edges[:3] == few.edges).all()


def test_the_greedy_graph_keeps_to_its_budget():
    whole, small = greedy_graph(LOGITS, most_nodes=3, most_edges=3), greedy_graph(LOGITS, most_nodes=1, most_edges=3)
    assert whole.nodes.tolist() == [[True, False, True]]
    assert small.nodes.tolist() == [[True, False, False]]
    assert not small.edges.any()


def test_an_edge_without_its_ends_is_no_graph():
    loose = DrawnGraphs(np.array([[True, False, True]]), np.array([[True, False, False]]))
    with pytest.raises(ValueError, match="end is off"):
        log_probability(LOGITS, loose)


@pytest.mark.parametrize("ends", [[[0, 3]], [[1, 1]], [[0, 1], [0, 2]]])
def test_ends_that_fit_no_candidates_are_refused(ends):
    with pytest.raises(ValueError, match=r"edge|fit"):
        GraphLogits(np.zeros(3), np.zeros(1), np.array(ends))


@pytest.mark.parametrize("estimator", ["rloo", "grpo"])
def test_the_one_useful_edge_becomes_likely_whatever_the_seed(estimator):
    for seed in range(20):
        logits = GraphLogits(np.zeros(4), np.zeros(3), np.array([[0, 1], [1, 2], [2, 3]]))
        for step in range(300):
            drawn = sample_graphs(logits, n_graphs=8, seed=seed, name=f"step {step}")
            rewards = drawn.edges[:, 1] - 0.05 * (drawn.nodes.sum(axis=1) + drawn.edges.sum(axis=1))
            worth = advantages(rewards, estimator=estimator)
            nodes, edges = log_probability_slope(logits, drawn)
            logits = replace(
                logits,
                nodes=logits.nodes + 0.3 * (worth[:, None] * nodes).mean(axis=0),
                edges=logits.edges + 0.3 * (worth[:, None] * edges).mean(axis=0),
            )
        assert edge_marginals(logits)[1] > 0.9, (estimator, seed)
