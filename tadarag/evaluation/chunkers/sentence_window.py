"""Windows of a few sentences that follow each other."""

from __future__ import annotations

from collections.abc import Sequence

from tadarag.evaluation.chunkers.sentence_cuts import chunks_between
from tadarag.values import Span

SIZE = 3


def sentence_windows(sentences: Sequence[Span], *, size: int = SIZE) -> list[Span]:
    """Chunks of `size` sentences, the last one of what is left; they do not overlap."""
    return chunks_between(range(size, len(sentences), size), sentences) if sentences else []
