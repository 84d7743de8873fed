"""`read_all`, `unit_vector` and `check_spans`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tadarag.errors import EncoderBroken
from tadarag.models.encoder import EncodingRequest, Kind, check_spans, read_all, unit_vector
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Encoded, Span


@given(texts=st.lists(st.text(max_size=20), max_size=30), workers=st.integers(1, 4))
def test_the_number_of_workers_changes_neither_order_nor_bytes(texts: list[str], workers: int) -> None:
    encoder = HashingEncoder()
    read = [encoded.vector.tobytes() for encoded in read_all(encoder, map(EncodingRequest, texts), workers=workers)]
    assert read == [encoder.read(text).vector.tobytes() for text in texts]


def test_requests_are_not_read_far_ahead() -> None:
    taken = []

    def requests() -> Iterator[EncodingRequest]:
        for number in range(10_000):
            taken.append(number)
            yield EncodingRequest(f"text {number}")

    results = read_all(HashingEncoder(), requests(), workers=2)
    next(results)
    assert len(taken) < 20
    results.close()  # type: ignore[attr-defined]


class EncoderThatMeets:
    """Reads only when two threads read at once."""

    fingerprint, dimension = "meets", 2

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2, timeout=20)

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        self._barrier.wait()
        return Encoded(vector=np.array([1, 0], np.float32), sentence_vectors=np.empty((0, 2), np.float32))

    def count_tokens(self, text: str) -> int:
        return 1


def test_two_workers_read_at_the_same_time() -> None:
    assert len(list(read_all(EncoderThatMeets(), [EncodingRequest("a"), EncodingRequest("b")], workers=2))) == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_surfaces_at_its_requests_place(workers: int) -> None:
    requests = [EncodingRequest("one"), EncodingRequest("two", [Span(0, 99)]), EncodingRequest("three")]
    results = read_all(HashingEncoder(), requests, workers=workers)
    next(results)
    with pytest.raises(ValueError, match="not inside a text of 3 characters"):
        next(results)


def test_no_worker_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next(read_all(HashingEncoder(), [], workers=0))


@given(arrays(np.float32, 8, elements=st.floats(-(2.0**99), 2.0**99, width=32)))
def test_a_unit_vector_has_length_one_or_is_refused(raw: np.ndarray) -> None:
    if raw.min() == raw.max():
        with pytest.raises(EncoderBroken):
            unit_vector(raw, "a test")
    else:
        assert np.linalg.norm(unit_vector(raw, "a test").astype(np.float64)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ([0.0, 0.0, 0.0], "same value, 0.0"),
        ([0.5, 0.5, 0.5], "same value, 0.5"),
        ([1.0, np.nan, 0.0], "not finite"),
        ([np.inf, 1.0, 0.0], "not finite"),
    ],
)
def test_an_unusable_vector_is_refused_with_its_source(raw: list[float], fault: str) -> None:
    with pytest.raises(EncoderBroken, match=fault) as refusal:
        unit_vector(np.array(raw, np.float32), "e5")
    assert "e5" in refusal.value.happened
    assert "tadarag doctor" in refusal.value.do


def test_a_span_may_touch_both_ends_of_the_text() -> None:
    check_spans("abc", [Span(0, 3), Span(3, 3)])
