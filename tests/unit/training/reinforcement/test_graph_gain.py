"""What a graph is worth to an answerer: golden values of the published rewards, and what they do to harmful graphs."""

import numpy as np
import pytest

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.graph_gain import (
    answer_nll,
    double_clamped_reward,
    graph_gains,
    guarded_reward,
    published_reward,
    reinforce_terms,
)

BASE = np.log(np.array([0.2, 0.5, 0.4]))
GRAPHS = np.log(np.array([[0.6, 0.7, 0.5], [0.3, 0.4, 0.5], [0.1, 0.5, 0.4]]))


def gains():
    return graph_gains(answer_nll(BASE), answer_nll(GRAPHS))


def test_likelihoods_and_gains_have_their_golden_values():
    assert float(answer_nll(BASE)) == pytest.approx(1.072958608289, abs=1e-9)
    assert np.allclose(answer_nll(GRAPHS), [0.520215916088, 0.937803572253, 1.304007668476], atol=1e-9)
    assert np.allclose(gains(), [0.552742692201, 0.135155036036, -0.231049060187], atol=1e-9)


def test_one_clamp_and_two_differ():
    assert np.allclose(published_reward(gains()), [0.400459802851, 0, 0], atol=1e-9)
    assert np.allclose(double_clamped_reward(gains()), [0.323443449455, 0, 0], atol=1e-9)


def test_the_best_of_harmful_graphs_is_rewarded_as_published_and_not_when_guarded():
    harmful = graph_gains(np.array(1.5), np.array([2, 2.5, 3.0]))
    assert published_reward(harmful).tolist() == [0.5, 0, 0]
    assert guarded_reward(harmful).tolist() == [0, 0, 0]


def test_the_policy_loss_has_its_golden_value():
    terms = reinforce_terms(published_reward(gains()), np.array([-12, -9.5, -15]))
    assert float(terms.mean()) == pytest.approx(1.601839211404, abs=1e-9)
    assert float(terms.sum()) == pytest.approx(4.805517634212, abs=1e-9)


def test_padding_does_not_count():
    padded = np.concatenate([BASE, [-50.0]])
    assert float(answer_nll(padded, np.array([1, 1, 1, 0]))) == pytest.approx(float(answer_nll(BASE)), abs=1e-12)
    assert float(answer_nll(BASE, reduce="sum")) == pytest.approx(3 * float(answer_nll(BASE)), abs=1e-12)


def test_an_unknown_reduction_is_refused():
    with pytest.raises(TrainingError, match="median"):
        answer_nll(BASE, reduce="median")
