"""Every block of README and docs that a reader would copy runs, from the top of its page to the bottom, and prints what the page shows."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from tadarag import KnowledgeBase
from tadarag.cli.main import main
from tadarag.cli.settings import KEYS
from tadarag.content import content_folder
from tadarag.testing import bolt_server

from .doc_pages import ROOT, Block, blocks, commands, fits, is_a_shell_line, name_of, pages_with

pytestmark = pytest.mark.docs

_NOT_RUN = ("pip install ", "make ", "cd ", "git clone ")
"""Commands of a console block that set things up: what they do is tested by installing, not here."""

_NEEDS = {
    "docs/how-to/server.md": ("fastapi", "uvicorn", "multipart", "prometheus_client", "mcp", "openai"),
    "docs/how-to/frameworks.md": ("llama_index", "langchain_core", "haystack", "spacy"),
    "docs/how-to/neo4j.md": ("neo4j", bolt_server.PACKAGE),
}
"""Packages of extras, without which a page cannot be run."""

_SHOWN_ONLY = {
    ("docs/document-memories.md", "tadarag init"): "the builder asks a language model",
    ("docs/document-memories.md", "tadarag ingest"): "asks a language model",
    ("docs/document-memories.md", "export TADARAG_MODEL_URL"): "an endpoint of the reader's",
    ("docs/quick-start.md", "export TADARAG_MODEL_URL"): "an endpoint of the reader's",
    ("docs/quick-start.md", "tadarag ask"): "asks a language model",
    ("docs/extraction.md", "tadarag ingest"): "a language model, or weights from elsewhere",
    ("docs/evaluation.md", "tadarag eval"): "question sets that do not ship; tests/unit/evaluation measures on small ones",
    ("docs/how-to/evaluate.md", "tadarag eval"): "minutes of reading and asking; tests/unit/evaluation runs a new suite and compares runs",
    ("docs/routing.md", "python -m tadarag.training"): "training data that do not ship",
    ("docs/training.md", "$ tadarag train"): "training data that do not ship",
    ("docs/how-to/own-extractor.md", "pip "): "needs torch and labelled pages; tests/end_to_end/test_train_adapt.py does it",
    ("docs/how-to/own-extractor.md", "tadarag "): "needs torch and labelled pages; tests/end_to_end/test_train_adapt.py does it",
    ("docs/training-answerer.md", "pip "): "training data that do not ship",
    ("docs/training-answerer.md", "tadarag train"): "training data that do not ship",
    ("docs/training-causal.md", "pip "): "needs torch; tests/unit/training/causal runs the smallest recipe",
    ("docs/training-causal.md", "tadarag train"): "needs torch; tests/unit/training/causal runs the smallest recipe",
    ("docs/training-extractor.md", "pip "): "training data that do not ship",
    ("docs/training-extractor.md", "tadarag train"): "training data that do not ship",
    ("docs/training-memory-reader.md", "pip "): "needs torch; tests/unit/training/memory_reader runs the smallest recipe",
    ("docs/training-memory-reader.md", "tadarag "): "needs torch; tests/unit/training/memory_reader runs the smallest recipe",
    ("docs/training-policy.md", "tadarag train"): "training data that do not ship",
}
"""Commands in blocks that are shown and not run: how they begin on their page, and why. Whatever needs no model, no data from elsewhere and no
browser is run."""

_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d{4,5}(?!\d)|(?<=--port )\d{4,5}")
_SECONDS_TO_START = 60.0


@pytest.fixture(scope="module")
def sample_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample documents, read once with the shipped encoder."""
    folder = tmp_path_factory.mktemp("read-once") / "samples"
    shutil.copytree(content_folder("data/samples") / "documents", folder)
    with KnowledgeBase.open(folder) as base:
        base.ingest(folder)
    return folder


