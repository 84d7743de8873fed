"""Searches of many clients at once while an ingest runs: how many fail (none should), and how long they take.

A real server over loopback reads one half of the documents first; the other half is uploaded while the clients search.

    python eval/benchmarks/server_load.py --clients 50 --searches 2000
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from reporting import report

from tadarag.testing.running_server import RunningServer, start_server

PEOPLE = ("Ilse Mennick", "Tomas Brandt", "Anna Holm", "Bo Ostrevir", "林晨", "周远")
PLACES = ("Quillen", "Velden", "Port Hesk", "Harrow", "奎伦湾", "Tarnwick")
UPLOAD = 50
"""Documents in one upload."""


def document(number: int) -> bytes:
    """A document of about 30 sentences, a pure function of its number."""
    generator = random.Random(number)
    sentences = [
        f"{generator.choice(PEOPLE)} counted {generator.randrange(1000)} passengers from {generator.choice(PLACES)} "
        f"to {generator.choice(PLACES)} on {generator.randrange(1, 29)} May {generator.randrange(1990, 2025)}."
        for _ in range(30)
    ]
    return f"# Log {number}\n\n{' '.join(sentences)}\n".encode()


def upload(server: RunningServer, numbers: range) -> list[str]:
    """Ids of the jobs that read these documents."""
    parts = [range(first, min(first + UPLOAD, numbers.stop)) for first in range(numbers.start, numbers.stop, UPLOAD)]
    return [server.upload({f"log-{number}.md": document(number) for number in part}).json()["id"] for part in parts]


def search(client: httpx.Client, number: int) -> tuple[float, str]:
    """Seconds and outcome of one search."""
    generator = random.Random(f"query {number}")
    body: dict[str, Any] = {"query": f"Who counted passengers from {generator.choice(PLACES)} in {generator.randrange(1990, 2025)}?"}
    began = time.perf_counter()
    try:
        response = client.post("/api/v1/search", json=body)
    except httpx.HTTPError as error:
        return time.perf_counter() - began, type(error).__name__
    outcome = "found" if response.status_code == 200 and response.json()["hits"] else f"HTTP {response.status_code}"
    return time.perf_counter() - began, outcome


def measure(server: RunningServer, *, n_clients: int, n_searches: int, n_documents: int) -> dict[str, Any]:
    """Search with all clients until the searches are used up, while the second half of the documents is read."""
    for job in upload(server, range(n_documents // 2)):
        assert server.finished(job)["state"] == "done"
    jobs = upload(server, range(n_documents // 2, n_documents))

    def client_of(first: int) -> list[tuple[float, str]]:
        headers = {"Authorization": f"Bearer {server.token}"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=120, trust_env=False) as client:
            return [search(client, number) for number in range(first, n_searches, n_clients)]

    began = time.perf_counter()
    with ThreadPoolExecutor(n_clients) as clients:
        done = [one for part in clients.map(client_of, range(n_clients)) for one in part]
    seconds = time.perf_counter() - began
    n_running = sum(server.get(f"/jobs/{job}").json()["state"] in ("queued", "running") for job in jobs)
    states = Counter(server.finished(job)["state"] for job in jobs)
    cuts = quantiles([took for took, _ in done], n=100)
    outcomes = Counter(outcome for _, outcome in done)
    return {
        "clients": n_clients,
        "searches": len(done),
        "errors": len(done) - outcomes["found"],
        "outcomes": dict(sorted(outcomes.items())),
        "seconds": round(seconds, 1),
        "searches_per_second": round(len(done) / seconds, 1),
        "p50_ms": round(1000 * cuts[49], 1),
        "p95_ms": round(1000 * cuts[94], 1),
        "p99_ms": round(1000 * cuts[98], 1),
        "jobs_still_running_at_the_end": n_running,
        "jobs": dict(sorted(states.items())),
        "documents": server.get("/status").json()["n_documents"],
        "passages": server.get("/status").json()["n_passages"],
    }


def main() -> None:
    """Read the command line, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--searches", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--encoder", default="shipped", help="shipped, or hashing to leave the model out")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place) / "documents"
        folder.mkdir()
        with start_server(folder, encoder=given.encoder) as server:
            figures = measure(server, n_clients=given.clients, n_searches=given.searches, n_documents=given.documents)
    report("server_load", seed=0, figures={"encoder": given.encoder, **figures}, out=given.out)
    raise SystemExit(bool(figures["errors"]))


if __name__ == "__main__":
    main()
