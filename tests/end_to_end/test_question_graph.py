"""`tadarag ask` with a graph: the page, the JSON, and what is said of a poor one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

QUESTION = "Who built the ferry Dusk?"


def test_a_graph_is_written_as_a_page(run: Run, docs: Path, work: Path) -> None:
    ran = run("ask", "docs", QUESTION, "--graph", "graph.html")
    assert ran.status == 0
    assert "wrote graph.html" in ran.out
    page = (work / "graph.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert QUESTION in page


def test_json_holds_the_graph_with_the_passages_that_state_each_fact(run: Run, docs: Path) -> None:
    graph = run("ask", "docs", QUESTION, "--json").document["graph"]
    assert {"task", "template", "is_poor", "nodes", "facts"} <= set(graph)
    for fact in graph["facts"]:
        assert {fact["head"], fact["tail"]} <= set(range(len(graph["nodes"])))
        assert all(one["passage"] >= 1 for one in fact["stated_in"])


def test_a_poor_graph_is_said_to_be_poor(run: Run, docs: Path) -> None:
    ran = run("ask", "docs", "What of 中文 and Zebras?", "--graph", "graph.html", "--explain")
    assert "the answer rests on the passages alone" in ran.out


def test_without_the_option_no_graph_is_made(run: Run, docs: Path) -> None:
    assert "graph:" not in run("ask", "docs", QUESTION, "--explain").out


def test_a_page_that_cannot_be_written_is_refused(run: Run, docs: Path) -> None:
    ran = run("ask", "docs", QUESTION, "--graph", "missing/graph.html")
    assert ran.status == 2
    assert "cannot be written" in ran.err


def test_a_recipe_chooses_what_scores_the_facts(run: Run, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TADARAG_ENCODER", "shipped")
    asked = run("ask", "docs", QUESTION, "--json").document["graph"]
    folder = docs / ".tadarag" / "pipelines" / "answer"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.yaml").write_text("graph_scores: formula\n", encoding="utf-8")
    by_formula = run("ask", "docs", QUESTION, "--pipeline", "mine", "--json").document["graph"]
    assert {node["name"] for node in asked["nodes"]} & {node["name"] for node in by_formula["nodes"]}
    assert [node["score"] for node in asked["nodes"]] != [node["score"] for node in by_formula["nodes"]]
