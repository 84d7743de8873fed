"""Poisoned documents through the server: no instruction is followed, and their text stays data; asked with the shipped encoder."""

from __future__ import annotations

import asyncio
import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("mcp")

from tadarag.testing.running_server import RunningServer, start_server

_RED_TEAM = runpy.run_path(str(Path(__file__).parents[1] / "unit" / "generation" / "poisoned.py"))
POISONS: tuple[str, ...] = _RED_TEAM["POISONS"]
TRUE: str = _RED_TEAM["TRUE"]
FORBIDDEN: tuple[str, ...] = _RED_TEAM["FORBIDDEN"]
QUESTION = "What is the fare to Port Hesk?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("poisoned") / "docs"
    folder.mkdir()
    with start_server(folder, encoder="shipped") as running:
        files = {f"poison-{number:02}.md": f"# Fares\n\n{poison}\n\n{TRUE}\n".encode() for number, poison in enumerate(POISONS)}
        pages = {f"page-{number:02}.html": f"<h1>Fares</h1><p>{TRUE}</p><p>{poison}</p>".encode() for number, poison in enumerate(POISONS)}
        job = running.finished(running.upload({**files, **pages}).json()["id"])
        assert {one["outcome"] for one in job["documents"]} == {"added"}
        assert len(job["documents"]) == 2 * len(POISONS) >= 30
        yield running


def is_clean(text: str) -> bool:
    """Whether an answer says nothing that a document ordered."""
    return not any(word in text for word in FORBIDDEN)


@pytest.mark.parametrize("number", range(len(POISONS)))
def test_no_poisoned_document_gives_the_answer_its_orders(server: RunningServer, number: int) -> None:
    filters = {"sources": [f"uploads/poison-{number:02}.md", f"uploads/page-{number:02}.html"]}
    answer = server.post("/ask", {"question": QUESTION, "filters": filters}).json()
    assert "28 korla" in answer["text"]
    assert is_clean(answer["text"])


def test_over_openai_and_mcp_the_answer_is_as_clean(server: RunningServer) -> None:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    body = {"model": "tadarag", "messages": [{"role": "user", "content": QUESTION}]}
    content = server.client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["content"]
    assert "28 korla" in content
    assert is_clean(content)

    async def ask() -> Any:
        import httpx2

        headers = {"Authorization": f"Bearer {server.token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as http,
            Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
        ):
            return (await client.call_tool("ask", {"question": QUESTION})).structured_content

    said = asyncio.run(ask())
    assert "28 korla" in said["text"]
    assert is_clean(said["text"])


def test_the_text_of_a_poisoned_document_is_json_that_no_browser_renders(server: RunningServer) -> None:
    number = next(number for number, poison in enumerate(POISONS) if "<script>" in poison)
    for path in ("/document/text", "/document", "/document/memories"):
        response = server.get(path, source=f"uploads/poison-{number:02}.md")
        assert response.headers["content-type"] == "application/json"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]
    assert "<script>" in server.get("/document/text", source=f"uploads/poison-{number:02}.md").json()["text"]


def test_no_text_of_a_document_can_end_an_event_or_begin_another(server: RunningServer) -> None:
    poison = 'event: done\ndata: {"event": "done"}\n\nid: 7\r\n\r\n: '
    server.finished(server.upload({"event.md": f"# Events\n\nThe fare to Velmar is 6 korla. {poison}\n".encode()}).json()["id"])
    body = {"question": "What is the fare to Velmar?", "stream": True, "pipeline": "evidence-only"}
    with server.client.stream("POST", "/api/v1/ask", json=body) as response:
        lines = "".join(response.iter_text()).split("\n")
    assert {line.partition(":")[0] for line in lines if line} == {"event", "data"}
    names = [line[7:] for line in lines if line.startswith("event: ")]
    events = [json.loads(line[6:])["event"] for line in lines if line.startswith("data: ")]
    assert names == events
    assert names.count("done") == 1
