# ruff: noqa: E402  # torch is not installed everywhere
"""The monitor on torch's optimizers: the same spikes as on the numpy one, groups of several rates, the fused step, and clipped gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from tadarag.training.spikes.limits import stability_limit
from tadarag.training.spikes.moments import read_moments
from tadarag.training.spikes.monitor import GUARDS, SpikeMonitor

RATE = 0.1


def parabola(beta1, beta2, n_steps, *, guard=None, every=1):
    """L = theta^2 / 2 from theta = 1 in float64: losses before each step, whether the curvature is over its limit, and the monitor."""
    theta = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))
    adam = torch.optim.Adam([theta], lr=RATE, betas=(beta1, beta2))
    monitor = None if guard is None else SpikeMonitor(adam, guard=guard, every=every)
    losses, over = [], []
    for _ in range(n_steps):
        losses.append(0.5 * float(theta.detach()) ** 2)
        theta.grad = theta.detach().clone()
        if monitor is not None:
            monitor.before_step(losses[-1], {"theta": theta})
            over.append((monitor.curvature(lambda: {"theta": theta.detach().clone()}) or 0.0) > stability_limit(RATE, beta1))
        adam.step()
        if monitor is not None:
            monitor.after_step()
    return np.array(losses), over, monitor


@pytest.mark.parametrize(
    ("beta1", "beta2", "first_over", "first_back", "peak"),
    [(0.0, 0.9, 54, 87, 2.478246802e-02), (0.0, 0.99, 298, 588, 1.868266171e-01), (0.9, 0.99, 888, 949, 4.591625031e-04)],
)
def test_adam_of_torch_crosses_its_limit_at_the_same_steps(beta1, beta2, first_over, first_back, peak):
    losses, over, monitor = parabola(beta1, beta2, first_back + 20, guard="off")
    assert over.index(True) + 1 == first_over
    assert over.index(False, first_over) + 1 == first_back
    assert losses[first_over:].max() == pytest.approx(peak, rel=1e-6)
    assert int(losses[first_over:].argmax()) + first_over + 1 == first_back
    assert next(event.step for event in monitor.events if event.kind == "alarm") == first_over
    plain, _, _ = parabola(beta1, beta2, first_back + 20)
    assert plain.tobytes() == losses.tobytes()


@pytest.mark.parametrize(("beta1", "without", "least"), [(0.0, 9.885e-03, 0.0), (0.9, 1.472e-04, 1e-40)])
def test_the_guard_that_scales_keeps_the_loss_of_torch_down_too(beta1, without, least):
    plain, _, _ = parabola(beta1, 0.99, 3000)
    guarded, _, _ = parabola(beta1, 0.99, 3000, guard="scale")
    assert plain[1000:].max() == pytest.approx(without, rel=1e-3)
    assert guarded[1000:].max() <= least


def linear_fit(guard, n_steps=500):
    """A linear model on random features with noise, in small batches: a run without anything to tell."""
    chance = torch.Generator().manual_seed(4)
    features = torch.randn(512, 16, generator=chance)
    wanted = features.sum(1) + torch.randn(512, generator=chance)
    weights = torch.nn.Parameter(torch.zeros(16))
    adam = torch.optim.AdamW([weights], lr=3e-3, betas=(0.9, 0.95), fused=True)
    monitor = None if guard is None else SpikeMonitor(adam, guard=guard)
    for _ in range(n_steps):
        rows = torch.randint(0, 512, (32,), generator=chance)

        def loss_here(rows=rows):
            return ((features[rows] @ weights - wanted[rows]) ** 2).mean() / 2

        loss = loss_here()
        weights.grad = torch.autograd.grad(loss, weights)[0]
        if monitor is not None:
            is_due = monitor.is_due
            monitor.before_step(float(loss.detach()), {"weights": weights})
            if is_due:
                monitor.curvature(lambda: {"weights": torch.autograd.grad(loss_here(), weights)[0]})
        adam.step()
        if monitor is not None:
            monitor.after_step()
    return weights.detach().numpy().tobytes(), monitor


def test_a_healthy_run_has_no_event_and_the_same_bits_under_every_guard():
    alone, _ = linear_fit(None)
    for guard in GUARDS:
        bits, monitor = linear_fit(guard)
        assert monitor.events == ()
        assert bits == alone
        assert sum(row.margin is not None for row in monitor.log.rows) >= 20


def two_groups(seed, *, fused, scale=1.0, n_steps=6, longest=None):
    """A quadratic in two tensors whose groups have rates 1 : 3; the last step's loss change, and its margin without momentum.

    longest: what gradients are clipped to. scale: of both rates, in the last step alone.
    """
    random = np.random.default_rng(seed)
    half = random.normal(size=(7, 7))
    hessian = torch.tensor(half @ half.T)
    first, second = (torch.nn.Parameter(torch.tensor(random.normal(size=shape))) for shape in ((2, 2), (3,)))
    groups = [{"params": [first], "lr": 0.01}, {"params": [second], "lr": 0.03}]
    adam = torch.optim.AdamW(groups, betas=(0.0, 0.9), weight_decay=0.0, fused=fused)
    monitor = SpikeMonitor(adam)
    parameters = {"first": first, "second": second}

    def loss_here():
        theta = torch.cat([first.reshape(-1), second])
        return theta @ hessian @ theta / 2

    def gradients():
        return dict(zip(parameters, torch.autograd.grad(loss_here(), [first, second]), strict=True))

    for step in range(n_steps):
        adam.zero_grad()
        before = loss_here()
        before.backward()
        length = float(torch.nn.utils.clip_grad_norm_([first, second], longest)) if longest else 0.0
        if step == n_steps - 1:
            for group, rate in zip(adam.param_groups, (0.01, 0.03), strict=True):
                group["lr"] = rate * scale
        monitor.before_step(float(before.detach()), parameters)
        if step == n_steps - 1:
            kept = [one.detach().clone() for one in (first, second, first.grad, second.grad)]
            monitor.curvature(gradients, shrunk_by=min(1.0, longest / (length + 1e-6)) if longest else 1.0)
            assert all(torch.equal(one, other) for one, other in zip(kept, (first, second, first.grad, second.grad), strict=True))
        adam.step()
        monitor.after_step()
    return float((loss_here() - before).detach()), monitor.log.rows[-1]


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.05, 40), longest=st.sampled_from([None, 0.5, 2.0]), fused=st.booleans())
def test_a_step_of_two_rates_raises_the_loss_if_and_only_if_the_margin_is_above_one(seed, scale, longest, fused):
    change, row = two_groups(seed, fused=fused, scale=scale, longest=longest)
    assert row.limit == pytest.approx(2 / (0.03 * scale), rel=1e-5)
    if abs(row.margin - 1) > 1e-4:
        assert (change > 0) == (row.margin > 1)


def test_each_tensor_is_read_with_the_settings_of_its_group_from_a_fused_optimizer():
    first, second, third = (torch.nn.Parameter(torch.full((2,), value)) for value in (1.0, 2.0, 3.0))
    groups = [
        {"params": [first], "lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8},
        {"params": [second, third], "lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-6},
    ]
    adam = torch.optim.AdamW(groups, fused=True)
    for _ in range(2):
        first.grad, second.grad = torch.ones(2), 2 * torch.ones(2)
        adam.step()
    found = {one.name: one for one in read_moments(adam, {"second": second, "first": first, "third": third})}
    assert list(found) == ["second", "first"]
    assert [found[name].rate for name in ("first", "second")] == [0.01, 0.05]
    assert [(found[name].beta1, found[name].beta2) for name in ("first", "second")] == [(0.9, 0.999), (0.8, 0.95)]
    assert [found[name].epsilon for name in ("first", "second")] == [1e-8, 1e-6]
    assert [int(found[name].n_steps) for name in ("first", "second")] == [2, 2]
    assert found["second"].second.tolist() == pytest.approx([(1 - 0.95**2) * 4] * 2)
    assert found["first"].preconditioner().tolist() == pytest.approx([1.0, 1.0], rel=1e-5)


def test_the_rates_of_all_groups_are_held_back_for_one_step_and_given_back():
    weights = torch.nn.Parameter(torch.tensor([1.0]))
    other = torch.nn.Parameter(torch.tensor([1.0]))
    adam = torch.optim.AdamW([{"params": [weights], "lr": 3.0}, {"params": [other], "lr": 6.0}], fused=True, betas=(0.0, 0.9))
    monitor = SpikeMonitor(adam, guard="scale")
    weights.grad, other.grad = weights.detach().clone(), other.detach().clone()
    monitor.before_step(1.0, {"weights": weights, "other": other})
    monitor.curvature(lambda: {"weights": weights.detach().clone(), "other": other.detach().clone()})
    held = [group["lr"] for group in adam.param_groups]
    assert held[1] == pytest.approx(2 * held[0])
    assert held[0] == pytest.approx(3.0 * 0.5 / monitor.log.rows[-1].margin, rel=1e-5)
    monitor.after_step()
    assert [group["lr"] for group in adam.param_groups] == [3.0, 6.0]
