"""A memory with its scores: both forms, for the whole and for each item."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mom.judges import Judge, Verdict, lexical_judge
from mom.measures import balanced_clarity, completeness, published_clarity, published_completeness
from mom.values import ItemScores, Memory, MemoryScores
from mom.word_table import WordTable

PLACES = 6
"""Decimal places of a stored score: what lies beyond them may differ between machines."""


def score_memory(text: str, memory: Memory, *, table: WordTable | None = None, judge: Judge | None = None) -> Memory:
    """The memory with `scores` and each item's scores, rounded to six places.

    table: of the lexical judge; the shipped one by default. judge: the lexical one by default.
    Raises ValueError when both are given, since a judge has its own table.
    """
    if table is not None and judge is not None:
        raise ValueError("a judge weighs words by its own table; give it that table, or no judge")
    chosen = judge or lexical_judge(table)
    verdicts = chosen.judge(text, memory)
    items = tuple(replace(item, scores=_item_scores(verdict)) for item, verdict in zip(memory.items, verdicts, strict=True))
    return replace(memory, items=items, scores=memory_scores(chosen.name, verdicts))


def memory_scores(judge: str, verdicts: Sequence[Verdict]) -> MemoryScores:
    """Both forms from the verdicts on a memory's items, rounded to six places. Items without tokens count in no completeness."""
    made = [verdict.left for verdict in verdicts if verdict.left is not None]
    other = [probability for verdict in verdicts for probability in verdict.inner]
    filled = [verdict for verdict in verdicts if verdict.chunk_length]
    return MemoryScores(
        judge=judge,
        published_clarity=_rounded(published_clarity(made)),
        published_completeness=_rounded(
            published_completeness([math.exp(verdict.loss) for verdict in filled], [verdict.core_length for verdict in filled])
        ),
        repaired_clarity=_rounded(balanced_clarity(made, other)),
        repaired_completeness=_rounded(
            completeness(
                [verdict.gain * verdict.brevity * verdict.support for verdict in filled], [verdict.chunk_length for verdict in filled]
            )
        ),
    )


def _item_scores(verdict: Verdict) -> ItemScores:
    return ItemScores(
        clarity_left=_rounded(verdict.left),
        gain=round(verdict.gain, PLACES),
        brevity=round(verdict.brevity, PLACES),
        support=round(verdict.support, PLACES),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
