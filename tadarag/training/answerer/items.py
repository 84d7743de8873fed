"""What the answerer learns from: a question and passages, with the places of its answer, and whether they answer it at all."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from mom.sentences import split_sentences
from tadarag.chinese import simplify
from tadarag.models.encoder import heading_context

Kind = Literal["span", "yes", "no"]
"""How a question is answered: by words of a passage, or by yes or no."""
KINDS: tuple[Kind, ...] = ("span", "yes", "no")
MAX_PIECES = 230
FOREIGN_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPassage:
    """A passage as the encoder reads it, and the ranges of characters of the answer in it; none where it does not answer."""

    text: str
    answers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One reading.

    lead: a sentence from which one comes to the passage, "" for none. answered: whether the passages answer the question. relevant: whether
    all of them belong to what answers it, None where that is not asked. answers: the answer's wordings, for measuring.
    """

    id: str
    question: str
    passages: tuple[ReadPassage, ...]
    kind: Kind = "span"
    lead: str = ""
    answered: bool
    relevant: bool | None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question over one context, as SQuAD-like sets hold it."""

    id: str
    question: str
    title: str
    context: str
    answers: tuple[str, ...]
    start: int | None = None


def read_asked(file: Path, *, simplified_share: float = 0.0) -> list[Asked]:
    """The questions of a SQuAD-like set, gzip JSON lines with question, context, answers, and where known title and answer_start.

    simplified_share: of the contexts, chosen by their titles, are given in simplified Chinese characters.
    """
    found = []
    for number, row in enumerate(_rows(file)):
        one = Asked(
            id=f"{row.get('from', '')}{row.get('_id', number)}",
            question=row["question"].strip(),
            title=row.get("title", ""),
            context=row["context"],
            answers=tuple(row["answers"]),
            start=row.get("answer_start"),
        )
        one = cut_around_answer(one)
        found.append(_simplified(one) if _share(one.title or one.context) < simplified_share else one)
    return [one for one in found if one.question and answer_ranges(one.context, one.answers, start=one.start)]


def answer_ranges(text: str, answers: Iterable[str], *, start: int | None = None) -> tuple[tuple[int, int], ...]:
    """Where answers stand in a text, as whole words; with `start` only there, for the first answer."""
    answers = [answer for answer in answers if answer]
    if start is not None:
        first = answers[0] if answers else ""
        return ((start, start + len(first)),) if first and text[start : start + len(first)] == first else ()
    lowered = text.lower()
    found = set()
    for answer in answers:
        at = lowered.find(answer.lower()) if len(lowered) == len(text) else text.find(answer)
        while at >= 0:
            end = at + len(answer)
            if not _inside_word(text, at) and not _inside_word(text, end):
                found.add((at, end))
            at = lowered.find(answer.lower(), end) if len(lowered) == len(text) else text.find(answer, end)
    return tuple(sorted(found))


def cut_around_answer(one: Asked, *, longest: int = MAX_PIECES) -> Asked:
    """The question over the sentences around its first answer, as many as fit into about `longest` word pieces: chunks are no longer.

    Sentences are added by turns behind and before; one that is too long by itself stays whole.
    """
    ranges = answer_ranges(one.context, one.answers, start=one.start)
    if not ranges or n_pieces_about(one.context) <= longest:
        return one
    spans = split_sentences(one.context)
    inside = [number for number, span in enumerate(spans) if span.start < ranges[0][1] and span.end > ranges[0][0]]
    first, last = inside[0], inside[-1]
    grown = True
    while grown:
        grown = False
        for a, b in ((first, last + 1), (first - 1, last)):
            if a >= 0 and b < len(spans) and n_pieces_about(one.context[spans[a].start : spans[b].end]) <= longest:
                first, last, grown = a, b, True
    context = one.context[spans[first].start : spans[last].end]
    return replace(one, context=context, start=None if one.start is None else one.start - spans[first].start)


def n_pieces_about(text: str) -> int:
    """About how many word pieces a text has: a quarter of its ASCII characters and three quarters of the others."""
    n_ascii = sum(character.isascii() for character in text)
    return (n_ascii + 3 * (len(text) - n_ascii)) // 4


def titled(title: str, text: str, answers: Iterable[tuple[int, int]] = ()) -> ReadPassage:
    """A passage under its title, as the encoder reads a chunk under its headings."""
    prefix = heading_context((title,)) if title else ""
    return ReadPassage(text=prefix + text, answers=tuple((a + len(prefix), b + len(prefix)) for a, b in answers))


def items_of_asked(asked: Sequence[Asked], negatives: Mapping[str, Sequence[Asked]], *, seed: int) -> list[Item]:
    """Each question over its own context, and in three of five cases over a foreign one too, which does not answer it.

    One context a reading, as the answerer reads. negatives: by question id, questions over other contexts that look right, one of which is
    taken. A third of the passages come without their title.
    """
    items = []
    for one in asked:
        chance = random.Random(f"{seed} {one.id}")
        titles = chance.random() > 1 / 3
        gold = titled(one.title if titles else "", one.context, answer_ranges(one.context, one.answers, start=one.start))
        item = Item(id=one.id, question=one.question, passages=(gold,), answered=True, relevant=True, answers=one.answers)
        items.append(item)
        if one.id in negatives and chance.random() < FOREIGN_SHARE:
            other = chance.choice(negatives[one.id])
            foreign = titled(other.title if titles else "", other.context)
            items.append(replace(item, id=f"{one.id}-foreign", passages=(foreign,), answered=False, relevant=False))
    return items


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _simplified(one: Asked) -> Asked:
    return replace(
        one,
        question=simplify(one.question),
        title=simplify(one.title),
        context=simplify(one.context),
        answers=tuple(simplify(answer) for answer in one.answers),
    )


def _share(name: str) -> float:
    """A number in [0, 1) that follows from the name alone."""
    return int(sha256(name.encode()).hexdigest()[:8], 16) / 2**32


def _inside_word(text: str, at: int) -> bool:
    """Whether a border at `at` cuts a Latin word or a number."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return left.isalnum() and right.isalnum() and left.isascii() and right.isascii()
