"""Answers as chat completions: every marker is annotated at its place, and a stream adds up to the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.serving.chat import checked_chunks, citations_of, completion
from tadarag.values import Answer, Citation, Evidence, Route, SourceName, Span


def answer_of(text: str, n_citations: int = 1) -> Answer:
    """An answer with that text."""
    citations = tuple(
        Citation(number=number, source=SourceName(".", f"文{number}.md"), content="c", span=Span(0, 3), quote="abc")
        for number in range(1, n_citations + 1)
    )
    route, evidence = Route(language="en"), Evidence(question="q", hits=(), sequence=1)
    return Answer(
        question="q", text=text, short="", found=True, statements=(), citations=citations, confidence=1.0, route=route, evidence=evidence
    )


@given(text=st.text(max_size=80))
def test_the_deltas_of_a_stream_add_up_to_the_text(text: str) -> None:
    chunks = list(checked_chunks(answer_of(text), "id", model="tadarag", created=0))
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == text
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]


def test_every_marker_is_annotated_at_its_place() -> None:
    text = "Ilse Mennick [1][2]\nTomas Brandt [2]"
    found = citations_of(answer_of(text, 2))
    places = [(one["url_citation"]["start_index"], one["url_citation"]["end_index"]) for one in found]
    assert [text[start:end] for start, end in places] == ["[1]", "[2]", "[2]"]
    assert [one["citation"]["number"] for one in found] == [1, 2, 2]


def test_brackets_in_the_words_of_a_document_are_no_citation() -> None:
    assert not citations_of(answer_of("see [7] and [99999999999999999999]"))


def test_a_citation_links_to_its_passage_whatever_its_name() -> None:
    assert citations_of(answer_of("x [1]"))[0]["url_citation"]["url"] == (
        "/api/v1/document/passage?source=%E6%96%871.md&start=0&end=3&content=c"
    )


def test_a_completion_without_a_model_says_estimated_tokens_that_add_up() -> None:
    usage = completion(answer_of("an answer"), model="tadarag", created=0, prompt="a question?")["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
