"""Texts to cut and questions whose answers have a place in them: spans as a data set states them, or answers looked up in gold passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Question, file_hash, json_lines, load_qrels, load_queries, refuse_repeated, shuffle_key, text_field
from tadarag.evaluation.records import SourceSpan
from tadarag.values import Span

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredQuestion:
    """A question and where its answer stands: all references together (kind "spans"), or any one of them (kind "answers")."""

    id: str
    text: str
    references: tuple[SourceSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingData:
    """Texts by name and the questions about them. n_left_out: questions without an answer that stands in a gold passage."""

    name: str
    kind: Literal["spans", "answers"]
    texts: Mapping[str, str]
    questions: tuple[AnsweredQuestion, ...]
    n_left_out: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkingFiles:
    """Where the files lie, and the name that the data go by in results; qrels make it a set of answers, else it is one of spans."""

    name: str
    corpus: Path
    queries: Path
    qrels: Path | None = None


def load_chunking(files: ChunkingFiles, *, join: int = 1, limit: int | None = None) -> ChunkingData:
    """Load texts and questions; texts stay as they are, character for character.

    Without qrels a question's metadata name its text ("corpus") and "references" in it (start_index, end_index, content). With qrels they
    name "answers", alternatives that are looked up word for word in the gold passages; `join` passages that follow each other in the
    corpus are then one text, with a blank line between them.
    limit: that many questions, a fixed sample. Raises UsageError for malformed files, spans that are not what their content says,
    and a set without a question whose answer has a place.
    """
    passages = _load_texts(files.corpus)
    queries = list(load_queries(files.queries))
    if files.qrels is None:
        if join != 1:
            raise UsageError("passages of a set with answer spans cannot be joined", "give --qrels, or leave --join out")
        texts = passages
        located = [_stated(question, passages, files) for question in queries]
    else:
        texts, places = _joined(passages, join)
        located = list(_looked_up(queries, passages, places, files))
    questions = sorted((question for question in located if question.references), key=lambda question: shuffle_key(question.id))
    if not questions:
        raise UsageError(f"{files.queries.name}: no question has an answer with a place in {files.corpus.name}", "check the files")
    return ChunkingData(
        name=files.name,
        kind="spans" if files.qrels is None else "answers",
        texts=texts,
        questions=tuple(questions[:limit]),
        n_left_out=len(located) - len(questions),
        digest=chunking_digest(files),
    )


def chunking_digest(files: ChunkingFiles) -> str:
    """SHA-256 over the hashes of the files as they are. Raises UsageError for a missing one."""
    paths = [path for path in (files.corpus, files.queries, files.qrels) if path is not None]
    return sha256("".join(map(file_hash, paths)).encode()).hexdigest()


def _load_texts(path: Path) -> dict[str, str]:
    rows = [(text_field(row, "_id", path, number), text_field(row, "text", path, number)) for number, row in json_lines(path)]
    refuse_repeated([identifier for identifier, _ in rows], path)
    return dict(rows)


def _stated(question: Question, texts: Mapping[str, str], files: ChunkingFiles) -> AnsweredQuestion:
    source, references = str(question.metadata.get("corpus", "")), question.metadata.get("references") or ()
    if source not in texts:
        raise UsageError(f"question {question.id!r} is about the text {source!r}, which {files.corpus.name} lacks", "check --corpus")
    spans = tuple(SourceSpan(source=source, span=_stated_span(question, reference, texts[source])) for reference in references)
    return AnsweredQuestion(id=question.id, text=question.text, references=spans)


def _stated_span(question: Question, reference: Any, text: str) -> Span:
    try:
        span = Span(int(reference["start_index"]), int(reference["end_index"]))
        content = reference.get("content", span.of(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"question {question.id!r}: a reference has no start_index and end_index", "mend --queries") from error
    if not 0 <= span.start < span.end <= len(text) or span.of(text) != content:
        raise UsageError(f"question {question.id!r}: {content!r} does not stand at [{span.start}, {span.end})", "check --corpus")
    return span


def _joined(passages: Mapping[str, str], join: int) -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    """Texts of `join` passages each, and for each passage its text and where it begins in that."""
    texts: dict[str, str] = {}
    places: dict[str, tuple[str, int]] = {}
    identifiers = list(passages)
    for start in range(0, len(identifiers), join):
        members = identifiers[start : start + join]
        source, offset = "+".join(dict.fromkeys((members[0], members[-1]))), 0
        for identifier in members:
            places[identifier] = (source, offset)
            offset += len(passages[identifier]) + len(_BETWEEN)
        texts[source] = _BETWEEN.join(passages[identifier] for identifier in members)
    return texts, places


def _looked_up(
    queries: list[Question], passages: Mapping[str, str], places: Mapping[str, tuple[str, int]], files: ChunkingFiles
) -> Iterator[AnsweredQuestion]:
    gold = load_qrels(files.qrels) if files.qrels else {}
    for question in queries:
        references: list[SourceSpan] = []
        for passage in sorted(gold.get(question.id, ())):
            if passage not in passages:
                raise UsageError(f"the qrels name the passage {passage!r}, which {files.corpus.name} lacks", "check --corpus")
            source, offset = places[passage]
            for answer in dict.fromkeys(map(str, question.metadata.get("answers") or ())):
                if answer.strip():
                    found = re.finditer(re.escape(answer.strip()), passages[passage])
                    references += [SourceSpan(source=source, span=Span(match.start() + offset, match.end() + offset)) for match in found]
        yield AnsweredQuestion(id=question.id, text=question.text, references=tuple(dict.fromkeys(references)))
