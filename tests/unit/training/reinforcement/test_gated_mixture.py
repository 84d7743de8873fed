"""The gate and the mixed prediction: golden values, and what is a distribution and what is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.gated_mixture import GateWeights, first_gate, gate_logit, gate_weight, joint_loss, mix_predictions

BASE, GRAPH, W = np.array([2.0, 1, 0]), np.array([0.0, 3, 1]), np.array(0.598687660112)
WEIGHTS = GateWeights(
    hidden1=np.array([[1, 0, 0, 0.5], [0, 1, -1, 0]]),
    bias1=np.array([0.1, 0.2]),
    hidden2=np.array([[1, -1], [0.5, 0.5]]),
    bias2=np.array([0, -0.1]),
    last=np.array([0.3, -0.2]),
)
STATES = np.array([0.5, -1, 0.25, 2])


@pytest.mark.parametrize(
    ("mix", "expected"),
    [
        ("loglik", [-2.061324999708, -0.666574359258, -2.265262019371]),
        ("logits", [-1.766353156391, -0.371602515942, -1.970290176054]),
        ("prob", [-1.230589531623, -0.505204699869, -2.258590823182]),
    ],
)
def test_mixed_predictions_have_their_golden_values(mix, expected):
    assert np.allclose(mix_predictions(BASE, GRAPH, W, mix=mix), expected, atol=1e-9)


def test_the_published_mix_is_no_distribution():
    assert np.exp(mix_predictions(BASE, GRAPH, W, mix="loglik")).sum() == pytest.approx(0.744552551301, abs=1e-9)


def test_mixing_hidden_states_is_mixing_logits():
    head = np.array([[1, 0], [0, 1], [1, 1]])
    hidden = W * np.array([0.5, 2]) + (1 - W) * np.array([1, -1])
    assert np.allclose(head @ hidden, [0.700656169944, 0.796062980337, 1.496719150281], atol=1e-9)
    mixed = mix_predictions(head @ np.array([1, -1]), head @ np.array([0.5, 2]), W)
    assert np.allclose(mixed - mixed[0], head @ hidden - (head @ hidden)[0], atol=1e-12)


def test_the_gate_has_its_golden_values():
    assert float(gate_logit(STATES, WEIGHTS)) == pytest.approx(0.34, abs=1e-12)
    assert float(gate_weight(STATES, GateWeights(**{**fields(WEIGHTS), "bias": 0.0}))) == pytest.approx(0.584190522935, abs=1e-9)
    assert float(gate_weight(STATES, WEIGHTS)) == pytest.approx(0.159761996944, abs=1e-9)
    assert float(gate_weight(STATES, WEIGHTS, gate="raw")) == pytest.approx(0.34, abs=1e-12)
    assert float(gate_weight(STATES, WEIGHTS, gate="fixed", fixed=0.3)) == 0.3


def fields(weights):
    return {name: getattr(weights, name) for name in ("hidden1", "bias1", "hidden2", "bias2", "last", "bias")}


def test_a_fresh_gate_is_nearly_closed_whatever_it_reads():
    states = np.random.default_rng(1).normal(size=(5, 8))
    assert np.allclose(gate_weight(states, first_gate(4, seed=3)), 0.119202922022, atol=1e-9)


@pytest.mark.parametrize("mix", ["logits", "prob"])
@given(
    base=arrays(np.float64, 4, elements=st.floats(-5, 5)), graph=arrays(np.float64, 4, elements=st.floats(-5, 5)), weight=st.floats(0, 1)
)
def test_what_is_normalised_sums_to_one(mix, base, graph, weight):
    assert np.exp(mix_predictions(base, graph, np.array(weight), mix=mix)).sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(("nll_graph", "expected"), [(0.996817163614, 1.195071807092), (0.920675719, 1.157001084755)])
def test_the_joint_loss_has_its_golden_value(nll_graph, expected):
    assert joint_loss(1.072958608289, nll_graph, 1.601839211404) == pytest.approx(expected, abs=1e-8)


def test_names_that_mean_nothing_are_refused():
    with pytest.raises(TrainingError):
        gate_weight(STATES, WEIGHTS, gate="open")
    with pytest.raises(TrainingError):
        mix_predictions(BASE, GRAPH, W, mix="hidden")
    with pytest.raises(ValueError, match="0 to 1"):
        mix_predictions(BASE, GRAPH, np.array(1.2), mix="prob")


def test_torch_gives_the_same():
    torch = pytest.importorskip("torch")
    given = GateWeights(
        **{name: torch.tensor(value) if isinstance(value, np.ndarray) else value for name, value in fields(WEIGHTS).items()}
    )
    assert float(gate_weight(torch.tensor(STATES), given)) == pytest.approx(0.159761996944, abs=1e-9)
    for mix in ("loglik", "logits", "prob"):
        mixed = mix_predictions(torch.tensor(BASE), torch.tensor(GRAPH), torch.tensor(W), mix=mix)
        assert np.allclose(mixed.numpy(), mix_predictions(BASE, GRAPH, W, mix=mix), atol=1e-12)
