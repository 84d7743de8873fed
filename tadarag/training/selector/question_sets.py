"""The sets of questions that the selector is trained and measured on: corpora, questions with their gold passages, and which part of each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, md5
from pathlib import Path
from typing import Any, Literal

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Passages, Question, json_lines, load_passages, load_qrels, load_queries, shuffle_key

Use = Literal["train", "halves", "test"]
"""train: all of a set; halves: half A to train, half B to test; test: no question of it is trained on."""
USES = ("train", "halves", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A set of questions over a corpus as the recipe names it.

    family: what is left out together when a set is left out. corpus: the name of its corpus. queries, qrels: files in BEIR layout; or
    paragraphs: a file of questions that carry their own paragraphs. limit: at most so many questions, a fixed sample; 0 for all.
    """

    name: str
    family: str
    corpus: str
    use: Use
    queries: str = ""
    qrels: str = ""
    paragraphs: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question with its gold passages. is_train: whether it may be trained on; otherwise it is tested on."""

    id: str
    text: str
    gold: frozenset[str]
    is_train: bool


def read_sets(parameters: Sequence[Mapping[str, Any]]) -> tuple[QuestionSet, ...]:
    """The sets of a recipe. Raises UsageError for an unknown use."""
    sets = tuple(QuestionSet(**fields) for fields in parameters)
    for one in sets:
        if one.use not in USES:
            raise UsageError(f"set {one.name!r}: there is no use {one.use!r}", f"choose one of: {', '.join(USES)}")
    return sets


def is_half_a(question_id: str) -> bool:
    """Whether a question is in half A: the md5 of its id is even (retrieval design 0)."""
    return int(md5(question_id.encode()).hexdigest(), 16) % 2 == 0


def load_corpus(data: Path, files: Sequence[str]) -> Passages:
    """A corpus: one file in BEIR layout, or the paragraphs of questions, each once, of several files; in an order of its own."""
    if len(files) == 1 and "corpus" in Path(files[0]).name:
        return load_passages(data / files[0])
    found = {paragraph_id(title, text): (title, text) for file in files for title, text in _paragraphs(data / file)}
    identifiers = sorted(found, key=shuffle_key)
    titles, texts = zip(*(found[identifier] for identifier in identifiers), strict=True)
    return Passages(ids=tuple(identifiers), titles=titles, texts=texts)


def paragraph_id(title: str, text: str) -> str:
    """The id of a paragraph that has none: a hash of its title and text."""
    return blake2b(f"{len(title)}:{title}{text}".encode(), digest_size=8).hexdigest()


def load_judged(data: Path, one: QuestionSet) -> list[Judged]:
    """The questions of a set that have gold passages, in a shuffled order that the file's order cannot influence."""
    if one.paragraphs:
        questions = list(_with_paragraphs(data / one.paragraphs))
    else:
        gold = load_qrels(data / one.qrels)
        questions = [(question, gold[question.id]) for question in load_queries(data / one.queries) if question.id in gold]
    judged = [
        Judged(
            id=question.id,
            text=question.text,
            gold=passages,
            is_train=one.use == "train" or (one.use == "halves" and is_half_a(question.id)),
        )
        for question, passages in questions
    ]
    judged.sort(key=lambda question: shuffle_key(question.id))
    return judged[: one.limit or None]


def _paragraphs(file: Path) -> Iterator[tuple[str, str]]:
    for _, row in json_lines(file):
        for paragraph in row["paragraphs"]:
            yield _folded(paragraph["title"]), _folded(paragraph["text"])


def _with_paragraphs(file: Path) -> Iterator[tuple[Question, frozenset[str]]]:
    for number, row in json_lines(file):
        gold = {paragraph_id(_folded(one["title"]), _folded(one["text"])) for one in row["paragraphs"] if one["supporting"]}
        yield Question(id=f"{file.parent.name}-{number}", text=row["question"], metadata={}), frozenset(gold)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text)
