"""Questions with the answers that could be given to them, what speaks for each, and how right each is: what the choice learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.beir import Question
from tadarag.evaluation.measures.token_f1 import token_f1
from tadarag.generation.extractive import ExtractiveAnswerer
from tadarag.generation.question_form import read_question
from tadarag.generation.read_hits import Reader
from tadarag.generation.trained import only_quoted, weigh
from tadarag.models.passage_reader import TextReading
from tadarag.values import Evidence, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedQuestion:
    """One question over its evidence.

    features: float64[n, k] of its candidates; shares: float64[n], the token F1 of each with the expected answers, 0 where the evidence
    holds no passage that answers. answerable: whether the documents answer it; found: whether a passage that does is among the evidence.
    """

    id: str
    features: NDArray[np.float64]
    shares: NDArray[np.float64]
    answerable: bool
    found: bool


def weigh_question(
    reader: Reader,
    quoting: ExtractiveAnswerer,
    question: Question,
    route: Route,
    evidence: Evidence,
    without_gold: Evidence,
    gold: frozenset[str],
) -> Iterator[WeighedQuestion]:
    """The question over its evidence, and over what is found for it without the passages `gold` (source paths); nothing where it is not weighed."""
    form = read_question(question.text, route)
    remembering = _Remembering(reader)
    expected: Sequence[str] = question.metadata["answers"]
    for shown, answerable in ((evidence, True), (without_gold, False)):
        quoted = quoting.draft(question.text, route, shown)
        if only_quoted(form, route, quoted):
            continue
        found = answerable and any(hit.passage.source.path in gold for hit in shown.hits)
        weighed = weigh(remembering, form, route, shown, quoted)
        shares = [max((token_f1(one.text, answer) for answer in expected), default=0.0) if found else 0.0 for one in weighed.candidates]
        if shares:
            yield WeighedQuestion(
                id=question.id, features=weighed.features, shares=np.array(shares, np.float64), answerable=answerable, found=found
            )


class _Remembering:
    """A reader that reads nothing twice: of the two forms of a question most passages are the same."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, tuple[str, ...], str, int], TextReading | None] = {}

    def read(self, question: str, passages: Sequence[str], *, lead: str = "", n_spans: int = 1) -> TextReading | None:
        key = (question, tuple(passages), lead, n_spans)
        if key not in self._read:
            self._read[key] = self._reader.read(question, passages, lead=lead, n_spans=n_spans)
        return self._read[key]


def write_weighed(questions: Sequence[WeighedQuestion], file: Path) -> None:
    """All of them in one npz file."""
    np.savez_compressed(
        file,
        ids=np.array([one.id for one in questions]),
        sizes=np.array([len(one.shares) for one in questions], np.int64),
        answerable=np.array([one.answerable for one in questions]),
        found=np.array([one.found for one in questions]),
        features=np.concatenate([one.features for one in questions]),
        shares=np.concatenate([one.shares for one in questions]),
    )


def read_weighed(file: Path) -> list[WeighedQuestion]:
    """What `write_weighed` wrote."""
    with np.load(file) as kept:
        ends = np.cumsum(kept["sizes"])
        features, shares = kept["features"], kept["shares"]
        return [
            WeighedQuestion(
                id=str(kept["ids"][number]),
                features=features[end - size : end],
                shares=shares[end - size : end],
                answerable=bool(kept["answerable"][number]),
                found=bool(kept["found"][number]),
            )
            for number, (end, size) in enumerate(zip(ends.tolist(), kept["sizes"].tolist(), strict=True))
        ]
