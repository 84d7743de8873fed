"""Asking about a folder or a file works at once; what changed is read before the next answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

QUESTION = "Who took over as harbour master of Quillen?"


def test_a_folder_is_read_at_the_first_question_and_its_base_is_kept_beside_it(docs: Path, run: Run) -> None:
    ran = run("ask", "docs", QUESTION)
    assert ran.status == 0
    assert "Mennick" in ran.out
    assert "[1]" in ran.out
    assert "first question about docs: reading 3 files" in ran.err
    assert (docs / ".tadarag").is_dir()


def test_the_answer_names_source_heading_and_quoted_text(docs: Path, run: Run) -> None:
    answer = run("ask", "docs", QUESTION, "--json").document
    assert answer["schema"] == "tadarag/1"
    assert answer["found"]
    text = run("show", "harbour.md", "--base", "docs", "--json").document["text"]
    cited = [citation for citation in answer["citations"] if citation["source"] == "harbour.md"]
    assert cited
    for citation in cited:
        start, end = citation["span"]
        assert text[start:end] == citation["quote"]
        assert "Appointments" in citation["heading_path"]


def test_the_second_question_reads_nothing_again(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    ran = run("ask", "docs", QUESTION)
    assert ran.status == 0
    assert ran.err == ""


def test_an_edited_an_added_and_a_deleted_file_are_seen_by_the_next_question(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    harbour = docs / "harbour.md"
    harbour.write_text(harbour.read_text(encoding="utf-8").replace("Ilse Mennick", "Ruth Calder"), encoding="utf-8")
    (docs / "new.txt").write_text("The lighthouse of Quillen was painted red in 2019.\n", encoding="utf-8")
    (docs / "ferry.txt").unlink()
    answer = run("ask", "docs", QUESTION).out
    assert "Calder" in answer
    assert "Mennick" not in answer
    listed = [document["source"] for document in run("list", "--base", "docs", "--json").document["documents"]]
    assert listed == ["harbour.md", "new.txt", "中文.md"]


def test_a_file_is_asked_alone_although_its_folder_holds_one_base(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    answer = run("ask", "docs/ferry.txt", QUESTION, "--json").document
    assert {hit["source"] for hit in answer["evidence"]["hits"]} <= {"ferry.txt"}
    assert {citation["source"] for citation in answer["citations"]} <= {"ferry.txt"}


def test_a_file_in_a_fresh_folder_is_read_without_the_others(docs: Path, run: Run) -> None:
    assert run("ask", "docs/ferry.txt", "When was the ferry Dusk built?").status == 0
    listed = run("list", "--base", "docs", "--json").document["documents"]
    assert [document["source"] for document in listed] == ["ferry.txt"]


def test_a_file_with_glob_characters_in_its_name_is_matched_literally(docs: Path, run: Run) -> None:
    (docs / "f[er]ry.txt").write_text("The dinghy Dawn was built in 2003.\n", encoding="utf-8")
    run("ask", "docs", QUESTION)
    answer = run("ask", "docs/f[er]ry.txt", "When was the dinghy Dawn built?", "--json").document
    assert {hit["source"] for hit in answer["evidence"]["hits"]} == {"f[er]ry.txt"}


def test_a_chinese_question_gets_a_chinese_answer(docs: Path, run: Run) -> None:
    ran = run("ask", "docs", "奎伦湾扩港工程由哪家公司承建？")
    assert ran.status == 0
    assert "晨星建设公司" in ran.out


def test_what_the_documents_do_not_say_is_refused_with_status_zero(docs: Path, run: Run) -> None:
    answer = run("ask", "docs", "How much did the moon landing cost in euros?", "--json")
    assert answer.status == 0
    assert not answer.document["found"]
    assert answer.document["citations"] == []


def test_the_base_of_the_current_folder_is_asked_when_no_path_is_given(docs: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ask", "docs", QUESTION)
    monkeypatch.chdir(docs)
    assert "Mennick" in run("ask", QUESTION).out


def test_the_base_can_be_named_by_option_and_by_variable(docs: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ask", "docs", QUESTION)
    assert "Mennick" in run("ask", QUESTION, "--base", "docs").out
    assert "Mennick" in run("ask", QUESTION, "--base", "docs/.tadarag").out
    monkeypatch.setenv("TADARAG_BASE", str(docs))
    assert "Mennick" in run("ask", QUESTION).out


def test_the_explanation_shows_route_layers_and_times(docs: Path, run: Run) -> None:
    shown = run("ask", "docs", QUESTION, "--explain").out
    assert "question: " in shown
    assert "            because task " in shown
    assert "evidence: " in shown
    assert "score " in shown
    assert "time: " in shown


def test_the_recipe_decides_how_the_question_is_answered(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    answer = run("ask", "docs", QUESTION, "--pipeline", "evidence-only", "--json")
    assert answer.status == 0
    assert "Mennick" in answer.document["text"]


def test_an_unknown_recipe_names_those_that_exist(docs: Path, run: Run) -> None:
    ran = run("ask", "docs", QUESTION, "--pipeline", "guess")
    assert ran.status != 0
    assert "evidence-only" in ran.err


def test_streamed_events_end_with_the_checked_answer(docs: Path, run: Run) -> None:
    lines = run("ask", "docs", QUESTION, "--stream", "--json").out.splitlines()
    events = [json.loads(line) for line in lines]
    assert {event["event"] for event in events} <= {"text", "checked", "withdrawn", "done"}
    assert events[-1]["event"] == "done"
    assert "Mennick" in events[-1]["answer"]["text"]


def test_streaming_shows_unchecked_text_on_stderr_only(docs: Path, run: Run) -> None:
    plain = run("ask", "docs", QUESTION)
    streamed = run("ask", "docs", QUESTION, "--stream")
    assert streamed.out == plain.out


def test_search_lists_passages_best_first(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    hits = run("search", "ferry built yard", "--base", "docs", "--limit", "2", "--json").document["hits"]
    assert hits[0]["source"] == "ferry.txt"
    assert len(hits) <= 2
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_filters_narrow_what_is_searched(docs: Path, run: Run) -> None:
    run("ask", "docs", QUESTION)
    by_source = run("search", "Quillen", "--base", "docs", "--source", "*.txt", "--json").document["hits"]
    assert {hit["source"] for hit in by_source} == {"ferry.txt"}
    by_language = run("search", "工程", "--base", "docs", "--language", "zh", "--json").document["hits"]
    assert {hit["source"] for hit in by_language} == {"中文.md"}
    by_date = run("list", "--base", "docs", "--from", "2024-01-01", "--to", "2024-12-31", "--json").document["documents"]
    assert "ferry.txt" not in {document["source"] for document in by_date}


def test_an_empty_folder_is_told_and_fails(work: Path, run: Run) -> None:
    (work / "empty").mkdir()
    ran = run("ask", "empty", QUESTION)
    assert ran.status == 1
    assert "there is no document in empty that can be read" in ran.err


def test_a_folder_of_pictures_is_told_with_the_reason(work: Path, run: Run) -> None:
    (work / "photos").mkdir()
    (work / "photos" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    ran = run("ask", "photos", QUESTION)
    assert ran.status == 1
    assert "there is no document in photos that can be read" in ran.err
    assert ran.out == ""


def test_an_escape_sequence_in_a_document_does_not_reach_the_terminal(docs: Path, run: Run) -> None:
    (docs / "evil.txt").write_text("The password of the \x1b[31mKestrel\x1b[0m buoy is otter.\n", encoding="utf-8")
    assert "\x1b" not in run("ask", "docs", "What is the password of the Kestrel buoy?").out
    assert "\x1b" not in run("show", "evil.txt", "--base", "docs").out
