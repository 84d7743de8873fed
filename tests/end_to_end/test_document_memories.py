"""The command group `mom`: memories shown, judged and exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

REPORT = """# Ferry report

Written for the harbour office. It covers all three islands.

## Fleet

The Dusk was built in 1998. It carries 120 passengers.

## Outlook

Two ships will be ordered in 2027. The council has not decided on the yard.
"""


@pytest.fixture
def report(docs: Path) -> str:
    (docs / "report.md").write_text(REPORT, encoding="utf-8")
    return "docs/report.md"


def test_a_memory_is_shown_side_by_side(report: str, run: Run) -> None:
    lines = run("mom", "show", report).out.splitlines()
    assert lines[0].startswith("report.md · scenario ")
    assert lines[1].split() == ["outline", "core", "chunk"]
    assert lines[3].split()[:2] == ["2", "Fleet"]
    assert "## Fleet The Dusk was built in 1998." in lines[3]


def test_json_is_the_whole_record(report: str, run: Run) -> None:
    memory = run("mom", "show", report, "--json").document["memory"]
    assert memory["doc_id"] == "report.md"
    assert "".join(REPORT[item["start"] : item["end"]] for item in memory["items"]) == REPORT
    assert [item["level"] for item in memory["items"]] == [1, 2, 2]
    assert memory["scores"]["judge"] == "lexical"


def test_the_base_and_the_file_have_the_same_memory(report: str, run: Run) -> None:
    before = run("mom", "show", report, "--json").document["memory"]
    run("ingest", "docs")
    after = run("mom", "show", report, "--json").document["memory"]
    assert after["doc_id"] == "docs/report.md"
    assert {**after, "doc_id": ""} == {**before, "doc_id": ""}


def test_scores_name_their_judge_and_both_forms(report: str, run: Run) -> None:
    lines = run("mom", "score", report).out.splitlines()
    assert lines[0] == "judge: lexical"
    assert [line.split()[0] for line in lines[2:4]] == ["published", "repaired"]
    assert lines[5].split() == ["clarity", "gain", "brevity", "support", "outline"]
    assert lines[7].split()[1] == "1.000"


def test_one_form_can_be_asked_for(report: str, run: Run) -> None:
    document = run("mom", "score", report, "--form", "published", "--json").document
    assert "repaired" not in document
    assert document["published"]["clarity"] == 1.0


def test_the_scores_are_those_that_were_stored_when_the_memory_was_built(report: str, run: Run) -> None:
    document = run("mom", "score", report, "--json").document
    built = document["when_built"]
    assert built["judge"] == document["judge"]
    assert (built["repaired_clarity"], built["repaired_completeness"]) == (
        document["repaired"]["clarity"],
        document["repaired"]["completeness"],
    )


def test_the_encoder_judges_on_request(report: str, run: Run) -> None:
    document = run("mom", "score", report, "--judge", "encoder", "--json").document
    assert document["judge"].startswith("encoder ")
    assert document["when_built"]["judge"] == "lexical"


def test_a_judge_that_there_is_not_is_a_usage_error(report: str, run: Run) -> None:
    ran = run("mom", "score", report, "--judge", "oracle")
    assert ran.status == 2
    assert "there is no judge 'oracle'" in ran.err


def test_training_records_are_written_one_a_line(report: str, docs: Path, run: Run) -> None:
    ran = run("mom", "export-training", report, "docs/中文.md", "--out", "train.jsonl", "--json")
    found = [json.loads(line) for line in (docs.parent / "train.jsonl").read_text("utf-8").splitlines()]
    assert ran.document["n_records"] == len(found) > 0
    assert {record["id"] for record in found} >= {"report.md", "report.md/think"}
    assert all([message["role"] for message in record["messages"]] == ["system", "user", "assistant"] for record in found)
    assert sum(ran.document["splits"].values()) == len(found)


def test_one_variant_of_the_records_can_be_asked_for(report: str, docs: Path, run: Run) -> None:
    run("mom", "export-training", report, "--out", "train.jsonl", "--thinking", "without")
    found = [json.loads(line) for line in (docs.parent / "train.jsonl").read_text("utf-8").splitlines()]
    assert [record["id"] for record in found] == ["report.md"]


def test_a_place_that_cannot_be_written_is_a_usage_error(report: str, run: Run) -> None:
    ran = run("mom", "export-training", report, "--out", "nowhere/train.jsonl")
    assert ran.status == 2
    assert "cannot be written" in ran.err


def test_a_name_that_means_nothing_is_a_usage_error(docs: Path, run: Run) -> None:
    assert run("mom", "show", "nothing.md").status == 2


def test_an_empty_document_has_a_memory_without_items(docs: Path, run: Run) -> None:
    (docs / "empty.txt").write_text("", encoding="utf-8")
    assert run("mom", "show", "docs/empty.txt").out.splitlines()[1] == "no text"
    assert run("mom", "score", "docs/empty.txt").status == 0
    assert run("mom", "export-training", "docs/empty.txt", "--out", "none.jsonl", "--json").document["n_records"] == 0
