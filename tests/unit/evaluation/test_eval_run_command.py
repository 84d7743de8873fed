"""`tadarag eval run`, `compare`, `verify` and `init-suite` from the command line."""

from __future__ import annotations

import json

import pytest

from tadarag.cli.main import main

from .test_eval_command import write_dataset

SUITE = """
description: A world of links.
sets:
  - {name: world, corpus: world/corpus.jsonl.gz, queries: world/queries.jsonl, qrels: world/dev.tsv}
pools: {all: [world]}
systems: [tadarag, bm25]
"""


@pytest.fixture
def place(world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_dataset(tmp_path / "data" / "world", world)
    (tmp_path / "eval" / "suites").mkdir(parents=True)
    (tmp_path / "eval" / "suites" / "links.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> int:
    return main(["eval", "run", "links", "--data-dir", "data", "--encoder", "hashing", "--quiet", "--base", "bases", *arguments])


def test_a_run_is_kept_with_its_reports(place, capsys):
    assert run("--limit", "8") == 0
    shown = capsys.readouterr().out
    assert "world: 8 questions, 141 passages" in shown
    assert "pool all" in shown
    folder = place / "eval-runs" / "links"
    assert {file.name for file in folder.iterdir()} == {"run.json", "report.md", "report.html"}
    assert "tadarag eval run links --limit 8 --encoder hashing" in (folder / "report.md").read_text(encoding="utf-8")


def test_two_runs_are_compared_question_by_question(place, capsys):
    assert run("--limit", "8", "--name", "one") == 0
    assert run("--limit", "5", "--name", "other", "--no-titles", "--systems", "bm25") == 0
    capsys.readouterr()
    assert main(["eval", "compare", "one", "one", "--system", "tadarag", "--against", "bm25", "--json", "--quiet"]) == 0
    rows = {row["measure"]: row for row in json.loads(capsys.readouterr().out)["differences"]}
    assert rows["recall@5"]["n"] == 8
    assert rows["recall@5"]["interval"][0] <= rows["recall@5"]["difference"] <= rows["recall@5"]["interval"][1]
    assert main(["eval", "compare", "one", "other", "--quiet"]) == 2


def test_a_published_run_of_a_suite_verifies(place, capsys):
    assert run("--limit", "4", "--half", "B", "--publish", "links-b") == 0
    published = json.loads((place / "eval" / "results" / "links-b.json").read_text(encoding="utf-8"))
    assert published["command"] == "tadarag eval run links --limit 4 --half B --encoder hashing"
    assert "world/tadarag minus bm25/recall@5" in published["figures"]
    capsys.readouterr()
    assert main(["eval", "verify", "links-b", "--data-dir", "data", "--base", "bases", "--json", "--quiet"]) == 0
    assert {row["verdict"] for row in json.loads(capsys.readouterr().out)["figures"]} == {"same"}


def test_an_invalid_run_is_kept_and_not_published_and_ends_with_status_one(place, capsys):
    suite = "{task: answers, pipeline: llm, sets: [{name: world, corpus: world/corpus.jsonl.gz, queries: world/queries.jsonl, qrels: world/dev.tsv}]}"
    (place / "eval" / "suites" / "links.yaml").write_text(suite, encoding="utf-8")
    assert run("--limit", "3", "--publish", "never") == 1
    assert "invalid: world, tadarag: 3 of 3 items failed" in capsys.readouterr().out
    assert (place / "eval-runs" / "links" / "report.html").is_file()
    assert not (place / "eval" / "results" / "never.json").exists()


def test_another_recipe_than_the_suite_s_can_answer(place, capsys):
    suite = "{task: answers, sets: [{name: world, corpus: world/corpus.jsonl.gz, queries: world/queries.jsonl, qrels: world/dev.tsv}]}"
    (place / "eval" / "suites" / "links.yaml").write_text(suite, encoding="utf-8")
    assert run("--limit", "2", "--pipeline", "evidence-only") == 0
    assert "--pipeline evidence-only" in (place / "eval-runs" / "links" / "report.md").read_text(encoding="utf-8")


def test_a_new_suite_is_made_and_named(place, capsys):
    assert main(["eval", "init-suite", "mine", "--quiet"]) == 0
    assert "tadarag eval run mine" in capsys.readouterr().out
    assert (place / "mine" / "questions.jsonl").is_file()
    assert main(["eval", "init-suite", "mine", "--quiet"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nowhere"],
        ["run", "links", "--half", "C"],
        ["run", "links", "--systems", "lightrag", "--data-dir", "data", "--encoder", "hashing"],
        ["run", "links", "--name", "../elsewhere"],
        ["compare", "none", "none"],
    ],
)
def test_what_cannot_be_run_ends_with_the_usage_status(place, arguments, capsys):
    assert main(["eval", *arguments]) in (1, 2)
    assert "do:" in capsys.readouterr().err


def test_a_corpus_is_cut_to_gold_passages_and_some_others(place, capsys):
    assert run("--limit", "4", "--distractors", "10", "--publish", "cut") == 0
    assert "world: 4 questions, 18 passages" in capsys.readouterr().out
    published = json.loads((place / "eval" / "results" / "cut.json").read_text(encoding="utf-8"))
    assert published["command"] == "tadarag eval run links --limit 4 --distractors 10 --encoder hashing"
