"""Answers are judged by their text, by whether they should have been given, and by citations that are looked up in the base."""

from __future__ import annotations

import json

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.answer_questions import folder_digest, load_questions
from tadarag.evaluation.answers_run import describe_answers, judge, run_answers
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Answer, Citation, Evidence, Route, SourceName, Span, Statement

TEXT = "Ana Terrow founded the Velmouth Ferry\nin 1987. It sails twice a day."
LINES = [
    {
        "id": "one",
        "question": "Who founded the Velmouth Ferry?",
        "language": "en",
        "type": "fact",
        "answers": ["Ana Terrow"],
        "evidence": [{"source": "ferry.txt", "quote": "Ana Terrow founded the Velmouth Ferry in 1987."}],
        "near_miss": False,
    },
    {
        "id": "two",
        "question": "What does the Velmouth Ferry weigh?",
        "language": "en",
        "type": "unanswerable",
        "answers": [],
        "evidence": [],
        "near_miss": True,
    },
]
SOURCE = SourceName("documents", "ferry.txt")


def write_questions(folder, lines=LINES):
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def question(tmp_path, name: str = "one"):
    return {found.id: found for found in load_questions(write_questions(tmp_path))}[name]


def given_answer(*citations: Citation) -> Answer:
    return Answer(
        question="Who founded the Velmouth Ferry?",
        text="Ana Terrow founded the Velmouth Ferry in 1987. [1]",
        short="Ana Terrow",
        found=True,
        statements=(Statement(text="Ana Terrow founded the Velmouth Ferry in 1987.", citations=(1,), supported=True),),
        citations=citations,
        confidence=0.9,
        route=Route(language="en"),
        evidence=Evidence(question="", hits=(), sequence=1),
    )


def citation(start: int, end: int, quote: str | None = None, source: SourceName = SOURCE) -> Citation:
    return Citation(number=1, source=source, content="hash", span=Span(start, end), quote=TEXT[start:end] if quote is None else quote)


def judged(tmp_path, *citations: Citation, text: str = TEXT):
    return judge(question(tmp_path), given_answer(*citations), lambda source: text, lambda path: [SOURCE] if path == "ferry.txt" else [])


def test_a_citation_counts_only_if_its_quote_stands_in_the_stored_text(tmp_path):
    record = judged(tmp_path, citation(0, 10), citation(0, 10, "Bob Terrow"), citation(0, 0))
    assert [cited.exists for cited in record.citations] == [True, False, False]


def test_gold_evidence_is_found_although_a_parser_moved_its_line_ends(tmp_path):
    (gold,) = judged(tmp_path, citation(0, 10)).gold_spans
    assert (gold.source, gold.span.of(TEXT)) == ("ferry.txt", "Ana Terrow founded the Velmouth Ferry\nin 1987.")


def test_gold_evidence_that_stands_nowhere_is_an_error_and_not_a_zero(tmp_path):
    with pytest.raises(UsageError, match="one"):
        judged(tmp_path, citation(0, 0), text="Something else.")


def test_a_row_is_named_by_its_part_and_a_file_stands_for_all_its_rows(tmp_path):
    row = SourceName("documents", "fares.csv", "adult")
    whole = {**LINES[0], "evidence": [{"source": "fares.csv", "quote": "28"}]}
    one = {**LINES[0], "evidence": [{"source": "fares.csv#adult", "quote": "28"}]}
    for line, label in ((whole, "fares.csv"), (one, "fares.csv#adult")):
        (asked,) = load_questions(write_questions(tmp_path, [line]))
        record = judge(asked, given_answer(citation(0, 2, "28", row)), lambda source: "28", lambda name: [row])
        assert record.citations[0].source == record.gold_spans[0].source == label
        assert record.gold_sources == {label}


def test_citation_marks_are_not_part_of_the_judged_text(tmp_path):
    assert judged(tmp_path, citation(0, 10)).text == "Ana Terrow founded the Velmouth Ferry in 1987."


def test_an_unanswerable_question_has_no_gold(tmp_path):
    unanswerable = question(tmp_path, "two")
    assert not unanswerable.answerable
    assert unanswerable.near_miss
    assert unanswerable.gold_sources == frozenset()


@pytest.mark.parametrize(
    ("lines", "named"),
    [([{"id": "x"}], "line 1"), ([LINES[0], LINES[0]], "one"), ([], "no question"), ([{**LINES[0], "evidence": [1]}], "line 1")],
)
def test_a_malformed_question_file_is_refused_with_the_place(tmp_path, lines, named):
    with pytest.raises(UsageError, match=named):
        load_questions(write_questions(tmp_path, lines))


def test_the_digest_of_a_folder_changes_with_any_document_and_question(tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "ferry.txt").write_text(TEXT)
    questions = write_questions(tmp_path)
    before = folder_digest(documents, questions)
    assert folder_digest(documents, questions) == before
    (documents / "ferry.txt").write_text(TEXT + " ")
    assert folder_digest(documents, questions) != before


def test_a_run_over_a_folder_answers_cites_and_refuses(tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "ferry.txt").write_text(TEXT)
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(128)) as base:
        base.ingest(documents)
        run = run_answers(base, load_questions(write_questions(tmp_path)), dataset="ferry", digest="d")
    described = describe_answers(run)
    assert (described["n_queries"], described["n_documents"]) == (2, 1)
    assert described["measures"]["refused_unanswerable_n"] == 1
    assert all(cited.exists for record in run.records for cited in record.citations)
    assert set(described["by_type"]) == {"fact", "unanswerable"}
    assert set(described["by_language"]) == {"en"}
