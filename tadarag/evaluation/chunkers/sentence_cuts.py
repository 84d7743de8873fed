"""From cuts between sentences to chunks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tadarag.values import Span


def chunks_between(cuts: Sequence[int], sentences: Sequence[Span]) -> list[Span]:
    """Chunks from the first sentence after a cut to the last before the next. cuts: ascending, each the index of a sentence but the first."""
    return [Span(sentences[first].start, sentences[end - 1].end) for first, end in pairwise([0, *cuts, len(sentences)])]
