"""The clipped loss over tokens: golden values, and its slope against finite differences."""

import numpy as np
import pytest

from tadarag.errors import TrainingError
from tadarag.training.reinforcement.clipped_loss import (
    AGGREGATIONS,
    LEVELS,
    ClipSettings,
    TokenBatch,
    aggregate,
    clip_shares,
    clipped_loss,
    clipped_loss_slope,
    clipped_objective,
    k3_divergence,
    sequence_ratio,
    token_ratio,
)

NEW, OLD, REFERENCE = (np.log([row]) for row in ([0.3, 0.6], [0.25, 0.7], [0.28, 0.65]))


def test_ratios_objective_and_divergence_have_their_golden_values():
    ratio = token_ratio(NEW, OLD)
    assert np.allclose(ratio, [[1.2, 0.857142857143]], atol=1e-12)
    assert np.allclose(clipped_objective(ratio, 1.2), [[1.44, 1.028571428571]], atol=1e-12)
    assert np.allclose(k3_divergence(NEW, REFERENCE), [[0.002326204820, 0.003290625660]], atol=1e-12)
    assert sequence_ratio(NEW, OLD, np.ones((1, 2)))[0, 0] == pytest.approx(1.014185105674, abs=1e-12)


@pytest.mark.parametrize(("advantage", "objective"), [(0.5, 0.6), (-0.5, -0.674929403788)])
def test_the_clip_binds_only_where_it_makes_things_worse(advantage, objective):
    ratio = token_ratio(np.array(-0.9), np.array(-1.2))
    assert float(ratio) == pytest.approx(1.349858807576, abs=1e-12)
    assert float(clipped_objective(ratio, advantage, low=0.2, high=0.2)) == pytest.approx(objective, abs=1e-12)


def test_the_divergence_has_its_golden_value():
    assert float(k3_divergence(np.array(-1.0), np.array(-1.2))) == pytest.approx(0.018730753078, abs=1e-12)


@pytest.mark.parametrize(("aggregation", "expected"), [("grpo", 1.5), ("dapo", 1.625), ("dr_grpo", 0.8125)])
def test_tokens_are_brought_together_as_named(aggregation, expected):
    losses, mask = np.zeros((2, 8)), np.zeros((2, 8))
    losses[0, :3], losses[1, :5], mask[0, :3], mask[1, :5] = 1, 2, 1, 1
    assert float(aggregate(losses, mask, ClipSettings(aggregation=aggregation, max_length=8))) == pytest.approx(expected, abs=1e-12)


def batch(seed):
    random = np.random.default_rng(seed)
    logp = -random.random((3, 5)) - 0.1
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 0, 0, 0]], np.float64)
    return TokenBatch(
        logp=logp,
        logp_old=logp + random.normal(0, 0.2, (3, 5)),
        mask=mask,
        advantages=np.array([1.0, -0.7, 0.4]),
        logp_ref=logp + random.normal(0, 0.1, (3, 5)),
    )


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_slope_is_that_of_finite_differences(aggregation, level):
    one, settings, step = batch(4), ClipSettings(beta=0.3, aggregation=aggregation, level=level, max_length=6), 1e-6
    found = clipped_loss_slope(one, settings)
    for place in np.ndindex(one.logp.shape):
        moved = []
        for sign in (1, -1):
            logp = one.logp.copy()
            logp[place] += sign * step
            moved.append(
                clipped_loss(
                    TokenBatch(logp=logp, logp_old=one.logp_old, mask=one.mask, advantages=one.advantages, logp_ref=one.logp_ref), settings
                )
            )
        assert found[place] == pytest.approx((moved[0] - moved[1]) / (2 * step), abs=1e-6)


@pytest.mark.parametrize("level", LEVELS)
def test_torch_finds_the_same_slope(level):
    torch = pytest.importorskip("torch")
    one, settings = batch(4), ClipSettings(beta=0.3, level=level)
    logp = torch.tensor(one.logp, requires_grad=True)
    given = {name: torch.tensor(getattr(one, name)) for name in ("logp_old", "mask", "advantages", "logp_ref")}
    clipped_loss(TokenBatch(logp=logp, **given), settings).backward()
    assert np.allclose(logp.grad.numpy(), clipped_loss_slope(one, settings), atol=1e-12)


def test_the_shares_of_clipped_tokens_are_told_by_side():
    logp_old = np.zeros((2, 2))
    logp = np.log(np.array([[0.5, 1.0], [1.0, 2.0]]))
    one = TokenBatch(logp=logp, logp_old=logp_old, mask=np.ones((2, 2)), advantages=np.array([-1.0, 1.0]))
    assert clip_shares(one, ClipSettings()) == (0.25, 0.25)


def test_a_divergence_needs_its_reference():
    one = TokenBatch(logp=NEW, logp_old=OLD, mask=np.ones((1, 2)), advantages=np.ones(1))
    with pytest.raises(TrainingError, match="reference"):
        clipped_loss(one, ClipSettings(beta=0.1))


@pytest.mark.parametrize("settings", [{"level": "word"}, {"aggregation": "max"}, {"low": 1.0}, {"aggregation": "dr_grpo"}])
def test_settings_that_mean_nothing_are_refused(settings):
    with pytest.raises(TrainingError):
        ClipSettings(**settings)
