"""The outline of a document on the command line: as a tree, as JSON, as a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

REPORT = """# Ferry report

Written for the harbour office.

## Fleet

The Dusk was built in 1998.

### Freight

The Lowan carries freight.

## Outlook

Two ships will be ordered in 2027.
"""


def test_the_outline_is_a_tree_with_passages_and_places(docs: Path, run: Run) -> None:
    (docs / "report.md").write_text(REPORT, encoding="utf-8")
    shown = run("outline", "docs/report.md").out.splitlines()
    assert shown[0] == "Ferry report"
    assert "4 passages" in shown[1]
    assert "scenario finance_report · builder structural-" in shown[1]
    assert shown[2].startswith("scores by lexical: ")
    assert [line.partition("  [")[0] for line in shown[4:]] == ["1–4  Ferry report", "2–3  ├ Fleet", "  3  │ └ Freight", "  4  └ Outlook"]


def test_the_base_and_the_file_have_the_same_outline(docs: Path, run: Run) -> None:
    before = run("outline", "docs/harbour.md", "--json").document
    run("ingest", "docs")
    after = run("outline", "docs/harbour.md", "--json").document
    assert after["source"] == "docs/harbour.md"
    assert {**after, "source": ""} == {**before, "source": ""}


def test_json_says_what_lies_under_each_line(docs: Path, run: Run) -> None:
    (docs / "report.md").write_text(REPORT, encoding="utf-8")
    document = run("outline", "docs/report.md", "--json").document
    assert document["schema"] == "tadarag/1"
    fleet = document["outline"][1]
    start, end = fleet["span"]
    assert (fleet["title"], fleet["depth"], fleet["passages"], fleet["pages"]) == ("Fleet", 1, [2, 3], None)
    assert REPORT[start:end].startswith("## Fleet")
    assert REPORT[start:end].rstrip().endswith("carries freight.")


def test_html_writes_one_page_and_says_where(docs: Path, run: Run) -> None:
    ran = run("outline", "docs/中文.md", "--html", "page.html")
    assert ran.status == 0
    assert ran.out == "wrote page.html (1 passage)\n"
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "核心陈述" in page
    assert not Path(".tadarag").exists()


def test_a_page_that_cannot_be_written_is_a_wrong_argument(docs: Path, run: Run) -> None:
    ran = run("outline", "docs/ferry.txt", "--html", "missing/page.html")
    assert ran.status == 2
    assert "cannot be written" in ran.err


def test_control_characters_of_a_document_never_reach_the_terminal(docs: Path, run: Run) -> None:
    (docs / "hostile.md").write_text("# Title \x1b[31m red\n\nText.\n", encoding="utf-8")
    assert "\x1b" not in run("outline", "docs/hostile.md").out
