"""Probabilities of spans become names: the best first, none touching another, each inside one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.extraction.asked_names import AskedNames
from tadarag.findings import FoundName
from tadarag.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedName:
    """A name with its first and last token, and the index of its sentence."""

    name: FoundName
    first: int
    last: int
    sentence: int


def choose_names(
    probabilities: NDArray[np.float32],
    offsets: NDArray[np.int32],
    text: str,
    sentences: Sequence[Span],
    asked: AskedNames,
    *,
    threshold: float,
) -> list[PlacedName]:
    """Names sorted by span, each from the threshold on.

    probabilities: float32[tokens, widths, columns], of the span from a token over 1 to `widths` tokens, by the columns of `asked`.
    offsets: int32[tokens, 2], the tokens' ranges in `text`, below zero for tokens before it.
    A span that has one of the template's types goes before every span that only has a core type; then the likelier goes first, then the
    earlier and shorter. White space at its ends is cut off. The label is the template's likeliest type; the kind is that type's core type,
    unless a core type that the template lacks is likelier.
    """
    n_tokens, n_labels = len(offsets), len(asked.labels)
    own = probabilities[:, :, :n_labels].max(axis=2, initial=0)
    best = np.maximum(own, probabilities[:, :, n_labels:].max(axis=2, initial=0))
    firsts, widths = np.nonzero(best >= threshold)
    inside = (firsts + widths < n_tokens) & (offsets[firsts, 1] > 0)  # a text's first token takes in the space after the context
    firsts, widths = firsts[inside], widths[inside]
    scores, is_bare = best[firsts, widths], own[firsts, widths] < threshold
    scores = np.where(is_bare, scores, own[firsts, widths])
    chosen: list[PlacedName] = []
    for place in np.lexsort((widths, firsts, -scores, is_bare)):
        first, width = int(firsts[place]), int(widths[place])
        span = _trimmed(text, max(int(offsets[first, 0]), 0), int(offsets[first + width, 1]))
        sentence = _sentence_of(span, sentences)
        if sentence is None or any(one.name.span.start < span.end and span.start < one.name.span.end for one in chosen):
            continue
        name = _named(probabilities[first, width], span, asked, has_label=not is_bare[place])
        chosen.append(PlacedName(name=name, first=first, last=first + width, sentence=sentence))
    return sorted(chosen, key=lambda one: one.name.span)


def place_names(
    names: Sequence[FoundName], offsets: NDArray[np.int32], sentences: Sequence[Span], *, max_width: int
) -> dict[int, PlacedName]:
    """Names that are given, by their indexes, on the tokens that they touch; those on no token or on more than `max_width` are left out.

    A name across sentences counts for the one in which it begins.
    """
    placed: dict[int, PlacedName] = {}
    for index, name in enumerate(names):
        touched = np.flatnonzero((offsets[:, 0] < name.span.end) & (offsets[:, 1] > name.span.start))
        if len(touched) and touched[-1] - touched[0] < max_width:
            sentence = sum(one.end <= name.span.start for one in sentences[:-1])
            placed[index] = PlacedName(name=name, first=int(touched[0]), last=int(touched[-1]), sentence=sentence)
    return placed


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _sentence_of(span: Span, sentences: Sequence[Span]) -> int | None:
    """The sentence that holds a span of at least one character."""
    if span.start >= span.end:
        return None
    return next((index for index, one in enumerate(sentences) if one.start <= span.start and span.end <= one.end), None)


def _named(row: NDArray[np.float32], span: Span, asked: AskedNames, *, has_label: bool) -> FoundName:
    """row: probabilities of one span by the columns of `asked`."""
    n_labels = len(asked.labels)
    if not has_label:
        column = n_labels + int(row[n_labels:].argmax())
        return FoundName(span=span, kind=asked.kinds[column], probability=rounded(row[column]))
    column = int(row[:n_labels].argmax())
    return FoundName(span=span, kind=asked.kinds[int(row.argmax())], label=asked.labels[column], probability=rounded(row[column]))


def rounded(probability: np.float32) -> float:
    """A probability to two places, at least one hundredth."""
    return max(round(float(probability), 2), 0.01)
