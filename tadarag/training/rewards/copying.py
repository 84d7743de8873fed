"""copy of F10: the share of the graph that is the source word for word."""

from __future__ import annotations

from functools import lru_cache

from tadarag.training.rewards.sample import Sample
from tadarag.training.rewards.token_counts import Word, n_words, stated_fields, words

_LEAST_RUN = 12.0  # words


def copying(sample: Sample) -> float:
    """The share of the graph's words that stand in runs of 12 words or more of the source, inside one field; in [0, 1].

    Evidence of at most 40 tokens that the source has is a reference and no copy (`token_counts.stated_fields`).
    """
    runs = [words(field) for fields in stated_fields(sample.graph) for field in fields]
    total = sum(map(n_words, runs))
    there = words(sample.item.source)
    return sum(copied_words(run, there) for run in runs) / total if total else 0.0


def copied_words(run: tuple[Word, ...], source: tuple[Word, ...]) -> float:
    """How many words of a text stand in verbatim runs, of 12 words or more, of the source."""
    starts = _places(source)
    copied = [False] * len(run)
    for begin, word in enumerate(run):
        for place in starts.get(word, ()):
            if begin and place and run[begin - 1] == source[place - 1]:
                continue  # part of a run that began before
            length = _common(run, begin, source, place)
            if n_words(run[begin : begin + length]) >= _LEAST_RUN:
                copied[begin : begin + length] = [True] * length
    return n_words(tuple(word for word, is_copy in zip(run, copied, strict=True) if is_copy))


@lru_cache(maxsize=256)
def _places(source: tuple[Word, ...]) -> dict[Word, list[int]]:
    found: dict[Word, list[int]] = {}
    for index, word in enumerate(source):
        found.setdefault(word, []).append(index)
    return found


def _common(run: tuple[Word, ...], begin: int, source: tuple[Word, ...], place: int) -> int:
    length = 0
    while begin + length < len(run) and place + length < len(source) and run[begin + length] == source[place + length]:
        length += 1
    return length
