"""Thoughts that are missing, not asked for, or not fit to be learned from."""

from __future__ import annotations

from mom.reasoning import path_faults
from tadarag.training.memory_reader.memory_sample import MemorySample


def bad_path(sample: MemorySample) -> float:
    """1 where thoughts were asked for and are missing, quote the document, name the given answer or count other chunks, or were not asked for."""
    thoughts = sample.reply.thoughts
    if not sample.task.thinks:
        return float(bool(thoughts))
    return float(bool(path_faults(thoughts, sample.task.document, len(sample.reply.scenarios))))
