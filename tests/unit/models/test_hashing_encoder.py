"""The hashing encoder: near means shared words, on every machine alike."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.testing.hashing_encoder import HashingEncoder


@given(text=st.text(max_size=200), dimension=st.integers(2, 96))
def test_any_text_has_a_unit_vector(text: str, dimension: int) -> None:
    vector = HashingEncoder(dimension).read(text).vector
    assert vector.shape == (dimension,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_texts_that_share_words_are_nearer() -> None:
    encoder = HashingEncoder()
    text = encoder.read("the harbour of Aldmoor").vector
    assert text @ encoder.read("Aldmoor harbour").vector > text @ encoder.read("growing tomatoes indoors").vector + 0.2


def test_the_bytes_are_the_same_on_every_machine() -> None:
    vector = HashingEncoder().read("The bridge at Aldmoor, 这座桥 1931.").vector
    assert hashlib.sha256(vector.tobytes()).hexdigest()[:16] == "52df320c20871888"


def test_one_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        HashingEncoder(1)
