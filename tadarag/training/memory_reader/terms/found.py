"""Whether its anchors are copied well enough to be found."""

from __future__ import annotations

from tadarag.training.memory_reader.memory_sample import MemorySample


def found(sample: MemorySample) -> float:
    """1 - mean edit share of the chunks' first characters, one that is found nowhere counting 1; in [0, 1] (mom.md 5, step 6)."""
    return sample.alignment.score
