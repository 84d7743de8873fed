"""The monitor on runs small enough to know: spikes of a constant curvature, what a guard does about them, and that a look changes nothing."""

import json
import math

import numpy as np
import pytest

from tadarag.training.spikes.limits import stability_limit
from tadarag.training.spikes.monitor import SpikeMonitor
from tadarag.training.spikes.numpy_adam import NumpyAdam
from tadarag.training.spikes.outliers import is_spike

RATE = 0.1


def parabola(beta1, beta2, n_steps, *, guard=None, every=25):
    """L = theta^2 / 2 from theta = 1: the losses before each step, the curvature 1 / D of each, and the monitor (None: no guard asked for)."""
    parameters = {"theta": np.array([1.0])}
    adam = NumpyAdam(parameters, rate=RATE, beta1=beta1, beta2=beta2)
    monitor = None if guard is None else SpikeMonitor(adam, guard=guard, every=every)
    losses, curvatures = [], []
    for step in range(1, n_steps + 1):
        theta = parameters["theta"]
        losses.append(0.5 * float(theta[0]) ** 2)
        adam.gradients = {"theta": theta.copy()}
        if monitor is not None:
            is_due = monitor.is_due
            monitor.before_step(losses[-1], parameters)
            if is_due:
                monitor.curvature(lambda: {"theta": parameters["theta"].copy()})
        adam.step()
        if monitor is not None:
            monitor.after_step()
        curvatures.append(1 / float(np.sqrt(adam.second["theta"][0] / (1 - beta2**step)) + adam.epsilon))
    return np.array(losses), np.array(curvatures), monitor


@pytest.mark.parametrize(
    ("beta1", "beta2", "first_over", "first_back", "peak"),
    [(0.0, 0.9, 54, 87, 2.478246802e-02), (0.0, 0.99, 298, 588, 1.868266171e-01), (0.9, 0.99, 888, 949, 4.591625031e-04)],
)
def test_a_constant_curvature_far_below_its_limit_still_spikes(beta1, beta2, first_over, first_back, peak):
    losses, curvatures, _ = parabola(beta1, beta2, first_back + 20)
    over = (curvatures > stability_limit(RATE, beta1)).tolist()
    assert over.index(True) + 1 == first_over
    assert over.index(False, first_over) + 1 == first_back
    assert losses[first_over:].max() == pytest.approx(peak, rel=1e-6)
    assert int(losses[first_over:].argmax()) + first_over + 1 == first_back
    assert abs(int(losses[:first_back].argmin()) + 1 - first_over) <= 1


def test_gradient_descent_of_the_same_rate_never_rises():
    losses = 0.5 * (1 - RATE) ** (2 * np.arange(1000))
    assert (np.diff(losses) < 0).all()


@pytest.mark.parametrize(("beta1", "without", "least"), [(0.0, 9.885e-03, 0.0), (0.9, 1.472e-04, 1e-40)])
def test_the_guard_that_scales_the_step_keeps_the_loss_down(beta1, without, least):
    plain, _, _ = parabola(beta1, 0.99, 3000)
    guarded, _, _ = parabola(beta1, 0.99, 3000, guard="scale", every=1)
    assert plain[1000:].max() == pytest.approx(without, rel=1e-3)
    assert guarded[1000:].max() <= least


def test_a_monitor_that_only_looks_changes_no_bit():
    plain, _, _ = parabola(0.9, 0.99, 1000)
    watched, _, monitor = parabola(0.9, 0.99, 1000, guard="off", every=3)
    assert plain.tobytes() == watched.tobytes()
    assert monitor is not None
    assert {"decay", "warning", "alarm"} <= {event.kind for event in monitor.events}


def test_the_warning_comes_before_the_alarm_and_the_alarm_before_the_peak():
    losses, _, monitor = parabola(0.0, 0.99, 600, guard="off", every=1)
    assert monitor is not None
    steps = {kind: next(event.step for event in monitor.events if event.kind == kind) for kind in ("decay", "warning", "alarm")}
    assert steps["decay"] < steps["warning"] < steps["alarm"] < int(losses[300:].argmax()) + 300
    assert steps["alarm"] == 298


def healthy(guard):
    """A linear model on random features: a run without anything to tell."""
    random = np.random.default_rng(3)
    features, wanted = random.normal(size=(64, 8)), random.normal(size=64)
    parameters = {"weights": np.zeros(8)}
    adam = NumpyAdam(parameters, rate=0.01)
    monitor = None if guard is None else SpikeMonitor(adam, guard=guard)

    def gradient():
        return {"weights": features.T @ (features @ parameters["weights"] - wanted) / 64}

    for _ in range(500):
        adam.gradients = gradient()
        if monitor is not None:
            is_due = monitor.is_due
            monitor.before_step(float(((features @ parameters["weights"] - wanted) ** 2).mean() / 2), parameters)
            if is_due:
                monitor.curvature(gradient)
        adam.step()
        if monitor is not None:
            monitor.after_step()
    return parameters["weights"].tobytes(), monitor


