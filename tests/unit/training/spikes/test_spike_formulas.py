"""Golden values of the spike monitor's formulas (T3 to T5, T8), and the laws around them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.spikes.coupling import coupling_ratio, decay_exponent
from tadarag.training.spikes.curvature import difference_product, gradient_curvature, sharpness, step_curvature
from tadarag.training.spikes.limits import largest_rate, margin, momentum_radius, stability_limit, steps_to_tenfold
from tadarag.training.spikes.outliers import is_spike, loss_score

HESSIAN = np.array([[2.0, 0.5], [0.5, 1.0]])
DIAGONAL = np.sqrt(np.array([0.04, 0.0025]))
THETA = np.array([0.3, -0.2])
GRADIENT = HESSIAN @ THETA
positive = st.floats(0.01, 10)


def product(vector: np.ndarray) -> np.ndarray:
    return HESSIAN @ vector


def loss_change(rate: float) -> float:
    moved = THETA - rate * GRADIENT / DIAGONAL
    return float(moved @ HESSIAN @ moved - THETA @ HESSIAN @ THETA) / 2


@pytest.mark.parametrize(
    ("beta2", "ratio", "expected"),
    [
        (0.999, 0, 1),
        (0.999, 0.01, 0.989995045904),
        (0.999, 0.1, 0.899954965471),
        (0.999, 1, 0),
        (0.999, 4, -2.994010975558),
        (0.95, 0, 1),
        (0.95, 0.1, 0.897659997299),
        (0.95, 1, 0),
        (0.95, 4, -2.724760498306),
    ],
)
def test_the_decay_exponent_has_its_golden_values(beta2: float, ratio: float, expected: float) -> None:
    assert decay_exponent(ratio, beta2) == pytest.approx(expected, abs=5e-12)


def test_a_thousand_gradients_of_zero_leave_what_the_decay_law_says() -> None:
    second = 1.0
    for _ in range(1000):
        second *= 0.999
    assert second == pytest.approx(0.367695424771, abs=5e-13)
    assert math.sqrt(second) == pytest.approx(0.606378944861, abs=5e-13)


@given(st.lists(st.tuples(st.floats(0, 10), positive), min_size=1, max_size=8), st.floats(0.5, 0.9999))
def test_the_exponent_of_a_tensor_is_that_of_its_sums(elements: list[tuple[float, float]], beta2: float) -> None:
    squares, second = (np.array(part) for part in zip(*elements, strict=True))
    after = beta2 * second + (1 - beta2) * squares
    ratio = coupling_ratio(float(squares.sum()), float(second.sum()))
    assert decay_exponent(ratio, beta2) == pytest.approx(math.log(after.sum() / second.sum()) / math.log(beta2), abs=1e-9 / (1 - beta2))


def test_gradients_where_there_was_no_second_moment_are_growth_without_end() -> None:
    assert coupling_ratio(1.0, 0.0) == math.inf
    assert decay_exponent(math.inf, 0.95) == -math.inf
    assert coupling_ratio(0.0, 0.0) == 0


def test_a_memory_of_nothing_or_everything_has_no_exponent() -> None:
    for beta2 in (0.0, 1.0):
        with pytest.raises(ValueError, match="between 0 and 1"):
            decay_exponent(1.0, beta2)


def test_power_iteration_reaches_the_largest_eigenvalue_of_the_preconditioned_hessian() -> None:
    assert sharpness(product, DIAGONAL) == pytest.approx(22.071067811865, abs=1e-11)
    values = np.sort(np.linalg.eigvals(HESSIAN / DIAGONAL[:, None]).real)
    symmetric = np.linalg.eigvalsh(HESSIAN / np.sqrt(np.outer(DIAGONAL, DIAGONAL)))
    assert values == pytest.approx([7.928932188135, 22.071067811865], abs=1e-11)
    assert symmetric == pytest.approx(values, abs=1e-11)


def test_a_flat_loss_has_no_sharpness() -> None:
    assert sharpness(lambda vector: 0 * vector, DIAGONAL) == 0


def test_the_limits_of_the_small_quadratic_are_the_golden_ones() -> None:
    assert largest_rate(22.071067811865) == pytest.approx(0.090616367864, abs=1e-12)
    assert largest_rate(22.071067811865, 0.9) == pytest.approx(1.721710989423, abs=1e-11)
    assert gradient_curvature(product, GRADIENT, DIAGONAL) == pytest.approx(8.861386138614, abs=1e-11)
    assert step_curvature(product, GRADIENT, DIAGONAL) == pytest.approx(8.461538461538, abs=1e-11)
    assert largest_rate(step_curvature(product, GRADIENT, DIAGONAL)) == pytest.approx(0.236363636364, abs=1e-12)


@pytest.mark.parametrize(("rate", "expected"), [(0.05, -0.05125), (0.1, -0.075), (0.2, -0.04), (0.25, 0.01875)])
def test_the_loss_of_the_small_quadratic_rises_only_beyond_the_limit_along_the_step(rate: float, expected: float) -> None:
    assert loss_change(rate) == pytest.approx(expected, abs=1e-12)
    assert (loss_change(rate) > 0) == (margin(step_curvature(product, GRADIENT, DIAGONAL), rate) > 1)


def test_at_the_limit_the_loss_stays() -> None:
    assert loss_change(largest_rate(step_curvature(product, GRADIENT, DIAGONAL))) == pytest.approx(0, abs=1e-15)


@given(
    st.lists(st.floats(-2, 2), min_size=6, max_size=6),
    st.lists(positive, min_size=3, max_size=3),
    st.lists(st.floats(0.1, 2), min_size=3, max_size=3),
    positive,
)
def test_a_step_raises_a_quadratic_loss_if_and_only_if_its_curvature_is_over_the_limit(
    entries: list[float], diagonal: list[float], gradient: list[float], rate: float
) -> None:
    half = np.zeros((3, 3))
    half[np.triu_indices(3)] = entries
    hessian, scale, slope = half + half.T, np.array(diagonal), np.array(gradient)
    step = rate * slope / scale
    change = float(step @ hessian @ step / 2 - slope @ step)
    curvature = step_curvature(lambda vector: hessian @ vector, slope, scale)
    if abs(margin(curvature, rate) - 1) > 1e-6:
        assert (change > 0) == (curvature > stability_limit(rate))
    largest = np.linalg.eigvals(hessian / scale[:, None]).real.max()
    assert curvature <= largest + 1e-9 * (1 + abs(largest))


@given(st.lists(st.floats(0.1, 2), min_size=2, max_size=2), st.floats(1e-6, 1e6))
def test_the_curvature_along_a_step_does_not_depend_on_the_length_of_the_gradient(gradient: list[float], factor: float) -> None:
    slope = np.array(gradient)
    assert step_curvature(product, factor * slope, DIAGONAL) == pytest.approx(step_curvature(product, slope, DIAGONAL), rel=1e-9)


def test_a_finite_difference_gives_the_product_of_a_quadratic() -> None:
    differ = difference_product(lambda point: HESSIAN @ point, THETA)
    assert differ(np.array([1.0, -3.0])) == pytest.approx(HESSIAN @ [1, -3], rel=1e-9)
    assert not differ(np.zeros(2)).any()


def test_a_gradient_of_zero_has_no_curvature_along_it() -> None:
    for formula in (gradient_curvature, step_curvature):
        with pytest.raises(ValueError, match="gradient is 0"):
            formula(product, np.zeros(2), DIAGONAL)


def test_the_limit_with_momentum_is_where_steps_begin_to_grow() -> None:
    limit = stability_limit(0.1, 0.9)
    assert limit == pytest.approx(38 / 0.1)
    assert momentum_radius(0.1, 0.9, 0.999 * limit) == pytest.approx(0.948683298051, abs=1e-9)
    assert momentum_radius(0.1, 0.9, 1.001 * limit) == pytest.approx(1.030089577311, abs=1e-9)


@given(positive, st.floats(0, 0.99))
def test_momentum_is_stable_below_its_limit_and_not_above(rate: float, beta1: float) -> None:
    limit = stability_limit(rate, beta1)
    assert momentum_radius(rate, beta1, 0.99 * limit) < 1 < momentum_radius(rate, beta1, 1.01 * limit)


def test_a_rate_of_zero_has_no_limit() -> None:
    assert stability_limit(0.0, 0.9) == math.inf


@pytest.mark.parametrize(("beta2", "steps"), [(0.95, 89.8), (0.99, 458.2), (0.999, 4602.9)])
def test_the_preconditioner_grows_ten_fold_in_the_golden_number_of_steps(beta2: float, steps: float) -> None:
    assert steps_to_tenfold(beta2) == pytest.approx(steps, abs=0.05)


def test_the_score_of_a_loss_has_its_golden_value() -> None:
    window = [2, 2.1, 1.9, 2.05, 1.95, 2, 2.1, 1.9]
    assert loss_score(window, 2.9) == pytest.approx(8.093889113719, abs=1e-11)
    assert is_spike(window, 2.9)


def test_a_small_rise_over_equal_losses_is_no_spike_and_a_loss_that_is_no_number_is() -> None:
    assert not is_spike([1.0] * 20, 1.04)
    assert is_spike([1.0] * 20, 1.06)
    assert is_spike([1.0] * 20, math.nan)
    assert loss_score([0.0] * 20, 0.0) == 0


def test_no_losses_are_nothing_to_compare_with() -> None:
    with pytest.raises(ValueError, match="no losses"):
        loss_score([], 1.0)


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=20), st.floats(0.1, 10), st.floats(0.01, 100))
def test_the_score_does_not_depend_on_the_unit_of_the_loss(losses: list[float], loss: float, unit: float) -> None:
    assert loss_score([unit * one for one in losses], unit * loss) == pytest.approx(loss_score(losses, loss), rel=1e-6, abs=1e-6)
