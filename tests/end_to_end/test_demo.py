"""`tadarag demo` answers its three questions from the shipped samples and says what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_the_demo_answers_three_questions_and_suggests_the_next_command(work: Path, run: Run) -> None:
    ran = run("demo", "samples")
    assert ran.status == 0
    assert [f"question {number}: " in ran.out for number in (1, 2, 3)] == [True, True, True]
    assert "[1]" in ran.out
    assert f"tadarag ask {work / 'samples'}" in ran.err
    again = run("demo", "samples", "--json")
    assert again.status == 0
    assert len(again.document["answers"]) == 3


def test_the_demo_does_not_mix_with_other_files(work: Path, run: Run) -> None:
    (work / "mine").mkdir()
    (work / "mine" / "letter.txt").write_text("private", encoding="utf-8")
    ran = run("demo", "mine")
    assert ran.status == 4
    assert [file.name for file in (work / "mine").iterdir()] == ["letter.txt"]
