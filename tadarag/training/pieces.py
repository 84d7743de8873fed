"""Word pieces of a text: where they stand, spans on them, and windows of at most so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mom.sentences import split_sentences

PREFIX = "passage: "
"""What the encoder reads before every passage."""


def piece_spans(text: str, tokenizer: Any) -> list[tuple[int, int]]:
    """Ranges of the word pieces in `text`, without the white space before a word: one for each state of the trunk."""
    spans = []
    for a, b in tokenizer.encode(PREFIX + text, add_special_tokens=False).offsets:
        start, end = max(a - len(PREFIX), 0), b - len(PREFIX)
        if end > start:
            while start < end - 1 and text[start].isspace():
                start += 1
            spans.append((start, end))
    return spans


def aligned(pieces: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """First and last piece of the characters [start, end); None if one of its ends falls inside a piece."""
    first = next((index for index, piece in enumerate(pieces) if piece[0] == start), None)
    last = next((index for index in range(len(pieces) - 1, -1, -1) if pieces[index][1] == end), None)
    return None if first is None or last is None or last < first else (first, last)


def windows(text: str, tokenizer: Any, *, longest: int) -> Iterator[tuple[int, int]]:
    """Ranges of characters of at most `longest` pieces, cut between sentences, and inside a sentence only if it alone is longer.

    White space at the end of a range may be one piece more.
    """
    if len(piece_spans(text, tokenizer)) <= longest:
        yield 0, len(text)
        return
    start = end = n = 0
    for part_start, part_end, n_pieces in _parts(text, tokenizer, longest):
        if n and n + n_pieces > longest:
            yield start, end
            start, n = part_start, 0
        end, n = part_end, n + n_pieces
    yield start, end


def _parts(text: str, tokenizer: Any, longest: int) -> Iterator[tuple[int, int, int]]:
    """Sentences, long ones in parts: (start, end, pieces)."""
    for span in split_sentences(text):
        pieces = piece_spans(text[span.start : span.end], tokenizer)
        cuts = [0, *(pieces[index][0] for index in range(longest, len(pieces), longest)), span.end - span.start]
        for number, (a, b) in enumerate(pairwise(cuts)):
            yield span.start + a, span.start + b, min(longest, len(pieces) - number * longest)
