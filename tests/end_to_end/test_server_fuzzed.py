"""schemathesis reads the OpenAPI document and sends what it allows and what it does not: the server never fails, and answers as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("mcp")
schemathesis = pytest.importorskip("schemathesis")

from hypothesis import HealthCheck, given, settings  # noqa: E402 (after the skips)
from hypothesis import strategies as st  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance  # noqa: E402

from tadarag.testing.running_server import RunningServer, server_log, start_server  # noqa: E402

N_EXAMPLES = 12
N_CLIENTS = 10
N_SEARCHES = 200


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("fuzzed") / "docs"
    folder.mkdir()
    for number in range(3):
        text = f"# Note {number}\n\nIlse Mennick of Quillen wrote note {number} on {number + 1} May 2024.\n"
        (folder / f"note-{number}.md").write_text(text, encoding="utf-8")
    with start_server(folder, settings={"TADARAG_SERVER_REQUESTS_PER_MINUTE": "1000000"}) as running:
        running.ingest()
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE], ids=["allowed", "not allowed"]
)
def test_whatever_is_sent_the_server_does_not_fail_and_answers_as_it_says(server: RunningServer, mode: Any) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    schema = schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json", headers=headers)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:
        _send(operation.as_strategy(generation_mode=mode), headers, is_schema_given=operation.path not in _STREAMS)


_STREAMS = ("/api/v1/ask", "/v1/chat/completions")  # answer with events or JSON, as the request wishes


def _send(cases: st.SearchStrategy[Any], headers: dict[str, str], *, is_schema_given: bool) -> None:
    checks = [not_a_server_error, status_code_conformance, content_type_conformance]

    @settings(max_examples=N_EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=[*checks, response_schema_conformance] if is_schema_given else checks)

    with suppress(Unsatisfiable):  # an operation without parameters has no wrong requests
        send()


def test_many_clients_search_while_an_ingest_runs_and_none_meets_an_error(server: RunningServer) -> None:
    files = {f"load-{number}.md": f"# Load {number}\n\nThe tram {number} to Velden left. ".encode() * 20 for number in range(80)}
    job = server.upload(files).json()["id"]

    def search(number: int) -> int:
        response = server.post("/search", {"query": f"tram {number} to Velden", "limit": 5})
        return response.status_code if "hits" in response.json() else 0

    with ThreadPoolExecutor(N_CLIENTS) as clients:
        statuses = list(clients.map(search, range(N_SEARCHES)))
    assert statuses == [200] * N_SEARCHES
    assert server.finished(job)["state"] == "done"
    assert "Traceback" not in server_log(server.folder)
    assert json.loads(server.get("/status").text)["n_documents"] >= 83
