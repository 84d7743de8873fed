"""What core statements keep: of the numbers and names that gold answers need, the share that the cores of the chunks still state.

A gold answer's numbers, dates, names and titles (`mom.find_facts`) are looked up in the chunks of the answer's document; each pair of fact
and chunk that states it counts once. It is kept if the chunk's core statement states it: in its sentences ("sentences"), or in them or in
the list of what they leave out, which is stored and shown with them ("statement"). "anywhere" counts a fact once a document: whether any
chunk's statement keeps it. Shares of tokens (Latin words plus CJK characters) are those of the same texts in all chunks of the documents.
Prose: chunks of three sentences or more, nine tenths of whose characters are letters, spaces and the marks of sentences.

    python eval/benchmarks/core_statement.py --data-dir FOLDER_WITH_longdoc_qa
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reporting import report

import mom
from mom.terms import count_units
from tadarag.content import content_folder
from tadarag.documents.parsing import parse
from tadarag.values import Document

MAX_WORDS = 150  # about the 200 tokens that tadarag gives a chunk
KINDS = ("number", "date", "name", "title")
PROSE_SHARE, PROSE_SENTENCES = 0.9, 3
CHOICE = re.compile(r"^\([A-D]\)\s*")
MARKS = frozenset(".,;:!?'\"()-–—，。、；：！？“”‘’（）《》")


@dataclass(frozen=True, slots=True)
class Condensed:
    """A chunk with its core's sentences, and with those and the list of what they leave out."""

    text: str
    sentences: str
    statement: str
    is_prose: bool


def main() -> None:
    """Measure the samples and, with --data-dir, the long documents."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-dir", type=Path, help="folder that holds longdoc_qa/; without it only the samples are measured")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    figures: dict[str, object] = {"samples": measure(sample_questions())}
    if arguments.data_dir is not None:
        figures["longdoc_qa"] = measure(long_questions(arguments.data_dir / "longdoc_qa"))
        figures["pooled"] = measure([*sample_questions(), *long_questions(arguments.data_dir / "longdoc_qa")])
    report("core_statement", seed=0, figures=figures, out=arguments.out)


def measure(questions: Iterable[tuple[str, Document, Sequence[str]]]) -> dict[str, dict[str, float | int]]:
    """Figures over all chunks and over prose. questions: document id, document, gold answers."""
    needed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    documents: dict[str, Document] = {}
    for name, document, answers in questions:
        documents[name] = document
        for answer in answers:
            needed[name].update((fact.kind, fact.key) for fact in mom.find_facts(CHOICE.sub("", answer)) if fact.kind in KINDS)
    chunks = {name: condense(document) for name, document in documents.items()}
    return {
        "all chunks": _shares(chunks, needed),
        "prose": _shares({name: [chunk for chunk in held if chunk.is_prose] for name, held in chunks.items()}, needed),
    }


def condense(document: Document) -> list[Condensed]:
    """The chunks of a document, as the model-free builder makes them."""
    text = document.text
    memory = mom.build(text, title=document.title, headings=document.headings, blocks=document.blocks, max_length=MAX_WORDS)
    condensed = []
    for item in memory.items:
        sentences = " ".join(span.of(text) for span in item.core)
        chunk = item.span.of(text)
        plain = sum(character.isalnum() or character.isspace() or character in MARKS for character in chunk)
        is_prose = len(item.sentences) >= PROSE_SENTENCES and plain >= PROSE_SHARE * len(chunk)
        condensed.append(Condensed(chunk, sentences, f"{sentences} | {' | '.join(item.left_out)}", is_prose))
    return condensed


def _shares(chunks: dict[str, list[Condensed]], needed: dict[str, set[tuple[str, str]]]) -> dict[str, float | int]:
    pairs = in_sentences = in_statement = facts = anywhere = 0
    for name, held in chunks.items():
        for _, key in needed[name]:
            stating = [chunk for chunk in held if states(chunk.text, key)]
            kept = sum(states(chunk.statement, key) for chunk in stating)
            pairs += len(stating)
            in_statement += kept
            in_sentences += sum(states(chunk.sentences, key) for chunk in stating)
            facts += bool(stating)
            anywhere += bool(kept)
    every = [chunk for held in chunks.values() for chunk in held]
    length = max(1, sum(count_units(chunk.text) for chunk in every))
    return {
        "chunks": len(every),
        "pairs": pairs,
        "kept by sentences": round(in_sentences / max(1, pairs), 4),
        "kept by statement": round(in_statement / max(1, pairs), 4),
        "facts": facts,
        "kept anywhere": round(anywhere / max(1, facts), 4),
        "token share of sentences": round(sum(count_units(chunk.sentences) for chunk in every) / length, 4),
        "token share of statement": round(sum(count_units(chunk.statement) for chunk in every) / length, 4),
    }


def states(text: str, key: str) -> bool:
    """Whether a text states a fact by its key: the same characters, in Latin not as a part of a longer word or number."""
    found = " ".join(text.casefold().split())
    if key not in found:
        return False
    return not key.isascii() or re.search(rf"(?<![\w.,-]){re.escape(key)}(?![\w-])", found) is not None


def sample_questions() -> Iterator[tuple[str, Document, Sequence[str]]]:
    """Each gold answer of the samples with the documents that its evidence quotes."""
    folder = content_folder("data/samples")
    parts = {
        f"{path.relative_to(folder / 'documents').as_posix()}#{part.part}".removesuffix("#"): part.document
        for path in sorted((folder / "documents").rglob("*"))
        if path.is_file()
        for part in parse(path.name, path.read_bytes())
    }
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        question = json.loads(line)
        answers = [*question["answers"], *(form for forms in question.get("items", []) for form in forms)]
        for evidence in question["evidence"]:
            yield evidence["source"], parts[evidence["source"]], answers


def long_questions(folder: Path) -> Iterator[tuple[str, Document, Sequence[str]]]:
    """Each gold answer of longdoc_qa with its document."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = {row["_id"]: Document(text=row["text"], title=row["title"], language="en") for row in map(json.loads, lines)}
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            about = row["metadata"] if isinstance(row["metadata"], dict) else ast.literal_eval(row["metadata"])
            yield about["doc"], documents[about["doc"]], about["answers"]


if __name__ == "__main__":
    main()
