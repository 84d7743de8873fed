"""int8 vectors: how near they stay, and that their products are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tadarag.models.quantization import MAX_EXACT_DIMENSION, dot, quantize

finite = st.floats(-1e6, 1e6, width=32)
int8 = st.integers(-127, 127)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=finite))
def test_a_component_is_off_by_at_most_half_a_scale(vectors: np.ndarray) -> None:
    rounded, scales = quantize(vectors)
    errors = np.abs(rounded.astype(np.float64) * scales[:, None] - vectors)
    assert (errors <= 0.5001 * scales[:, None] + 1e-30).all()


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=finite))
def test_a_row_that_is_not_zero_reaches_127_and_none_passes_it(vectors: np.ndarray) -> None:
    rounded, scales = quantize(vectors)
    largest = np.abs(rounded.astype(int)).max(axis=1)
    assert ((largest == 127) == (np.abs(vectors).max(axis=1) > 0)).all()
    assert (largest <= 127).all()
    assert scales.dtype == np.float32


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8), elements=finite))
def test_a_row_is_rounded_by_itself(vectors: np.ndarray) -> None:
    rounded, scales = quantize(vectors)
    first, first_scale = quantize(vectors[:1])
    assert np.array_equal(first, rounded[:1])
    assert np.array_equal(first_scale, scales[:1])


def test_halves_round_to_even() -> None:
    rounded, _ = quantize(np.array([[127, 0.5, 1.5, 2.5, -0.5, -1.5]], np.float32))
    assert rounded.tolist() == [[127, 0, 2, 2, 0, -2]]


def test_a_row_of_zeros_has_scale_zero() -> None:
    rounded, scales = quantize(np.zeros((1, 4), np.float32))
    assert rounded.tolist() == [[0, 0, 0, 0]]
    assert scales.tolist() == [0]


def test_no_rows_are_no_rows() -> None:
    rounded, scales = quantize(np.empty((0, 8), np.float32))
    assert rounded.shape == (0, 8)
    assert scales.shape == (0,)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        quantize(np.array([[1, value]], np.float32))


@given(
    rows=arrays(np.int8, st.tuples(st.integers(0, 40), st.just(24)), elements=int8),
    query=arrays(np.int8, 24, elements=int8),
    threads=st.integers(1, 3),
)
def test_products_equal_integer_arithmetic(rows: np.ndarray, query: np.ndarray, threads: int) -> None:
    assert np.array_equal(dot(query, rows, threads=threads), rows.astype(np.int64) @ query.astype(np.int64))


@pytest.mark.parametrize("dimension", [384, MAX_EXACT_DIMENSION, MAX_EXACT_DIMENSION + 1, 3072])
def test_the_largest_possible_sums_are_exact(dimension: int) -> None:
    rows = np.full((3, dimension), 127, np.int8)
    rows[1] = -127
    rows[2, ::2] = -126
    exact = rows.astype(np.int64) @ np.full(dimension, 127, np.int64)
    assert np.array_equal(dot(np.full(dimension, 127, np.int8), rows), exact.astype(np.float32))


def test_blocks_and_threads_do_not_change_a_product() -> None:
    rows = np.random.default_rng(7).integers(-127, 128, (20_000, 384), np.int8)
    query = rows[11]
    exact = rows.astype(np.int32) @ query.astype(np.int32)
    assert np.array_equal(dot(query, rows), exact)
    assert np.array_equal(dot(query, rows, threads=2), exact)
    assert np.array_equal(dot(query[::-1], rows[::-1, ::-1]), exact[::-1])


def test_cosines_of_int8_vectors_stay_within_a_hundredth() -> None:
    vectors = np.random.default_rng(3).standard_normal((200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rounded, scales = quantize(vectors)
    assert dot(rounded[0], rounded) * scales * scales[0] == pytest.approx(vectors @ vectors[0], abs=0.01)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        dot(np.zeros(3, np.int8), np.zeros((2, 4), np.int8))


def test_a_component_that_quantize_never_gives_is_refused() -> None:
    with pytest.raises(ValueError, match="-128"):
        dot(np.array([-128, 1], np.int8), np.zeros((2, 2), np.int8))
