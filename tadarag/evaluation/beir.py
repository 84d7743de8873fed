"""Reads a data set in BEIR layout (corpus, queries, qrels) into frozen values, in an order that its file order cannot influence."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b, file_digest, sha256
from pathlib import Path
from typing import Any

from tadarag.errors import UsageError
from tadarag.evaluation.halves import Half, in_half

SHUFFLE_SEED = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """A corpus: ids, titles ("" for none) and texts (NFC), one entry a passage."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def taken(self, places: Sequence[int]) -> Passages:
        """The passages at these places, in this order."""
        return Passages(
            ids=tuple(self.ids[place] for place in places),
            titles=tuple(self.titles[place] for place in places),
            texts=tuple(self.texts[place] for place in places),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what its file says about it; `metadata` is for measures and reports only, never for a system under test."""

    id: str
    text: str
    metadata: Mapping[str, Any]

    @property
    def type(self) -> str:
        """The question's type as the file names it, "" when it does not."""
        return str(self.metadata.get("type", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A corpus with its questions and, for each question id that has any, its gold passage ids. `digest` is the hash of the three files."""

    name: str
    passages: Passages
    questions: tuple[Question, ...]
    qrels: Mapping[str, frozenset[str]]
    digest: str

    def judged(self) -> tuple[Question, ...]:
        """The questions that have at least one gold passage."""
        return tuple(question for question in self.questions if self.qrels.get(question.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFiles:
    """Where the three files of a data set lie, and the name it goes by in results."""

    name: str
    corpus: Path
    queries: Path
    qrels: Path


def load_dataset(
    files: DatasetFiles,
    *,
    limit: int | None = None,
    titles: bool = True,
    half: Half = "",
    needs_gold: bool = True,
    distractors: int | None = None,
) -> Dataset:
    """Load a data set: passages shuffled with a fixed seed before any system indexes them, and questions likewise.

    limit: that many questions (a fixed sample); the corpus stays whole. titles: False drops every title. half: only the questions of that
    half. needs_gold: False for questions that are judged by their answers alone, whose set may name no gold passage. distractors: cuts the
    corpus to the gold passages of these questions and that many others (a fixed sample); None leaves it whole.
    Raises UsageError for a missing or malformed file, a repeated id, and qrels that name an unknown passage or question.
    """
    passages = load_passages(files.corpus, titles=titles)
    questions = tuple(load_queries(files.queries))
    qrels = load_qrels(files.qrels)
    _check_references(files, passages, questions, qrels)
    if needs_gold and not qrels:
        raise UsageError(f"{files.qrels.name} names no gold passage", "check --qrels")
    chosen = [question for question in questions if in_half(question.id, half)]
    order = sorted(chosen, key=lambda question: shuffle_key(question.id))
    dataset = Dataset(name=files.name, passages=passages, questions=tuple(order[:limit]), qrels=qrels, digest=dataset_digest(files))
    return dataset if distractors is None else with_few_distractors(dataset, distractors)


def with_few_distractors(dataset: Dataset, n: int) -> Dataset:
    """The same questions over the gold passages of all of them and the first n other passages, in the order of the corpus."""
    asked = {question.id for question in dataset.questions}
    qrels = {question: gold for question, gold in dataset.qrels.items() if question in asked}
    gold = frozenset().union(*qrels.values())
    others = [place for place, identifier in enumerate(dataset.passages.ids) if identifier not in gold][:n]
    kept = sorted({*others, *(place for place, identifier in enumerate(dataset.passages.ids) if identifier in gold)})
    return replace(dataset, passages=dataset.passages.taken(kept), qrels=qrels)


def dataset_digest(files: DatasetFiles) -> str:
    """SHA-256 over the hashes of corpus, queries and qrels as the files are. Raises UsageError for a missing one."""
    return sha256("".join(file_hash(path) for path in (files.corpus, files.queries, files.qrels)).encode()).hexdigest()


def shuffle_key(identifier: str, *, seed: int = SHUFFLE_SEED) -> bytes:
    """A pseudo-random key of an id: sorting by it shuffles, and gives the same order whatever the order of the file was."""
    return blake2b(identifier.encode(), digest_size=16, key=seed.to_bytes(8, "little")).digest()


def check_disjoint(parts: Mapping[str, Sequence[Question]]) -> None:
    """Raise UsageError if two parts (train, dev, held-out) share a question by id or, without case and punctuation, by text."""
    seen_ids: dict[str, str] = {}
    seen_texts: dict[str, str] = {}
    for part, questions in parts.items():
        for question in questions:
            for seen, value in ((seen_ids, question.id), (seen_texts, _bare_text(question.text))):
                other = seen.setdefault(value, part)
                if other != part:
                    raise UsageError(
                        f"question {question.id!r} stands in {other} and in {part}", "remove it from one of them: parts must be disjoint"
                    )


def _bare_text(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def load_passages(path: Path, *, titles: bool = True) -> Passages:
    """The passages of a file, shuffled. titles: False drops every title. Raises UsageError for a malformed line and a repeated id."""
    rows: list[tuple[str, str, str]] = []
    for number, row in json_lines(path):
        identifier, text = text_field(row, "_id", path, number), text_field(row, "text", path, number)
        title = str(row.get("title") or "") if titles else ""
        rows.append((identifier, unicodedata.normalize("NFC", title), unicodedata.normalize("NFC", text)))
    refuse_repeated([row[0] for row in rows], path)
    rows.sort(key=lambda row: shuffle_key(row[0]))
    return Passages(ids=tuple(row[0] for row in rows), titles=tuple(row[1] for row in rows), texts=tuple(row[2] for row in rows))


def load_queries(path: Path) -> Iterator[Question]:
    """The questions of a file, in its order. Raises UsageError for a malformed line and a repeated id."""
    questions: list[Question] = []
    for number, row in json_lines(path):
        metadata = row.get("metadata") or {}
        questions.append(Question(id=text_field(row, "_id", path, number), text=text_field(row, "text", path, number), metadata=metadata))
    refuse_repeated([question.id for question in questions], path)
    yield from questions


def load_qrels(path: Path) -> dict[str, frozenset[str]]:
    """Gold passage ids by question id, of a file with query-id, corpus-id and score between tabs. Raises UsageError for another."""
    gold: dict[str, set[str]] = {}
    with _open(path) as stream:
        for number, line in enumerate(stream, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if cells == [""] or (number == 1 and cells[-1] == "score"):
                continue
            try:
                query, passage, score = cells[0], cells[1], float(cells[2])
            except (IndexError, ValueError) as error:
                raise UsageError(
                    f"{path.name}, line {number}: expected query-id, corpus-id and score between tabs", "give a qrels file in BEIR layout"
                ) from error
            if score > 0:
                gold.setdefault(query, set()).add(passage)
    return {query: frozenset(passages) for query, passages in gold.items()}


def _check_references(files: DatasetFiles, passages: Passages, questions: Sequence[Question], qrels: Mapping[str, frozenset[str]]) -> None:
    known_passages, known_questions = set(passages.ids), {question.id for question in questions}
    if not passages.ids or not questions:
        raise UsageError(f"{files.name}: the corpus or the list of questions is empty", "check --corpus and --queries")
    for query, gold in sorted(qrels.items()):
        if query not in known_questions:
            raise UsageError(f"{files.qrels.name} names the question {query!r}, which {files.queries.name} lacks", "check --queries")
        if missing := sorted(gold - known_passages):
            raise UsageError(f"{files.qrels.name} names the passage {missing[0]!r}, which {files.corpus.name} lacks", "check --corpus")


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of each line of a JSONL file, gzipped or plain. Raises UsageError for a line that is none."""
    with _open(path) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise UsageError(f"{path.name}, line {number}: not JSON ({error.msg})", "give a JSONL file in BEIR layout") from error
            if not isinstance(row, dict):
                raise UsageError(f"{path.name}, line {number}: not a JSON object", "give a JSONL file in BEIR layout")
            yield number, row


def _open(path: Path) -> Any:
    if not path.is_file():
        raise UsageError(f"there is no file {path}", "check the path, or name the data folder with --data-dir")
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def file_hash(path: Path) -> str:
    """SHA-256 of a file as it is. Raises UsageError when there is none."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}", "check the path, or name the data folder with --data-dir")
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def text_field(row: Mapping[str, Any], name: str, path: Path, number: int) -> str:
    """The text under that name in a row, which is line `number` of the file. Raises UsageError when there is none."""
    if not isinstance(row.get(name), str):
        raise UsageError(f"{path.name}, line {number}: no text field {name!r}", "give a JSONL file in BEIR layout")
    return str(row[name])


def refuse_repeated(identifiers: Sequence[str], path: Path) -> None:
    """Raise UsageError if an id stands twice in a file."""
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise UsageError(f"{path.name} names the id {identifier!r} twice", "give every passage and question one id")
        seen.add(identifier)
