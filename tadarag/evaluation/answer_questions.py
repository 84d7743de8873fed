"""Questions with expected answers, from a BEIR data set or from a list with quoted evidence, in one form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset, Question, shuffle_key
from tadarag.evaluation.halves import Half, in_half


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Gold evidence: a passage of text that stands in `source`: a relative path, with "#PART" for a row or an attachment."""

    source: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion:
    """A question, its alternative right answers (none: unanswerable), and the sources whose citation is right."""

    id: str
    text: str
    answers: tuple[str, ...]
    gold_sources: frozenset[str]
    evidence: tuple[Quote, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    type: str = ""
    language: str = ""
    near_miss: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.answers)


def questions_of_dataset(dataset: Dataset) -> tuple[AnswerQuestion, ...]:
    """The questions of a BEIR data set; gold sources are the ids of the gold passages, answers come from the metadata.

    Answers are alternatives, unless the metadata name `answer_parts` (all are needed, each with its wordings) or `sub_questions` (one answer
    for each): these are the items of a list. A question of type "Null" has no answer.
    """
    found = [_of_dataset(question, dataset.qrels.get(question.id, frozenset())) for question in dataset.questions]
    if not any(question.answers for question in found):
        raise UsageError(f"{dataset.name}: no question names an answer", "answers belong into metadata.answers of each query")
    return tuple(found)


def _of_dataset(question: Question, gold: frozenset[str]) -> AnswerQuestion:
    metadata = question.metadata
    answers = tuple(str(answer) for answer in metadata.get("answers") or ()) if question.type.casefold() != "null" else ()
    items: tuple[tuple[str, ...], ...] = ()
    if answers and metadata.get("answer_parts"):
        items = tuple(tuple(map(str, wordings)) for wordings in metadata["answer_parts"])
    elif answers and metadata.get("sub_questions"):
        items = tuple((answer,) for answer in answers)
    if items:
        answers = ("，".join(wordings[0] for wordings in items),)
    return AnswerQuestion(
        id=question.id,
        text=question.text,
        answers=answers,
        gold_sources=gold if answers else frozenset(),
        items=items,
        type=question.type,
    )


def load_questions(path: Path, *, limit: int | None = None, half: Half = "") -> tuple[AnswerQuestion, ...]:
    """Read questions with evidence, one JSON object a line: id, question, language, type, answers, evidence [{source, quote}], near_miss; for lists also
    items (alternative wordings of each).

    limit: that many of them, a fixed sample; half: of that half only. Raises UsageError for a missing file or field and a repeated id.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}", "name a file of questions with --questions")
    found: dict[str, AnswerQuestion] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path.name}, line {number}: {type(error).__name__} {error}",
                "each line needs id, question, type, answers and evidence (source, quote)",
            ) from error
        if question.id in found:
            raise UsageError(f"{path.name}, line {number}: the id {question.id!r} stands there twice", "give every question one id")
        found[question.id] = question
    if not found:
        raise UsageError(f"{path.name} holds no question", "name a file of questions with --questions")
    chosen = [question for question in found.values() if in_half(question.id, half)]
    return tuple(sorted(chosen, key=lambda question: shuffle_key(question.id))[:limit])


def folder_digest(documents: Path, questions: Path) -> str:
    """Hash of a question file and of every file in a folder with its relative path."""
    digest = sha256(questions.read_bytes())
    for file in sorted(path for path in documents.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(documents))):
        digest.update(f"{file.relative_to(documents).as_posix()}\n{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _question(row: Mapping[str, Any]) -> AnswerQuestion:
    evidence = tuple(Quote(source=str(entry["source"]), text=str(entry["quote"])) for entry in row["evidence"])
    answers = tuple(str(answer) for answer in row["answers"])
    return AnswerQuestion(
        id=str(row["id"]),
        text=str(row["question"]),
        answers=answers,
        gold_sources=frozenset(quote.source for quote in evidence) if answers else frozenset(),
        evidence=evidence if answers else (),
        items=tuple(tuple(map(str, wordings)) for wordings in row.get("items", ())),
        type=str(row.get("type", "")),
        language=str(row.get("language", "")),
        near_miss=bool(row.get("near_miss", False)),
    )
