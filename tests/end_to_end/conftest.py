"""A folder with a few documents, and the command line run in this process the way the console script runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tadarag.cli.main import main

DOCUMENTS = {
    "harbour.md": (
        "---\ndate: 2024-04-02\n---\n# Harbour office\n\n## Appointments\n\n"
        "Ilse Mennick took over as harbour master of Quillen on 1 April 2024. "
        "She follows Tomas Brandt, who led the office for nine years.\n"
    ),
    "ferry.txt": (
        "The ferry Dusk\n\nThe ferry Dusk was built in 1998 by the Ostrevir yard. It carries 240 passengers and 30 cars. "
        "Its home port is Quillen.\n"
    ),
    "中文.md": "# 扩港工程\n\n奎伦湾扩港工程由晨星建设公司承建。工程于2025年9月开工，预计2028年完成。\n",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, no settings of the person who runs the tests, and the hashing encoder, which needs no model."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TADARAG_ENCODER", "hashing")
    for name in ("TADARAG_BASE", "TADARAG_PIPELINE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def docs(work: Path) -> Path:
    """A folder `docs` with three documents."""
    folder = work / "docs"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run(work: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line and say what it left."""

    def run_once(*arguments: str) -> Ran:
        capsys.readouterr()
        status = main(list(arguments))
        captured = capsys.readouterr()
        return Ran(int(status), captured.out, captured.err)

    return run_once
