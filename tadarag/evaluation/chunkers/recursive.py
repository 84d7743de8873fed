"""Recursive splitting: at blank lines, then lines, sentence marks, spaces and at last characters, until every part is short enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tadarag.values import Span

SEPARATORS = ("\n\n", "\n", ".", "?", "!", "。", "？", "！", " ", "")


def recursive_chunks(text: str, *, n_tokens: int, count: Callable[[str], int], separators: Sequence[str] = SEPARATORS) -> list[Span]:
    """Chunks of at most `n_tokens` that end, where it can be, at the strongest separator of a text; no overlap.

    A text is split at the first separator that it holds; neighbouring parts are joined while they fit; a part that is too long is split
    at the separators after that one. The separator stays with the part before it. Lengths of parts, without white space at their ends, are
    added up.
    Source: LangChain's RecursiveCharacterTextSplitter with the separators of Chroma's evaluation and the Chinese sentence marks.
    """
    return list(_chunks(text, 0, len(text), n_tokens, count, separators))


def _chunks(text: str, start: int, end: int, n_tokens: int, count: Callable[[str], int], separators: Sequence[str]) -> Iterator[Span]:
    place = next(place for place, separator in enumerate(separators) if not separator or text.find(separator, start, end) >= 0)
    begin, length = start, 0
    for part in _parts(text, start, end, separators[place]):
        n = count(part.of(text).strip())  # many tokenizers make a token of white space at an end
        if length and length + n > n_tokens:
            yield Span(begin, part.start)
            begin, length = part.start, 0
        if n > n_tokens and part.end - part.start > 1 and separators[place]:
            yield from _chunks(text, part.start, part.end, n_tokens, count, separators[place + 1 :])
            begin, length = part.end, 0
        else:
            length += n
    if begin < end:
        yield Span(begin, end)


def _parts(text: str, start: int, end: int, separator: str) -> Iterator[Span]:
    """The range cut after each run of the separator; character by character for the empty one."""
    if not separator:
        yield from (Span(place, place + 1) for place in range(start, end))
        return
    for match in re.compile(f"(?:{re.escape(separator)})+").finditer(text, start, end):
        yield Span(start, match.end())
        start = match.end()
    if start < end:
        yield Span(start, end)
