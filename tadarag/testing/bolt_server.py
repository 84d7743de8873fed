"""A real Bolt server for tests: ArcadeDB in a process of its own, with two databases, a user who may write and one who may only read."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "arcadedb_embedded"
DATABASES = ("neo", "fresh")
USER, PASSWORD = "root", "writes-and-reads"
READER, READER_PASSWORD = "reader", "only-reads"

_READY = "ready"
_START_SECONDS = 90.0
_READERS = {"resultSetLimit": -1, "readTimeout": -1, "access": [], "types": {"*": {"access": ["readRecord"]}}}
_ADMINS = {
    "resultSetLimit": -1,
    "readTimeout": -1,
    "access": ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
    "types": {"*": {"access": ["createRecord", "readRecord", "updateRecord", "deleteRecord"]}},
}


@dataclass(frozen=True, slots=True)
class BoltServer:
    """A server that runs: its address, and its process id."""

    address: str
    pid: int


@contextmanager
def running_server(folder: Path) -> Iterator[BoltServer]:
    """Start a server whose files are in an empty folder; it ends with the block, and with this process whatever ends that."""
    http, bolt = _free_port(), _free_port()
    log = (folder / "server.log").open("wb")
    command = [sys.executable, "-m", "tadarag.testing.bolt_server", str(folder), str(http), str(bolt)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not (folder / _READY).exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {(folder / 'server.log').read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.05)
        yield BoltServer(f"bolt://127.0.0.1:{bolt}", process.pid)
    finally:
        process.kill()
        process.communicate()
        log.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _serve(folder: Path, http: int, bolt: int) -> None:
    """The server's own process: runs until its stdin is closed."""
    from arcadedb_embedded.server import ArcadeDBServer

    (folder / "config").mkdir()
    groups = {"databases": {"*": {"groups": {"admin": _ADMINS, "readers": _READERS, "*": {**_READERS, "types": {"*": {"access": []}}}}}}}
    (folder / "config" / "server-groups.json").write_text(json.dumps({**groups, "version": 2}), encoding="utf-8")
    config = {"host": "127.0.0.1", "http_port": http, "bolt_port": bolt, "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"}
    server = ArcadeDBServer(root_path=str(folder), root_password=PASSWORD, config=config, jvm_kwargs={"heap_size": "1g"})
    server.start()
    for name in DATABASES:
        server.create_database(name)
    user = {"name": READER, "password": READER_PASSWORD, "databases": {name: ["readers"] for name in DATABASES}}
    _command(http, f"create user {json.dumps(user)}")
    (folder / _READY).touch()
    sys.stdin.read()
    os._exit(0)  # the virtual machine's own threads would keep the process alive


def _command(http: int, command: str) -> None:
    credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{http}/api/v1/server",
        data=json.dumps({"command": command}).encode(),
        headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
