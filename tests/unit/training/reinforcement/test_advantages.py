"""What a sample's reward is worth beside those of its group: golden values, and the laws that every estimator keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.advantages import ESTIMATORS, advantages, running_mean, skipped_groups

GROUP = np.array([1.0, 0.0, 0.5, 0.0])
GAINS = np.array([0.552742692201, 0.135155036036, -0.231049060187])
rewards = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(2, 8)), elements=st.floats(-3, 3, width=32))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"estimator": "grpo"}, [1.305309749354, -0.783185849612, 0.261061949871, -0.783185849612]),
        ({"estimator": "grpo", "scale": "none"}, [0.625, -0.375, 0.125, -0.375]),
        ({"estimator": "rloo"}, [0.833333333333, -0.5, 0.166666666667, -0.5]),
        ({"estimator": "memfactory"}, [1.305582392395, -0.783349435437, 0.261116478479, -0.783349435437]),
        ({"estimator": "reinforce", "baseline": 0.25}, [0.75, -0.25, 0.25, -0.25]),
    ],
)
def test_a_group_has_its_golden_advantages(settings, expected):
    assert np.allclose(advantages(GROUP, **settings), expected, atol=1e-9, rtol=0)


def test_a_batch_can_share_one_scale():
    found = advantages(np.array([[1, 0, 0.5, 0], [1, 1, 1, 0.0]]), estimator="grpo", scale="batch")
    expected = [
        [1.261057953679, -0.756634772207, 0.252211590736, -0.756634772207],
        [0.504423181471, 0.504423181471, 0.504423181471, -1.513269544414],
    ]
    assert np.allclose(found, expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize(
    ("estimator", "expected", "loss"),
    [
        ("rloo", [0.600689704276, -0.025691779971, -0.574997924305], -0.553588107663),
        ("grpo", [1.020861080827, -0.043662706524, -0.977198374303], -0.940812785533),
    ],
)
def test_gains_of_graphs_have_their_golden_advantages_and_loss(estimator, expected, loss):
    found = advantages(GAINS, estimator=estimator)
    assert np.allclose(found, expected, atol=1e-9, rtol=0)
    assert float((-found * np.array([-12, -9.5, -15])).mean()) == pytest.approx(loss, abs=1e-9)


@pytest.mark.parametrize("estimator", sorted(ESTIMATORS))
@given(value=st.floats(-3, 3), n=st.integers(2, 8))
def test_equal_rewards_are_worth_nothing(estimator, value, n):
    assert not advantages(np.full(n, value), estimator=estimator).any()


@given(rewards)
def test_rloo_sets_a_sample_against_the_mean_of_the_others(values):
    found = advantages(values, estimator="rloo")
    others = (values.sum(axis=-1, keepdims=True) - values) / (values.shape[-1] - 1)
    assert np.allclose(found, values - others, atol=1e-12)


@given(rewards)
def test_the_guard_never_gives_more_than_the_published_form_and_nothing_to_a_loss(values):
    guarded, published = (advantages(values, estimator=name) for name in ("reinforce_guarded", "reinforce"))
    assert (guarded <= published).all()
    assert not guarded[values <= 0].any()


def test_the_published_form_rewards_the_best_of_harmful_graphs_and_the_guard_does_not():
    harmful = np.array([-0.5, -1.0, -1.5])
    assert advantages(harmful, estimator="reinforce").tolist() == [0.5, 0, 0]
    assert advantages(harmful, estimator="reinforce_guarded").tolist() == [0, 0, 0]


def test_groups_without_spread_are_skipped_by_memfactory():
    assert skipped_groups(np.array([[1.0, 1.0], [0.0, 1.0]])).tolist() == [True, False]


def test_a_running_mean_forgets_slowly():
    assert running_mean(None, GROUP) == 0.375
    assert running_mean(1.0, GROUP) == pytest.approx(0.9375)


@pytest.mark.parametrize("estimator", sorted(ESTIMATORS))
def test_one_sample_is_no_group(estimator):
    with pytest.raises(TrainingError, match="holds 1"):
        advantages(np.array([1.0]), estimator=estimator)


@pytest.mark.parametrize("settings", [{"estimator": "ppo"}, {"scale": "item"}, {"scale": "batch"}, {"estimator": "grpo", "baseline": 0.1}])
def test_a_setting_that_means_nothing_is_refused(settings):
    with pytest.raises(TrainingError):
        advantages(GROUP, **settings)


def test_a_reward_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="finite"):
        advantages(np.array([1.0, np.nan]))


@pytest.mark.parametrize("estimator", sorted(ESTIMATORS))
def test_torch_gives_the_same(estimator):
    torch = pytest.importorskip("torch")
    values = np.array([[1, 0, 0.5, 0], [1, 1, 1, 0.0], [2, 2, 2, 2]])
    assert np.allclose(advantages(torch.tensor(values), estimator=estimator).numpy(), advantages(values, estimator=estimator), atol=1e-12)
