"""Questions that carry their own context, as SQuAD-like sets hold them, with the contexts of many as the corpus that they are asked of."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tadarag.evaluation.beir import Passages, Question, json_lines, shuffle_key
from tadarag.training.selector.question_sets import paragraph_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSet:
    """passages: the corpus. questions: with their `answers` in their metadata. gold: by question id, the passage that is its context."""

    passages: Passages
    questions: tuple[Question, ...]
    gold: Mapping[str, frozenset[str]]


def read_contexts(asked: Path, others: Path, *, n_others: int) -> ContextSet:
    """The questions of `asked` over their contexts and, to tell these from, n_others further ones of `others` (a fixed sample).

    Both are gzip JSON lines with question, context, answers, and where known title; texts are made NFC, as those of corpora are.
    """
    own: dict[str, tuple[str, str]] = {}
    questions: list[Question] = []
    gold: dict[str, frozenset[str]] = {}
    for number, row in json_lines(asked):
        title, text = _titled(row)
        passage = paragraph_id(title, text)
        own[passage] = title, text
        question = Question(
            id=f"{asked.parent.name}-{number}", text=str(row["question"]).strip(), metadata={"answers": tuple(row["answers"])}
        )
        questions.append(question)
        gold[question.id] = frozenset({passage})
    further = {paragraph_id(*_titled(row)): _titled(row) for _, row in json_lines(others)}
    chosen = sorted(further.keys() - own.keys(), key=shuffle_key)[:n_others]
    return ContextSet(passages=_passages(own | {one: further[one] for one in chosen}), questions=tuple(questions), gold=gold)


def _titled(row: Mapping[str, object]) -> tuple[str, str]:
    return unicodedata.normalize("NFC", str(row.get("title") or "")), unicodedata.normalize("NFC", str(row["context"]))


def _passages(found: Mapping[str, tuple[str, str]]) -> Passages:
    ids: Sequence[str] = sorted(found, key=shuffle_key)
    return Passages(ids=tuple(ids), titles=tuple(found[one][0] for one in ids), texts=tuple(found[one][1] for one in ids))
