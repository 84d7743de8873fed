"""Items of questions that several paragraphs answer together: all of it read at once, and one paragraph at a time after a lead."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mom.sentences import split_sentences
from tadarag.analysis import terms
from tadarag.training.answerer.items import Item, Kind, answer_ranges, titled

MAX_WHOLE = 5
MAX_CHARACTERS = 1100
"""Of a paragraph: about 256 word pieces."""
PAIRS_A_QUESTION = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph and whether the question needs it."""

    title: str
    text: str
    supporting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A question over paragraphs, gold and distracting ones."""

    id: str
    question: str
    answers: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def kind(self) -> Kind:
        """Yes, no, or words of a passage."""
        lowered = self.answers[0].strip().lower().rstrip(".")
        return "yes" if lowered in ("yes", "是") else "no" if lowered in ("no", "否") else "span"


def read_composed(file: Path) -> list[Composed]:
    """The questions of gzip JSON lines with question, answer, answer_aliases, and paragraphs {title, text, supporting}."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        found = [_composed(f"{file.parent.name}-{number}", json.loads(line)) for number, line in enumerate(lines)]
    return [one for one in found if one.question]


def _composed(identifier: str, row: dict[str, Any]) -> Composed:
    return Composed(
        id=identifier,
        question=row["question"].strip(),
        answers=(row["answer"], *row.get("answer_aliases", ())),
        paragraphs=tuple(
            Paragraph(title=one["title"], text=one["text"][:MAX_CHARACTERS], supporting=one["supporting"]) for one in row["paragraphs"]
        ),
    )


def whole_items(questions: Sequence[Composed], *, seed: int) -> Iterator[Item]:
    """Each question over its gold paragraphs and some distracting ones, shuffled; one in six without a gold paragraph: not answered.

    A question whose answer stands in none of its gold paragraphs is left out.
    """
    for one in questions:
        chance = random.Random(f"{seed} whole {one.id}")
        gold = [paragraph for paragraph in one.paragraphs if paragraph.supporting][:MAX_WHOLE]
        others = [paragraph for paragraph in one.paragraphs if not paragraph.supporting]
        chosen = [*gold, *chance.sample(others, min(len(others), chance.randint(0, max(0, MAX_WHOLE - len(gold)))))]
        answered = not others or chance.random() > 1 / 6
        if not answered:
            missing = chance.choice(gold)
            chosen = [paragraph for paragraph in (*chosen, chance.choice(others)) if paragraph is not missing]
        chance.shuffle(chosen)
        passages = tuple(
            titled(
                paragraph.title,
                paragraph.text,
                answer_ranges(paragraph.text, one.answers) if answered and paragraph.supporting and one.kind == "span" else (),
            )
            for paragraph in dict.fromkeys(chosen)
        )
        if not answered or one.kind != "span" or any(passage.answers for passage in passages):
            yield Item(
                id=f"{one.id}-whole",
                question=one.question,
                passages=passages,
                kind=one.kind if answered else "span",
                answered=answered,
                relevant=None,
                answers=one.answers,
            )


def pair_items(questions: Sequence[Composed], *, seed: int) -> Iterator[Item]:
    """Single paragraphs, half of them after a lead from a gold paragraph: does this one belong to what answers the question?"""
    for one in questions:
        chance = random.Random(f"{seed} pairs {one.id}")
        gold = [paragraph for paragraph in one.paragraphs if paragraph.supporting]
        others = [paragraph for paragraph in one.paragraphs if not paragraph.supporting]
        drawn = [*chance.sample(gold, min(len(gold), PAIRS_A_QUESTION // 2))]
        drawn += chance.sample(others, min(len(others), PAIRS_A_QUESTION - len(drawn)))
        for number, paragraph in enumerate(drawn):
            sources = [source for source in gold if source is not paragraph]
            lead = lead_sentence(chance.choice(sources), paragraph) if sources and chance.random() < 0.6 else ""
            ranges = answer_ranges(paragraph.text, one.answers) if paragraph.supporting and one.kind == "span" else ()
            yield Item(
                id=f"{one.id}-pair{number}",
                question=one.question,
                passages=(titled(paragraph.title, paragraph.text, ranges),),
                lead=lead,
                answered=bool(ranges),
                relevant=paragraph.supporting,
                answers=one.answers,
            )


def lead_sentence(source: Paragraph, target: Paragraph) -> str:
    """The sentence of `source` that shares most with the title of `target`, then with its text; the first of equal ones."""
    title, text = set(terms(target.title)), set(terms(target.text))
    sentences = [source.text[span.start : span.end].strip() for span in split_sentences(source.text)]

    def shared(sentence: str) -> tuple[int, int]:
        words = set(terms(sentence))
        return len(words & title), len(words & text)

    return max(filter(None, sentences), key=shared, default="")