@pytest.fixture
def work(sample_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a reader: `samples` is there and has been read, no settings of the person who runs the tests."""
    shutil.copytree(sample_base, tmp_path / "samples")
    shutil.copytree(ROOT / "apps", tmp_path / "apps", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    for key in KEYS:
        monkeypatch.delenv(key.variable, raising=False)
    return tmp_path


@pytest.mark.parametrize("page", pages_with("python", "console"))
def test_the_blocks_of_a_page_run_from_top_to_bottom(
    page: str, work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = [name for name in _NEEDS.get(page, ()) if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    ports: dict[str, str] = {}
    with ExitStack() as running:
        given = _bolt_server(running, work / "bolt", ports) if page == "docs/how-to/neo4j.md" else {}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        for block in blocks("python", "console", page=page):
            if block.language == "python":
                script = work / f"block_{block.line}.py"
                script.write_text(_with_free_ports(block.body, ports), encoding="utf-8")
                _run_python(script, in_a_process=page in _NEEDS)
                continue
            for command, shown in commands(block):
                typed = _with_free_ports(command, ports)
                if typed.endswith(" &"):
                    running.callback(_end, _start(block, typed.removesuffix(" &"), ports))
                elif typed.startswith("export "):
                    name, _, value = typed.removeprefix("export ").partition("=")
                    monkeypatch.setenv(name, given.get(name, value))
                elif not typed.startswith(_NOT_RUN):
                    printed = _printed(block, typed, capsys)
                    assert fits(printed, _with_free_ports(shown, ports)), f"{block}: {command!r} gave\n{printed}"


def _run_python(script: Path, *, in_a_process: bool) -> None:
    """in_a_process: for libraries that do not take to the captured output of this one, or that are slow to import."""
    if not in_a_process:
        runpy.run_path(str(script), run_name="__main__")
        return
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300, encoding="utf-8")
    assert done.returncode == 0, f"{script.name}: {done.stderr}"


def _bolt_server(running: ExitStack, folder: Path, ports: dict[str, str]) -> dict[str, str]:
    """Start a server where the page has one at Bolt's own port; returns the variables by which it is asked."""
    folder.mkdir()
    server = running.enter_context(bolt_server.running_server(folder))
    ports["7687"] = server.address.rpartition(":")[2]
    return {"TADARAG_NEO4J_USER": bolt_server.USER, "TADARAG_NEO4J_PASSWORD": bolt_server.PASSWORD, "TADARAG_NEO4J_DATABASE": "neo"}


def _printed(block: Block, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(os.path.expandvars(command))
    if words[0] == "tadarag":
        capsys.readouterr()
        status = main(words[1:])
        printed = capsys.readouterr()
        assert status == 0, f"{block}: {command!r} failed: {printed.err}"
        return printed.out
    if words[0] == "mkdir":
        Path(words[1]).mkdir()
        return ""
    programs = {"python": sys.executable, "curl": shutil.which("curl")}
    assert words[0] in programs, f"{block}: this test does not run {command!r}"
    program = programs[words[0]]
    if program is None:
        pytest.skip(f"{words[0]} is not on the PATH")
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False, timeout=120, encoding="utf-8")
    assert done.returncode == 0, f"{block}: {command!r} failed: {done.stderr}"
    return done.stdout


def _with_free_ports(text: str, ports: dict[str, str]) -> str:
    """The text with each port of this computer that the page names replaced by a free one, the same throughout the page."""
    for port in _PORT.findall(text):
        if port not in ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                ports[port] = str(probe.getsockname()[1])
    return _PORT.sub(lambda found: ports[found[0]], text)


def _start(block: Block, command: str, ports: dict[str, str]) -> subprocess.Popen[bytes]:
    words = shlex.split(os.path.expandvars(command))
    assert words[0] == "tadarag", f"{block}: this test does not start {command!r}"
    process = subprocess.Popen([Path(sys.executable).parent / "tadarag", *words[1:]], stdout=subprocess.DEVNULL)
    port = next(port for port in ports.values() if port in words)
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{block}: {command!r} ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return process
        time.sleep(0.1)
    _end(process)
    raise AssertionError(f"{block}: {command!r} does not answer on port {port}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=30)


def test_a_page_that_shows_other_output_is_found() -> None:
    assert fits("the answer is 42 [1]\n", "the answer is … [1]")
    assert not fits("the answer is 42 [1]\n", "the answer is 41 [1]")


def test_a_port_of_a_page_is_one_free_port_throughout_the_page() -> None:
    ports: dict[str, str] = {}
    started = _with_free_ports("tadarag serve samples --port 8321 &", ports)
    asked = _with_free_ports("curl http://127.0.0.1:8321/health", ports)
    assert asked == f"curl http://127.0.0.1:{ports['8321']}/health"
    assert started.endswith(f" {ports['8321']} &")


def test_commands_that_are_shown_and_not_run_are_listed_with_a_reason() -> None:
    shown = [(name_of(block.page), line) for block in blocks("text", "sh", "bash", "") for line in block.body.splitlines()]
    typed = [(page, line) for page, line in shown if page != "docs/cli.md" and is_a_shell_line(line)]
    assert [(page, line) for page, line in typed if not any(page == one and line.startswith(words) for one, words in _SHOWN_ONLY)] == []
    assert [(one, words) for one, words in _SHOWN_ONLY if not any(page == one and line.startswith(words) for page, line in typed)] == []
