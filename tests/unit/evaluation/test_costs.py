"""Costs are measured, not guessed: memory is seen while it is held, rates count what was read."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tadarag.evaluation.costs import MemoryPeak, bare_encoder_rate, latency, usable_cores
from tadarag.models.encoder import EncodingRequest
from tadarag.testing.hashing_encoder import HashingEncoder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells anonymous memory")
def test_memory_that_is_held_for_a_while_shows_in_the_peak():
    import time

    with MemoryPeak() as idle:
        time.sleep(0.1)
    with MemoryPeak() as busy:
        held = np.ones(16 * 1024**2, dtype=np.float64)  # 128 MiB
        time.sleep(0.3)
        del held
    assert busy.anonymous > idle.anonymous + 100
    assert busy.resident > 100


def test_latency_is_given_in_milliseconds():
    found = latency([0.001] * 99 + [1.0])
    assert found["query_ms_p50"] == pytest.approx(1.0)
    assert 1.0 <= found["query_ms_p95"] < 1000


def test_the_encoder_rate_counts_every_passage():
    requests = [EncodingRequest(f"passage {number}") for number in range(50)]
    assert bare_encoder_rate(HashingEncoder(64), requests, n_workers=usable_cores()) > 0
