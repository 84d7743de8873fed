"""A real `tadarag serve` process over loopback, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

TOKEN = "a-token-of-the-tests-0123456789"
_START_SECONDS = 120.0
_JOB_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server, the folder it serves, and a client that has its token."""

    process: subprocess.Popen[str]
    folder: Path
    url: str
    token: str
    client: httpx.Client

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.communicate()
        self.client.close()

    def post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send JSON below /api/v1."""
        return self.client.post(f"/api/v1{path}", json=body)

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        """Ask below /api/v1."""
        return self.client.get(f"/api/v1{path}", params=parameters)

    def upload(self, files: Mapping[str, bytes]) -> httpx.Response:
        """Send files by name."""
        return self.client.post("/api/v1/uploads", files=[("files", (name, content)) for name, content in files.items()])

    def finished(self, job: str) -> dict[str, Any]:
        """A job once it has ended. Raises TimeoutError."""
        deadline = time.monotonic() + _JOB_SECONDS
        while time.monotonic() < deadline:
            document: dict[str, Any] = self.get(f"/jobs/{job}").json()
            if document["state"] not in ("queued", "running"):
                return document
            time.sleep(0.1)
        raise TimeoutError(f"the job {job} has not ended: {document}")

    def ingest(self, *paths: str) -> dict[str, Any]:
        """Read paths of the folder, and wait for it."""
        return self.finished(self.post("/jobs", {"paths": list(paths or ".")}).json()["id"])


def start_server(
    folder: Path, *, encoder: str = "hashing", token: str = TOKEN, options: tuple[str, ...] = (), settings: Mapping[str, str] | None = None
) -> RunningServer:
    """Start a server over a folder and wait until it is ready. token: "" lets it make one. settings: further TADARAG_ variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TADARAG_")}
    environment = {**kept, "XDG_CONFIG_HOME": str(folder / ".config"), **(settings or {})}
    if encoder != "shipped":
        environment["TADARAG_ENCODER"] = encoder
    if token:
        environment["TADARAG_SERVER_TOKEN"] = token
    command = [sys.executable, "-c", "from tadarag.cli.main import run; run()", "serve", str(folder), "--port", "0", "--json", *options]
    log = (folder.parent / f"{folder.name}-server.log").open("a", encoding="utf-8")
    with log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said:
        process.wait()
        raise AssertionError(f"the server did not start: {Path(log.name).read_text(encoding='utf-8')}")
    told = json.loads(said)
    chosen = token or told["token"]
    client = httpx.Client(base_url=told["url"], headers={"Authorization": f"Bearer {chosen}"}, timeout=60, trust_env=False)
    server = RunningServer(process=process, folder=folder, url=told["url"], token=chosen, client=client)
    _await_ready(server)
    return server


def server_log(folder: Path) -> str:
    """What the servers over a folder have written to stderr."""
    return (folder.parent / f"{folder.name}-server.log").read_text(encoding="utf-8")


def _await_ready(server: RunningServer) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if server.client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass  # it listens before it answers
        time.sleep(0.1)
    server.process.kill()
    raise AssertionError(f"the server is not ready: {server_log(server.folder)}")
