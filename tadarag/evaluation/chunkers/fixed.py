"""Chunks of a fixed number of tokens, wherever that cuts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from mom.terms import CJK
from tadarag.values import Span

_PIECE = re.compile(rf"\s*(?:[{CJK}]|[^\s{CJK}]+)")


def fixed_chunks(text: str, *, n_tokens: int, count: Callable[[str], int], overlap: int = 0) -> list[Span]:
    """Chunks of at most `n_tokens`, each as long as it can be; a chunk begins at most `overlap` tokens before the last one's end.

    A cut falls between words or CJK characters, never inside one; a single word of more tokens stands alone. Raises ValueError unless
    0 <= overlap < n_tokens. Source: what LangChain calls TokenTextSplitter, but for the word that is kept whole.
    """
    if not 0 <= overlap < n_tokens:
        raise ValueError(f"an overlap of {overlap} tokens does not fit chunks of {n_tokens}")
    ends = [match.end() for match in _PIECE.finditer(text)]
    starts = [0, *ends[:-1]]
    chunks: list[Span] = []
    first = 0
    while first < len(ends):
        last = _last_that_fits(text, starts[first], ends, first, n_tokens, count)
        chunks.append(Span(starts[first], ends[last]))
        if last == len(ends) - 1:
            break
        first = max(first + 1, _first_of_overlap(text, starts, first, ends[last], last, overlap, count))
    return chunks


def _last_that_fits(text: str, start: int, ends: Sequence[int], first: int, n_tokens: int, count: Callable[[str], int]) -> int:
    """The last piece with which the text from `start` still has `n_tokens` or fewer; at least the first piece."""
    reach = n_tokens
    while first + reach < len(ends) and count(text[start : ends[first + reach]]) <= n_tokens:
        reach *= 2  # several CJK characters may be one token
    places = range(first, min(len(ends), first + reach))
    return first + max(0, bisect_right(places, n_tokens, key=lambda place: count(text[start : ends[place]])) - 1)


def _first_of_overlap(text: str, starts: Sequence[int], first: int, end: int, last: int, overlap: int, count: Callable[[str], int]) -> int:
    """The first piece from which the text to `end` has `overlap` tokens or fewer; the next piece when there is no overlap."""
    if not overlap:
        return last + 1
    places = range(first, last + 1)
    return first + bisect_right(places, -overlap - 1, key=lambda place: -count(text[starts[place] : end]))