def test_a_healthy_run_is_the_same_with_a_guard_that_never_acts():
    plain, _ = healthy(None)
    for guard in ("off", "stop"):
        watched, monitor = healthy(guard)
        assert watched == plain
        assert monitor is not None
        assert not [event for event in monitor.events if event.kind in ("alarm", "spike")]


def test_a_monitor_goes_on_where_another_stopped():
    _, _, monitor = parabola(0.9, 0.99, 900, guard="off")
    assert monitor is not None
    state = json.loads(json.dumps(monitor.state_dict()))
    other = SpikeMonitor(NumpyAdam({"theta": np.array([1.0])}, rate=RATE), guard="off")
    other.load_state_dict(state)
    assert other.events == monitor.events
    assert other.state_dict() == monitor.state_dict()


def test_planted_bumps_are_found_and_noise_is_not():
    n_false = n_found = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        losses = 2 * np.exp(-np.arange(2000) / 800) + 1 + 0.05 * random.normal(size=2000)
        n_false += sum(is_spike(losses[step - 64 : step].tolist(), float(losses[step])) for step in range(64, 2000))
        for step in range(300, 1800, 300):
            n_found += any(is_spike(losses[at - 64 : at].tolist(), float(losses[at]) + 1) for at in range(step, step + 4))
    assert (n_false, n_found) == (0, 100)


def lone():
    """A monitor of no parameters, for losses alone."""
    return SpikeMonitor(NumpyAdam({}, rate=RATE), guard="stop")


def test_losses_are_compared_with_those_of_their_own_source():
    monitor = lone()
    for _ in range(40):
        monitor.before_step(1.0, {}, source="easy")
        monitor.before_step(9.0, {}, source="hard")
    assert monitor.events == ()
    monitor.before_step(9.0, {}, source="easy")
    assert [(event.step, event.kind) for event in monitor.events] == [(81, "spike")]
    assert monitor.must_stop


def test_a_loss_that_is_no_number_is_infinitely_far_out():
    monitor = lone()
    for loss in [1.0] * 40 + [math.nan]:
        monitor.before_step(loss, {})
    assert [(event.step, event.value) for event in monitor.events] == [(41, math.inf)]


def test_a_loss_that_comes_after_its_step_is_told_of_that_step():
    early, late = lone(), lone()
    for loss in [1.0, 1.02] * 20 + [5.0]:
        early.before_step(loss, {})
        late.before_step(None, {})
        assert not late.must_stop
        late.look_at_loss(loss)
    assert late.must_stop
    assert late.events == early.events
    assert late.log.rows == early.log.rows


def test_a_loop_that_went_back_has_counted_what_it_had_there_and_keeps_what_was_told():
    monitor = lone()
    for loss in [1.0, 1.02] * 20:
        monitor.before_step(loss, {})
    there = json.loads(json.dumps(monitor.counted()))
    for loss in (1.03, 7.0):
        monitor.before_step(loss, {})
    assert monitor.must_stop
    monitor.rolled_back(there)
    assert not monitor.must_stop
    assert monitor.rollbacks == [{"step": 42, "to": 40}]
    assert [event.step for event in monitor.events] == [42]
    assert {**monitor.counted(), "n_steps": 40} == there
    monitor.before_step(7.0, {})
    assert [event.step for event in monitor.events] == [42, 43]


def test_a_gradient_of_nothing_has_no_curvature_and_parameters_are_put_back_where_gradients_fail():
    theta = {"theta": np.array([1.0, -0.0])}
    adam = NumpyAdam(theta, rate=RATE)
    monitor = SpikeMonitor(adam)
    adam.gradients = {"theta": np.zeros(2)}
    monitor.before_step(1.0, theta)
    assert monitor.curvature(lambda: adam.gradients) is None
    adam.gradients = {"theta": np.ones(2)}
    monitor.before_step(1.0, theta)

    def fail():
        raise MemoryError

    before = theta["theta"].tobytes()
    with pytest.raises(MemoryError):
        monitor.curvature(fail)
    assert theta["theta"].tobytes() == before


def test_curvature_is_looked_at_every_so_many_steps_and_at_each_step_while_much_decays():
    _, _, monitor = parabola(0.0, 0.99, 60, guard="off")
    looked = [row.step for row in monitor.log.rows if row.margin is not None]
    decaying = [row.step for row in monitor.log.rows if row.decaying >= 0.3]
    assert {1, 26, 51} <= set(looked)
    assert decaying
    assert set(range(decaying[0] + 1, 61)) <= set(looked)


@pytest.mark.parametrize("settings", [{"guard": "pray"}, {"every": 0}, {"window": 1}])
def test_settings_that_mean_nothing_are_refused(settings):
    with pytest.raises(ValueError, match="guard"):
        SpikeMonitor(NumpyAdam({"theta": np.array([1.0])}, rate=RATE), **settings)
