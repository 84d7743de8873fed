"""A run as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tadarag.evaluation.reports.sections import Section, sections
from tadarag.evaluation.reports.tables import Table
from tadarag.evaluation.suite_results import SuiteRun


def markdown_report(run: SuiteRun, *, language: str = "en") -> str:
    """Every part and pool with its tables, then failures."""
    return "\n".join(line for section in sections(run, language) for line in _lines(section)).rstrip() + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield f"{'#' * section.level} {_plain(section.title)}"
    yield ""
    for paragraph in section.paragraphs:
        yield _plain(paragraph)
        yield ""
    for table in section.tables:
        yield from _rows(table)
        yield ""


def _rows(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(map(_cell, table.heads)) + " |"
    yield "|" + "---|" * len(table.heads)
    for row in table.rows:
        yield "| " + " | ".join(f"**{_cell(cell.text)}**" if cell.is_best else _cell(cell.text) for cell in row) + " |"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """On one line, and without what Markdown would take for markup: questions are data."""
    return "".join(f"\\{character}" if character in "<>*_`#" else character for character in " ".join(text.split()))
