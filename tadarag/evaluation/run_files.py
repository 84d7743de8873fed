"""Finished runs on disk: a folder each, with every value, and the reports made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from tadarag.errors import UsageError
from tadarag.evaluation.reports.html import html_report
from tadarag.evaluation.reports.markdown import markdown_report
from tadarag.evaluation.suite_results import SuiteRun, as_json, run_from_json

RUNS_FOLDER = Path("eval-runs")
DATA, MARKDOWN, HTML = "run.json", "report.md", "report.html"
_NAME = re.compile(r"[\w-][\w.-]*")


def check_name(name: str) -> str:
    """The name, if it can be that of a run. Raises UsageError otherwise."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be the name of a run", "use letters, digits, '-', '_' and '.'")
    return name


def save_run(run: SuiteRun, folder: Path, *, language: str = "en") -> Path:
    """Write run.json, report.md and report.html into `folder`/NAME, in place of a run of that name; returns that folder."""
    place = folder / check_name(run.name)
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(run), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (place / DATA).write_text(text + "\n", encoding="utf-8")
    (place / MARKDOWN).write_text(markdown_report(run, language=language), encoding="utf-8")
    (place / HTML).write_text(html_report(run, language=language), encoding="utf-8")
    return place


def load_run(name: str, *, folder: Path) -> SuiteRun:
    """A finished run by its name in `folder`, or by the path of its folder or file. Raises UsageError when there is none."""
    for place in (folder / name / DATA, Path(name) / DATA, Path(name)):
        if place.is_file():
            try:
                content = json.loads(place.read_text(encoding="utf-8"))
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise UsageError(f"{place} is not a run of a suite: {error}", "run the suite again: tadarag eval run") from error
            return run_from_json(content, name=str(place))
    known = ", ".join(run_names(folder)) or "none yet"
    raise UsageError(f"there is no run {name!r} in {folder}", f"finished runs: {known}; make one: tadarag eval run SUITE")


def run_names(folder: Path) -> Sequence[str]:
    """The finished runs of a folder, sorted."""
    return sorted(place.parent.name for place in folder.glob(f"*/{DATA}"))
