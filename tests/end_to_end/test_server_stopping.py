"""A server that is stopped, or killed, in the middle of a job: nothing is lost, and the next start goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

pytest.importorskip("fastapi")
pytest.importorskip("mcp")

from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.running_server import RunningServer, server_log, start_server

N_DOCUMENTS = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to serve."""
    made = tmp_path / "docs"
    made.mkdir()
    return made


def uploads() -> dict[str, bytes]:
    """Documents that take some seconds to read."""
    text = "The ferry left Quillen at noon with {n} people. Ilse Mennick of Harrow counted them on {n} May. "
    return {f"note-{number}.md": (f"# Note {number}\n\n" + text.format(n=number) * 40).encode() for number in range(N_DOCUMENTS)}


def upload_and_wait_for_the_middle(server: RunningServer) -> str:
    """The id of a job that is being done."""
    files = list(uploads().items())
    ids = [server.upload(dict(part)).json()["id"] for part in (files[:100], files[100:])]
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


def check_nothing_is_lost(folder: Path) -> None:
    """The base holds every document that was uploaded, and is as if nobody had been stopped."""
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), workers=1) as base:
        assert len(base.list()) == N_DOCUMENTS
        assert not base.verify(deep=True)
        stopped = base.digests(["How many people?"])
    again = folder.parent / "again"
    (again / "uploads").mkdir(parents=True)
    for name, content in uploads().items():
        (again / "uploads" / name).write_bytes(content)
    with KnowledgeBase.open(again, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(again)
        assert base.digests(["How many people?"]).truth == stopped.truth


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_after_the_document_at_hand_and_the_next_start_does_the_rest(folder: Path, number: signal.Signals) -> None:
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
    with start_server(folder) as server:
        assert wait_for_the_jobs(server) == ["done"] * 2
        assert all(job["is_resumed"] for job in server.get("/jobs").json()["jobs"])
    check_nothing_is_lost(folder)


def test_a_kill_in_the_middle_of_a_job_loses_nothing(folder: Path) -> None:
    with start_server(folder) as server:
        upload_and_wait_for_the_middle(server)
        server.process.kill()
        server.process.wait()
    with start_server(folder) as server:
        assert wait_for_the_jobs(server) == ["done"] * 2
    check_nothing_is_lost(folder)


def test_an_idle_server_ends_with_status_0(folder: Path) -> None:
    with start_server(folder) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0


def test_without_a_token_one_is_made_and_shown_once(folder: Path) -> None:
    with start_server(folder, token="") as server:
        assert len(server.token) >= 32
        assert server.get("/status").status_code == 200
        assert httpx.get(f"{server.url}/api/v1/status", trust_env=False).status_code == 401
    assert server.token not in server_log(folder)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command line that ends by itself."""
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TADARAG_ENCODER": "hashing"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org"])
def test_beyond_this_computer_a_token_is_needed(folder: Path, host: str) -> None:
    ran = run(folder, "serve", str(folder), "--host", host, "--port", "0")
    assert ran.returncode == 2
    assert "TADARAG_SERVER_TOKEN" in ran.stderr


def test_a_weak_token_is_refused_without_being_repeated(folder: Path) -> None:
    ran = run(folder, "serve", str(folder), "--token", "hunter2", "--port", "0")
    assert ran.returncode == 2
    assert "hunter2" not in ran.stderr


def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with start_server(folder) as server:
        other = folder.parent / "other"
        other.mkdir()
        ran = run(other, "serve", str(other), "--port", server.url.rpartition(":")[2], "--json")
    assert ran.returncode == 2
    assert "choose another --port" in json.loads(ran.stderr)["error"]["do"]
