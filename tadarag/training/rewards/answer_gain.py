"""ga of F10: what the graph is worth to a frozen answerer, and nothing where the answer does not hang on the question."""

from __future__ import annotations

from math import isfinite

from tadarag.training.rewards.anchored import is_anchored
from tadarag.training.rewards.sample import Sample

_SCALE = 2.0  # nats: a gain of so many is the whole reward


def answer_gain(sample: Sample) -> float | None:
    """In [-1, 1]; None where the answerer was not asked. A graph without an end mark gains nothing."""
    if sample.gain is None:
        return None
    return clipped_gain(sample.gain, is_anchored=sample.graph.is_complete and (sample.gain <= 0 or is_anchored(sample.graph, sample.item)))


def clipped_gain(gain: float, *, is_anchored: bool) -> float:
    """clip((L_base - L_graph) / 2, -1, 1), and 0 for a gain of a graph that is not anchored (tadarag.md F10).

    gain: L_base - L_graph in nats. Raises ValueError for one that is no number.
    """
    if not isfinite(gain):
        raise ValueError(f"the answerer gave a gain of {gain}: it is broken, and no reward can come of it")
    value = max(-1.0, min(1.0, gain / _SCALE))
    return value if value <= 0 or is_anchored else 0.0
