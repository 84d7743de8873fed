"""Questions whose answer stands at known places of long documents: meetings with outlines, long documents with short answers, the samples."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import AnswerQuestion
from tadarag.values import Document, SourceName, Span

MAX_OCCURRENCES = 5
"""An answer that stands in more places than this says nothing about where it is meant."""
MIN_ANSWER_CHARACTERS = 4
_CHOICE = re.compile(r"^\([A-Z]\)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanQuestion:
    """A question and where its evidence stands: (source, span) pairs. kind: "outline", "overview" or "fact", for pooling."""

    id: str
    text: str
    kind: str
    type: str
    gold: tuple[tuple[SourceName, Span], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSet:
    """Documents and questions about them; `digest` is the hash of the files they were read from."""

    name: str
    documents: tuple[tuple[SourceName, Document], ...]
    questions: tuple[SpanQuestion, ...]
    digest: str


def load_meetings(folder: Path) -> tuple[SpanSet, SpanSet]:
    """The outlines and the questions of a folder of meetings (corpus, outlines, queries), over the same documents.

    A topic's title is asked as it is; its gold is the text of its turns, the lines of the meeting counted from 0. Likewise the turns that
    a question's metadata names. Raises UsageError for a missing file.
    """
    documents = _documents(folder)
    lines = {source.path: _line_spans(document.text) for source, document in documents}
    outlines = [
        SpanQuestion(
            id=f"{row['_id']}-{number}", text=topic["topic"], kind="outline", type="outline", gold=_turns(row["_id"], topic, lines)
        )
        for row in _rows(folder / "outlines.jsonl.gz")
        for number, topic in enumerate(row["topics"])
    ]
    asked = [
        SpanQuestion(
            id=row["_id"],
            text=row["text"],
            kind="overview",
            type=row["metadata"]["type"],
            gold=_turns(row["metadata"]["meeting"], row["metadata"], lines),
        )
        for row in _rows(folder / "queries.jsonl.gz")
        if row["metadata"].get("turn_spans")
    ]
    digest = _digest(folder, ("corpus.jsonl.gz", "outlines.jsonl.gz", "queries.jsonl.gz"))
    return (
        SpanSet(name=f"{folder.name}-outlines", documents=documents, questions=tuple(outlines), digest=digest),
        SpanSet(name=f"{folder.name}-questions", documents=documents, questions=tuple(asked), digest=digest),
    )


def load_long_documents(folder: Path) -> SpanSet:
    """Long documents (corpus, queries) and those of their questions whose answer stands in the document word for word, at most five times.

    Raises UsageError for a missing file.
    """
    documents = _documents(folder)
    texts = {source.path: document.text for source, document in documents}
    questions = []
    for row in _rows(folder / "queries.jsonl.gz"):
        metadata = row["metadata"]
        found = tuple(
            (SourceName(".", metadata["doc"]), span)
            for answer in metadata["answers"]
            for span in find_answer(answer, texts[metadata["doc"]])
        )
        if 0 < len(found) <= MAX_OCCURRENCES:
            questions.append(SpanQuestion(id=row["_id"], text=row["text"], kind="fact", type=metadata["type"], gold=found))
    digest = _digest(folder, ("corpus.jsonl.gz", "queries.jsonl.gz"))
    return SpanSet(name=folder.name, documents=documents, questions=tuple(questions), digest=digest)


def locate_quotes(questions: Sequence[AnswerQuestion], texts: Mapping[SourceName, str]) -> tuple[SpanQuestion, ...]:
    """Answerable questions with the places of their quoted evidence. Raises UsageError for a quote that does not stand in its source."""
    located = []
    for question in questions:
        if question.answerable:
            kind = "overview" if question.type in ("overview", "list") else "fact"
            gold = tuple(_locate(question.id, quote.source, quote.text, texts) for quote in question.evidence)
            located.append(SpanQuestion(id=question.id, text=question.text, kind=kind, type=question.type, gold=gold))
    return tuple(located)


def find_answer(answer: str, text: str) -> tuple[Span, ...]:
    """Where an answer stands in a text word for word: without regard to case, width, white space and a full stop at its ends.

    A choice label "(A)" is not part of it; an answer under four characters is not looked for. In Latin script it must end at word borders.
    """
    wanted, _ = _folded(_CHOICE.sub("", answer.strip()))
    wanted = wanted.strip(" .。")
    if len(wanted) < MIN_ANSWER_CHARACTERS:
        return ()
    folded, places = _folded(text)
    border = r"(?![a-z0-9])" if wanted[-1].isascii() else ""
    start = r"(?<![a-z0-9])" if wanted[0].isascii() else ""
    found = re.finditer(start + re.escape(wanted) + border, folded)
    return tuple(Span(places[match.start()], places[match.end() - 1] + 1) for match in found)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in NFKC without case and with single spaces, and for each of its characters the place it comes from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1] != " ":
                characters.append(" ")
                places.append(place)
            continue
        for part in unicodedata.normalize("NFKC", character).casefold():
            characters.append(part)
            places.append(place)
    return "".join(characters), places


def _locate(question: str, source: str, quote: str, texts: Mapping[SourceName, str]) -> tuple[SourceName, Span]:
    words = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))  # a parser may have joined the lines of a file
    for name, text in texts.items():
        if source in (name.path, f"{name.path}#{name.part}") and (found := words.search(text)):
            return name, Span(found.start(), found.end())
    raise UsageError(f"question {question!r}: its evidence does not stand in {source}: {quote!r}", "mend the question file")


def _documents(folder: Path) -> tuple[tuple[SourceName, Document], ...]:
    return tuple(
        (SourceName(".", row["_id"]), Document(text=unicodedata.normalize("NFC", row["text"]), title=str(row.get("title") or "")))
        for row in _rows(folder / "corpus.jsonl.gz")
    )


def _line_spans(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def _turns(meeting: str, stated: Mapping[str, Any], lines: Mapping[str, Sequence[Span]]) -> tuple[tuple[SourceName, Span], ...]:
    of_meeting = lines[meeting]
    return tuple(
        (SourceName(".", meeting), Span(of_meeting[first].start, of_meeting[min(last, len(of_meeting) - 1)].end))
        for first, last in stated["turn_spans"]
    )


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    if not file.is_file():
        raise UsageError(f"there is no file {file}", "name the data folder with --data-dir, or leave the set out with --sets")
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def _digest(folder: Path, names: Sequence[str]) -> str:
    digests = []
    for name in names:
        with (folder / name).open("rb") as stream:
            digests.append(file_digest(stream, "sha256").hexdigest())
    return sha256("".join(digests).encode()).hexdigest()
