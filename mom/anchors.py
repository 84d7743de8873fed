"""The first and last characters by which a training record names a chunk: short, and found only once in the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from mom.alignment import LONGEST_ANCHOR, Anchors
from mom.normalisation import normalise
from mom.values import Span

SHORTEST, USUAL = 6, 20


def choose_anchors(text: str, chunks: Sequence[Span]) -> Iterator[Anchors]:
    """Anchors of each chunk: of 6 to 20 characters the fewest that stand only once in the text, longer where 20 do not suffice.

    Characters are counted and compared in the form that `align` compares: white space is one space. A chunk shorter than 6 is its own
    anchor; where no length up to the longest that is compared will do, 20 characters stand, and the order of chunks must decide.
    Source: mom.md 7.
    """
    source = normalise(text)
    for chunk in chunks:
        start, end = bisect_left(source.starts, chunk.start), bisect_left(source.starts, chunk.end)
        start += source.text[start : start + 1] == " "
        end -= source.text[start:end].endswith(" ")
        body = source.text[start:end]
        yield Anchors(_shortest_unique(source.text, body, is_tail=False), _shortest_unique(source.text, body, is_tail=True))


def _shortest_unique(text: str, chunk: str, *, is_tail: bool) -> str:
    """The shortest beginning or end of a chunk that the text holds once and that no white space would be stripped from."""
    for length in range(min(SHORTEST, len(chunk)), min(LONGEST_ANCHOR, len(chunk)) + 1):
        anchor = chunk[len(chunk) - length :] if is_tail else chunk[:length]
        if anchor == anchor.strip() and text.find(anchor, text.find(anchor) + 1) < 0:
            return anchor
    return chunk[-USUAL:].lstrip() if is_tail else chunk[:USUAL].rstrip()
