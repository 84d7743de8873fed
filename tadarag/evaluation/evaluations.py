"""Suites and finished runs of a folder of one's own, for programs: what `tadarag eval run` does, without a command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tadarag.content import content_folder
from tadarag.evaluation.provenance import code_commit, machine, today
from tadarag.evaluation.reports.html import html_report
from tadarag.evaluation.run_files import RUNS_FOLDER, check_name, load_run, run_names, save_run
from tadarag.evaluation.suite_results import as_json
from tadarag.evaluation.suite_run import Ground, SuiteOptions, run_suite
from tadarag.evaluation.suites import load_suite
from tadarag.plugins import load_plugin

if TYPE_CHECKING:
    from tadarag.models.encoder import Encoder
    from tadarag.models.language_model import LanguageModel

_SUITES = "eval/suites"


class Evaluations:
    """The suites that can be run from a folder, and the runs that are kept in it under eval-runs.

    encoder: the shipped one by default. data_folder: where shipped suites find their sets; without it only those are listed that need none.
    language_model: the judge of suites that want one.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        data_folder: str | Path | None = None,
        encoder: Encoder | None = None,
        language_model: LanguageModel | None = None,
    ) -> None:
        self.folder = Path(folder)
        self._data_folder = Path(data_folder) if data_folder else None
        self._encoder = encoder
        self._language_model = language_model

    def suites(self) -> tuple[str, ...]:
        """Names of the suites that can be run: folders with a suite.yaml, the folder's own eval/suites, then the shipped ones."""
        own = sorted(file.parent.name for file in self.folder.glob("*/suite.yaml"))
        own += sorted(file.stem for file in (self.folder / _SUITES).glob("*.yaml"))
        shipped = [file.stem for file in sorted(content_folder(_SUITES).glob("*.yaml"))]
        needs_nothing = [name for name in shipped if self._data_folder or load_suite(name).folder is not None]
        return tuple(dict.fromkeys((*own, *needs_nothing)))

    def runs(self) -> tuple[str, ...]:
        """Names of the finished runs."""
        return tuple(run_names(self.folder / RUNS_FOLDER))

    def run(
        self,
        suite: str,
        *,
        name: str = "",
        limit: int | None = None,
        progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    ) -> str:
        """Run a suite, keep its values and reports, and return the name of the run, by default the suite's.

        limit: that many questions of each set, a fixed sample. progress: told the stage, how many steps are done, and of how many.
        Raises UsageError for what cannot be run; `report` says whether a run is valid.
        """
        loaded = load_suite(suite, user_folder=self.folder)
        check_name(name or loaded.name)
        ground = Ground(
            data_folder=loaded.folder or self._data_folder or self.folder,
            encoder=self._encoder or load_plugin("tadarag.encoders", "shipped")(),
            language_model=self._language_model,
            progress=progress,
        )
        finished = run_suite(loaded, ground, SuiteOptions(limit=limit), name=name or loaded.name)
        about: dict[str, Any] = {"date": today(), "commit": code_commit(), "machine": machine()}
        save_run(replace(finished, about=about), self.folder / RUNS_FOLDER)
        return finished.name

    def report(self, run: str) -> dict[str, Any]:
        """A finished run as its run.json holds it: every value, means with intervals, and why it is invalid if it is. Raises UsageError."""
        return as_json(load_run(run, folder=self.folder / RUNS_FOLDER))

    def page(self, run: str, *, language: str = "en") -> str:
        """A finished run with tables and plots, as one HTML page that needs nothing beside itself. Raises UsageError when there is none."""
        return html_report(load_run(run, folder=self.folder / RUNS_FOLDER), language=language)
