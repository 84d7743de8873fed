"""Readings of questions that were made from corpora (`training.multihop_questions`), with paragraphs that look right and do not belong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tadarag.training.answerer.hard_negatives import hard_negatives
from tadarag.training.answerer.items import MAX_PIECES, Asked, Item, cut_around_answer, n_pieces_about
from tadarag.training.answerer.multihop_items import Composed, Paragraph, pair_items, whole_items

N_DISTRACTING = 4
SET_AGAINST = ("comparison", "bridge_comparison")
"""Shapes of questions that no single paragraph answers."""


def generated_items(file: Path, *, seed: int) -> dict[str, list[Item]]:
    """By the suffix of the set's name: comparisons over all their paragraphs (""), the other questions a paragraph at a time ("-pairs")."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    compared = [row for row in rows if row["shape"] in SET_AGAINST]
    others = [row for row in rows if row["shape"] not in SET_AGAINST]
    return {"": list(whole_items(_composed(compared), seed=seed)), "-pairs": list(pair_items(_composed(others), seed=seed))}


def _composed(rows: Sequence[Mapping[str, Any]]) -> list[Composed]:
    """The questions of each corpus with distracting paragraphs from those of the same corpus."""
    found: list[Composed] = []
    for corpus in sorted({row["corpus"] for row in rows}):
        own = [row for row in rows if row["corpus"] == corpus]
        foreign = hard_negatives([_asked(row) for row in own], n=2 * N_DISTRACTING)
        found += [_with_distracting(row, foreign.get(row["id"], ())) for row in own]
    return found


def _asked(row: Mapping[str, Any]) -> Asked:
    last = row["passages"][-1]
    answers = (row["answer"]["text"],)
    return Asked(id=row["id"], question=row["question"], title=last["title"], context=_short(last["text"], answers), answers=answers)


def _with_distracting(row: Mapping[str, Any], foreign: Iterable[Asked]) -> Composed:
    answers = (row["answer"]["text"],)
    titles = {one["title"] for one in row["passages"]}
    gold = [Paragraph(title=one["title"], text=_short(one["text"], answers), supporting=True) for one in row["passages"]]
    others = [Paragraph(title=one.title, text=one.context, supporting=False) for one in foreign if one.title not in titles]
    return Composed(id=row["id"], question=row["question"], answers=answers, paragraphs=(*gold, *others[:N_DISTRACTING]))


def _short(text: str, answers: tuple[str, ...]) -> str:
    """The sentences around the answer, or the beginning of a text that holds none, of about as many word pieces as a chunk has at most."""
    around = cut_around_answer(Asked(id="", question="", title="", context=text, answers=answers)).context
    return around[: len(around) * MAX_PIECES // max(MAX_PIECES, n_pieces_about(around))]
