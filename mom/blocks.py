"""What must not be cut: fenced code, tables and quotations of a plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mom.values import Span, SpanLike

_BLOCK = re.compile(
    r"^(?P<fence>```|~~~)[^\n]*\n(?:.*\n)*?(?P=fence)[^\n]*\n?|(?:^\|[^\n]*(?:\n|\Z)){2,}|(?:^>[^\n]*(?:\n|\Z))+", re.MULTILINE
)


def find_blocks(text: str) -> tuple[Span, ...]:
    """Fenced code, pipe tables and quoted lines of a text that came without stated blocks."""
    if "\n" not in text:
        return ()
    return tuple(Span(*match.span()) for match in _BLOCK.finditer(text))


def merge_blocks(blocks: Sequence[SpanLike], n_characters: int) -> list[Span]:
    """Blocks in order, inside the text; those that overlap become one."""
    merged: list[Span] = []
    for start, end in sorted((max(0, block.start), min(block.end, n_characters)) for block in blocks):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        elif start < end:
            merged.append(Span(start, end))
    return merged
