"""What a statement must not lose: the names, titles, numbers, dates and negations of a text, each with its exact place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from mom.fact_kinds import Kind, Reading
from mom.facts_chinese import find_chinese
from mom.facts_latin import find_latin
from mom.terms import count_cjk
from mom.values import Span


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, title, number, date or negation, and the range that states it. key: what makes two statements of it the same."""

    span: Span
    kind: Kind
    key: str


def find_facts(text: str) -> tuple[Fact, ...]:
    """Facts of a text in order, none overlapping; where two readings overlap, the one that is tried first stands.

    Names are runs of capitalised words (one that opens a sentence counts if it is an acronym or stands inside a sentence elsewhere in
    the text), Chinese names told by their last characters, by a person's surname beside a title or verb, or by "·". Titles stand in 《》.
    Numbers are digits, English number words and Chinese numerals with a unit; dates are years, months, days. A negation is its word
    with the word after it. Precision of names is that of rules: a kinship or a place written without such marks is not found.
    """
    readings = find_latin(text) if text.isascii() or not count_cjk(text) else chain(find_chinese(text), find_latin(text))
    return tuple(
        Fact(Span(start, end), kind, " ".join(text[start:end].casefold().split())) for start, end, kind in _claim(readings, len(text))
    )


def _claim(offered: Iterable[Reading], length: int) -> list[Reading]:
    """The readings in text order, without those that overlap an earlier offer."""
    taken = bytearray(length)
    claimed: list[Reading] = []
    for start, end, kind in offered:
        if 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            claimed.append((start, end, kind))
    return sorted(claimed)
