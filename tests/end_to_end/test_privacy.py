"""Nothing leaves the computer: no process of an ingest, a question, a graph or an outline so much as looks up an address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tadarag.testing.sample_files import pdf

WITNESS = """
import os, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"):
        with open(os.environ["WITNESSED"], "a") as file:
            file.write(f"{event} {arguments[-1]!r}\\n")

sys.addaudithook(note)
"""
"""Loaded by every Python that starts below: of the command itself, and of those that it starts to read hostile formats."""
QUESTION = "Who owns the Ostrevir Yard?"


@pytest.fixture
def witnessed(tmp_path: Path) -> Path:
    """Where each attempt to reach another computer, or this one by the network, would be written."""
    (tmp_path / "witness").mkdir()
    (tmp_path / "witness" / "sitecustomize.py").write_text(WITNESS, encoding="utf-8")
    file = tmp_path / "witnessed"
    file.touch()
    return file


def run(witnessed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the witness, in a folder of a person who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TADARAG_", "OPENAI_"))}
    home = str(witnessed.parent)
    places = {"PYTHONPATH": str(witnessed.parent / "witness"), "WITNESSED": str(witnessed), "HOME": home, "XDG_CONFIG_HOME": home}
    return subprocess.run([sys.executable, *arguments], env={**kept, **places}, capture_output=True, text=True, check=True)


def test_documents_are_read_and_questions_answered_without_a_word_to_anyone(tmp_path: Path, witnessed: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "yard.md").write_text(
        "# The yard\n\nTomas Brandt owns the Ostrevir Yard. See https://example.org/yard.png.\n", encoding="utf-8"
    )
    (docs / "page.html").write_text("<h1>扩港</h1><p>晨星建设公司承建扩港工程。</p><img src='http://example.org/x.png'>", encoding="utf-8")
    (docs / "fares.pdf").write_bytes(pdf([("The fare to Port Hesk is 28 korla and it is paid on board.", 11.0)]))
    command = ("-c", "from tadarag.cli.main import run; run()")
    answered = run(witnessed, *command, "ask", str(docs), QUESTION, "--graph", str(tmp_path / "graph.html"))
    run(witnessed, *command, "outline", str(docs / "fares.pdf"), "--html", str(tmp_path / "outline.html"))
    assert "Tomas Brandt" in answered.stdout
    assert witnessed.read_text(encoding="utf-8") == ""


def test_the_witness_sees_what_a_child_process_would_send(witnessed: Path) -> None:
    reach = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    run(witnessed, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {reach!r}], check=True)")
    assert "socket.connect ('127.0.0.1', 9)" in witnessed.read_text(encoding="utf-8")
