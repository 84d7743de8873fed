"""Chunks that are longer than chunks may be."""

from __future__ import annotations

from mom.questions import language_of
from mom.terms import count_units
from tadarag.training.memory_reader.memory_sample import MemorySample


def overlong(sample: MemorySample) -> float:
    """Share of the text that lies in chunks beyond the longest that the scenario asks for, in [0, 1]."""
    text, scenario = sample.task.document, sample.scenario
    lengths = [len(item.span.of(text)) for item in sample.memory.items]
    longest = scenario.max_characters if language_of(text) == "zh" else scenario.max_words
    is_over = [count_units(item.span.of(text)) > longest for item in sample.memory.items]
    return sum(n for n, over in zip(lengths, is_over, strict=True) if over) / sum(lengths) if sum(lengths) else 0.0
