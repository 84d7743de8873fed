"""Feedback on the command line: an answer shows its id, and what is said of it is kept, listed and exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
QUESTION = "Who is harbour master of Quillen?"


@pytest.fixture
def asked(docs: Path, run: Run) -> str:
    """The id of an answer."""
    return str(run("ask", "docs", QUESTION, "--json").document["id"])


def test_the_explanation_names_the_command_for_feedback(docs: Path, run: Run, asked: str) -> None:
    shown = run("ask", "docs", QUESTION, "--explain").out
    (command,) = [line.split("say how good it is: ")[1] for line in shown.splitlines() if line.startswith("answer: ")]
    said = run(*command.removeprefix("tadarag ").removesuffix(" (or down)").split(), "--base", "docs")
    assert (said.status, said.err) == (0, "")
    assert QUESTION in said.out


def test_without_explanation_the_answer_is_shown_as_ever(docs: Path, run: Run, asked: str) -> None:
    assert "feedback" not in run("ask", "docs", QUESTION).out


def test_feedback_is_listed_and_exported_with_what_it_rests_on(docs: Path, run: Run, asked: str) -> None:
    run("feedback", asked, "up", "--comment", "quick and right 好", "--base", "docs")
    run("feedback", "last", "down", "--base", "docs")
    listed = run("feedback", "list", "--base", "docs")
    assert "quick and right 好" in listed.out
    assert listed.out.splitlines()[-1] == "1 up, 1 down"
    exported = run("feedback", "list", "--base", "docs", "--json").document["feedback"]
    assert [one["reward"] for one in exported] == [1.0, -1.0]
    assert {one["answer"] for one in exported} == {asked}
    assert any(used["cited"] and used["source"] == "harbour.md" for used in exported[0]["rests_on"])


def test_the_same_token_twice_counts_once(docs: Path, run: Run, asked: str) -> None:
    for _ in range(2):
        assert run("feedback", asked, "up", "--token", "mine", "--base", "docs").status == 0
    assert len(run("feedback", "list", "--base", "docs", "--json").document["feedback"]) == 1


@pytest.mark.parametrize(
    ("words", "happened"),
    [(("nothing", "up"), "no answer 'nothing' is kept"), (("last", "sideways"), "is no feedback"), (("last",), "is no feedback")],
)
def test_what_is_no_feedback_is_said_with_what_to_do(docs: Path, run: Run, asked: str, words: tuple[str, ...], happened: str) -> None:
    ran = run("feedback", *words, "--base", "docs")
    assert (ran.status, ran.out) == (2, "")
    assert happened in ran.err
    assert "do:" in ran.err


def test_a_base_without_answers_says_how_to_begin(docs: Path, run: Run) -> None:
    run("ingest", "docs", "--base", "docs")
    assert "no answer is kept yet" in run("feedback", "last", "up", "--base", "docs").err
    assert run("feedback", "list", "--base", "docs", "--json").document["feedback"] == []


def test_a_layer_can_be_switched_off(docs: Path, run: Run, asked: str) -> None:
    found = run("search", "harbour", "--layers", "lexical", "--base", "docs", "--json").document["hits"]
    assert {name for hit in found for name in hit["layers"]} <= {"first-stage", "lexical"}
    assert run("ask", "docs", QUESTION, "--layers", "lexical,dense").status == 0
    wrong = run("search", "harbour", "--layers", "lexicl", "--base", "docs")
    assert (wrong.status, "did you mean 'lexical'" in wrong.err) == (2, True)
