"""Questions with evidence that answers them, and with evidence that no longer does, for fitting the answerer without a model."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mom.sentences import split_sentences
from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.models.encoder import Encoder
from tadarag.values import Evidence, Hit, Link, Passage, SourceName, Span

HITS = 8
SKIPPED = 4  # nearest passages left out of the lacking hits: a small base has none on an attribute that it lacks
_ARTICLE = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuestion:
    """A question, its accepted answers and the passages (indexes into its pool) that hold one; `pool` restricts the search (None: all)."""

    text: str
    answers: tuple[str, ...]
    gold: tuple[int, ...]
    candidates: tuple[int, ...] | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Passages with vectors: `vectors` float32[n, d], `sentence_vectors[i]` float32[sentences of i, d]."""

    language: str
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32]
    sentence_vectors: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question with the hits that answer it, with hits from which every passage with an answer was taken, and with hits about other things."""

    question: TrainingQuestion
    answering: Evidence
    lacking: Evidence
    foreign: Evidence


def read_jsonl(file: Path) -> list[dict[str, Any]]:
    """All objects of a gzip JSONL file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def make_passage(index: int, title: str, text: str, language: str) -> Passage:
    """A passage that is a document of its own, cut into sentences as ingest cuts them."""
    spans = tuple(split_sentences(text))
    return Passage(
        source=SourceName("train", str(index)),
        content="",
        chunk=str(index),
        span=Span(0, len(text)),
        text=text,
        sentences=tuple(Span(span.start, span.end) for span in spans),
        heading_path=(title,) if title else (),
        subject=re.sub(r"\s*\([^()]*\)$", "", title),
        language=language,
    )


def encode_pool(encoder: Encoder, language: str, texts: Sequence[tuple[str, str]]) -> Pool:
    """Encode (title, text) pairs as ingest does: the heading, a line end, the text; one text a run."""
    passages = tuple(make_passage(index, title, text, language) for index, (title, text) in enumerate(texts))
    vectors, sentences = [], []
    for passage in passages:
        prefix = f"{passage.heading_path[0]}\n" if passage.heading_path else ""
        shifted = [Span(span.start + len(prefix), span.end + len(prefix)) for span in passage.sentences]
        encoded = encoder.read(prefix + passage.text, shifted)
        vectors.append(encoded.vector)
        sentences.append(encoded.sentence_vectors)
    return Pool(language=language, passages=passages, vectors=np.array(vectors, dtype=np.float32), sentence_vectors=tuple(sentences))


class LexicalIndex:
    """BM25 over the passages of a pool (k1 0.9, b 0.4); a class because the postings live across questions."""

    def __init__(self, pool: Pool) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = {}
        lengths = []
        for index, passage in enumerate(pool.passages):
            found = terms(" ".join((*passage.heading_path, passage.text)))
            lengths.append(len(found))
            counts: dict[str, int] = {}
            for term in found:
                counts[term] = counts.get(term, 0) + 1
            for term, count in counts.items():
                self._postings.setdefault(term, []).append((index, float(count)))
        self._lengths = np.array(lengths) / (np.mean(lengths) or 1.0)

    def scores(self, question: str) -> NDArray[np.float64]:
        """float64[n]: BM25 of every passage."""
        scores = np.zeros(len(self._lengths))
        for term in set(terms(question)):
            rows = self._postings.get(term, [])
            if rows:
                indexes = np.array([index for index, _ in rows])
                counts = np.array([count for _, count in rows])
                idf = np.log(1 + (len(scores) - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[indexes] += idf * counts * 1.9 / (counts + 0.9 * (0.6 + 0.4 * self._lengths[indexes]))
        return scores


def normalized(text: str) -> str:
    """An answer as it is compared: lower case, simplified, without articles and punctuation."""
    folded = _ARTICLE.sub(" ", simplify(text).lower())
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def build_examples(
    pool: Pool, questions: Sequence[TrainingQuestion], question_vectors: NDArray[np.float32], *, seed: int
) -> Iterator[Example]:
    """One example a question. The gold passages are always among the answering hits, at the rank they have or in a random place."""
    index = LexicalIndex(pool)
    random = Random(seed)
    folded = [normalized(passage.text) for passage in pool.passages]
    for question, vector in zip(questions, question_vectors, strict=True):
        allowed = np.arange(len(pool.passages)) if question.candidates is None else np.array(question.candidates)
        dense = pool.vectors[allowed] @ vector
        lexical = index.scores(question.text)[allowed]
        score = 0.35 * _rescaled(lexical) + 0.65 * _rescaled(dense)
        order = [int(allowed[i]) for i in np.argsort(-score, kind="stable")[: 6 * HITS]]
        ranked = dict(zip((int(i) for i in allowed), (float(s) for s in score), strict=True))
        wanted = [normalized(answer) for answer in question.answers]
        holds = {i for i in order if any(answer in folded[i] for answer in wanted)} | set(question.gold)
        top = order[:HITS]
        for gold in question.gold:
            if gold not in top:
                top = [i for i in top if i in question.gold or i != top[-1]][: HITS - 1]
                top.insert(random.randrange(min(4, len(top) + 1)), gold)
        rest = [i for i in order if i not in holds][SKIPPED : SKIPPED + HITS]
        titles = {pool.passages[i].heading_path for i in question.gold}
        if question.candidates is None:
            ranked_all = [int(allowed[i]) for i in np.argsort(-score, kind="stable")[:400]]
            foreign = [
                i for i in ranked_all if i not in holds and pool.passages[i].heading_path not in titles and pool.passages[i].heading_path
            ][:HITS]
        else:
            foreign = []
        yield Example(
            question=question,
            answering=_evidence(pool, question, vector, top, ranked),
            lacking=_evidence(pool, question, vector, rest, ranked),
            foreign=_evidence(pool, question, vector, foreign, ranked),
        )


def _rescaled(values: NDArray[Any]) -> NDArray[np.float64]:
    """Best 1, hundredth (or last) 0, below clipped."""
    floor = np.sort(values)[::-1][min(99, len(values) - 1)]
    span = float(values.max() - floor)
    return np.clip((values - floor) / span, 0.0, 1.0).astype(np.float64) if span > 0 else np.zeros(len(values))


def _evidence(
    pool: Pool, question: TrainingQuestion, vector: NDArray[np.float32], chosen: Sequence[int], scores: dict[int, float]
) -> Evidence:
    hits = tuple(
        Hit(
            passage=pool.passages[i],
            score=scores[i],
            path=_path(pool, i, chosen) if question.candidates is not None else (),
            sentence_cosines=tuple(float(value) for value in pool.sentence_vectors[i] @ vector) if len(pool.sentence_vectors[i]) else (),
        )
        for i in chosen
    )
    return Evidence(question=question.text, hits=hits, sequence=0)


def _path(pool: Pool, target: int, chosen: Sequence[int]) -> tuple[Link, ...]:
    """The first sentence of another hit that names the target's subject, as retrieval's title link would give it."""
    subject = pool.passages[target].subject
    for other in chosen:
        passage = pool.passages[other]
        if other != target and len(subject) > 3 and subject in passage.text:
            for index in range(len(passage.sentences)):
                if subject in passage.sentence_text(index):
                    return (
                        Link(
                            seed=passage.source, seed_chunk=passage.chunk, sentence=passage.sentence_text(index), name=subject, kind="title"
                        ),
                    )
    return ()
