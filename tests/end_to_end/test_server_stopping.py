"""A server that is stopped, or killed, in the middle of a job: nothing is lost, and the next start goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytest.importorskip("fastapi")
pytest.importorskip("mcp")

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.running_server import RunningServer, server_log, start_server

N_DOCUMENTS = 40
N_FIRST = 25


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to serve."""
    made = tmp_path / "docs"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of what a base holds into which all uploads went without a stop."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    (folder / "uploads").mkdir()
    for name, content in uploads().items():
        (folder / "uploads" / name).write_bytes(content)
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(folder)
        return base.digests().truth


def uploads() -> dict[str, bytes]:
    """Documents that take some seconds to read."""
    text = "The ferry left Quillen at noon with {n} people. Ilse Mennick of Harrow counted them on {n} May. "
    return {f"note-{number}.md": (f"# Note {number}\n\n" + text.format(n=number) * 25).encode() for number in range(N_DOCUMENTS)}


def upload_and_wait_for_the_middle(server: RunningServer) -> str:
    """The id of a job that is being done."""
    files = list(uploads().items())
    ids = [server.upload(dict(part)).json()["id"] for part in (files[:N_FIRST], files[N_FIRST:])]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = server.get(f"/jobs/{ids[0]}").json()
        assert job["state"] in ("queued", "running"), "the documents are too few to be stopped in the middle"
        if job["progress"] and job["progress"]["n_done"] >= 3:
            return str(ids[0])
        time.sleep(0.01)
    raise TimeoutError


def wait_for_the_jobs(server: RunningServer) -> list[str]:
    """The states of all jobs once they have ended."""
    return [server.finished(job["id"])["state"] for job in server.get("/jobs").json()["jobs"]]


def check_nothing_is_lost(folder: Path, uninterrupted: str) -> None:
    """The base holds every document that was uploaded, and is as if nobody had been stopped."""
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        assert len(base.list()) == N_DOCUMENTS
        assert not base.verify(deep=True)
        assert base.digests().truth == uninterrupted


def stop_in_the_middle(folder: Path, number: signal.Signals) -> None:
    """Send a signal to a server that reads documents, and see it end in good order."""
    with start_server(folder) as server:
        upload_and_wait_for_the_middle(server)
        server.process.send_signal(number)
        assert server.process.wait(60) == 130
    log = server_log(folder)
    assert "stopping after the document at hand" in log
    assert "interrupted: 2 jobs not done; the next start goes on with them" in log
    assert "Traceback" not in log
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        assert 0 < len(base.list()) < N_DOCUMENTS
        assert not base.verify(deep=True)


def test_ctrl_c_ends_it_after_the_document_at_hand(folder: Path) -> None:
    stop_in_the_middle(folder, signal.SIGINT)


def test_a_signal_ends_it_after_the_document_at_hand_and_the_next_start_does_the_rest(folder: Path, uninterrupted: str) -> None:
    stop_in_the_middle(folder, signal.SIGTERM)
    with start_server(folder) as server:
        assert wait_for_the_jobs(server) == ["done"] * 2
        assert all(job["is_resumed"] for job in server.get("/jobs").json()["jobs"])
    check_nothing_is_lost(folder, uninterrupted)


def test_a_kill_in_the_middle_of_a_job_loses_nothing(folder: Path, uninterrupted: str) -> None:
    with start_server(folder) as server:
        upload_and_wait_for_the_middle(server)
        server.process.kill()
        server.process.wait()
    with start_server(folder) as server:
        assert wait_for_the_jobs(server) == ["done"] * 2
    check_nothing_is_lost(folder, uninterrupted)


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server without documents and without a token of its owner's."""
    folder = tmp_path_factory.mktemp("idle") / "docs"
    folder.mkdir()
    with start_server(folder, token="") as server:
        yield server


def test_without_a_token_one_is_made_and_shown_once(idle: RunningServer) -> None:
    assert len(idle.token) >= 32
    assert idle.get("/status").status_code == 200
    assert httpx.get(f"{idle.url}/api/v1/status", trust_env=False).status_code == 401
    assert idle.token not in server_log(idle.folder)


def test_a_port_that_is_taken_is_said(idle: RunningServer, folder: Path) -> None:
    ran = run(folder, "serve", str(folder), "--port", idle.url.rpartition(":")[2], "--json")
    assert ran.returncode == 2
    assert "choose another --port" in json.loads(ran.stderr)["error"]["do"]


def test_a_server_that_nobody_asks_anything_ends_with_status_0(idle: RunningServer) -> None:
    idle.process.send_signal(signal.SIGTERM)
    assert idle.process.wait(60) == 0


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command line that ends by itself."""
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TADARAG_ENCODER": "hashing"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_beyond_this_computer_a_token_is_needed(folder: Path) -> None:
    ran = run(folder, "serve", str(folder), "--host", "0.0.0.0", "--port", "0")
    assert ran.returncode == 2
    assert "TADARAG_SERVER_TOKEN" in ran.stderr


def test_a_weak_token_is_refused_without_being_repeated(folder: Path) -> None:
    ran = run(folder, "serve", str(folder), "--token", "hunter2", "--port", "0")
    assert ran.returncode == 2
    assert "hunter2" not in ran.stderr
