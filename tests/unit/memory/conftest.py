"""Small answers over documents that need not exist."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tadarag.answer_json import answer_id, answer_json
from tadarag.memory.answers import keep
from tadarag.values import Answer, Citation, Evidence, Hit, Passage, Route, SourceName, Span


def make_answer(question: str, *documents: str, cited: tuple[str, ...] = ()) -> Answer:
    """An answer made from one passage of each document; a document's name is also its text and its content."""
    hits = tuple(
        Hit(
            passage=Passage(
                source=SourceName(".", name), content=f"hash of {name}", chunk=f"{name}:1", span=Span(0, len(name)), text=name, sentences=()
            ),
            score=1.0 / rank,
            layers=(("dense", 0.5),),
        )
        for rank, name in enumerate(documents, start=1)
    )
    citations = tuple(
        Citation(number=number, source=SourceName(".", name), content=f"hash of {name}", span=Span(0, len(name)), quote=name)
        for number, name in enumerate(cited, start=1)
    )
    return Answer(
        question=question,
        text=f"about {question}",
        short="",
        found=bool(cited),
        statements=(),
        citations=citations,
        confidence=0.5,
        route=Route(language="en"),
        evidence=Evidence(question=question, hits=hits, sequence=1),
    )


@pytest.fixture
def kept_in(tmp_path: Path) -> Callable[..., str]:
    """Keep an answer in the folder of the test while all its documents are present; gives its id."""

    def keep_one(answer: Answer, **options: int) -> str:
        quoted = {hit.passage.content for hit in answer.evidence.hits}
        keep(tmp_path, answer_id(answer), answer, answer_json(answer), quoted=quoted, is_current=lambda: True, **options)
        return answer_id(answer)

    return keep_one


@pytest.fixture
def answer_from() -> Callable[..., Answer]:
    """Make an answer: question, documents, and which of them it cites."""
    return make_answer
