"""A body may be so large and come so slowly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tadarag.serving.body_limits import BodyLimits
from tadarag.serving.limits import Limits


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def send_body(pieces: Sequence[bytes], *, path: str = "/other", stated: str = "", waits_after: int = -1) -> tuple[int, bytes]:
    """Status and body of the answer to a request whose body comes in pieces, and never goes on after `waits_after` of them."""
    limits = Limits(body_bytes=10, upload_bytes=100, body_seconds=0.05)
    app = BodyLimits(reads, limits=limits, upload_path="/uploads")
    sent: list[Message] = []
    n_sent = 0

    async def receive() -> Message:
        nonlocal n_sent
        if n_sent == waits_after:
            await asyncio.sleep(60)
        n_sent += 1
        return {"type": "http.request", "body": pieces[n_sent - 1], "more_body": n_sent < len(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", stated.encode())] if stated else []
    await app({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_a_body_within_the_limit_goes_through_whole() -> None:
    assert asyncio.run(send_body([b"12345", b"67890"])) == (200, b"10")


def test_a_body_that_grows_too_large_is_refused() -> None:
    status, body = asyncio.run(send_body([b"12345", b"678901"]))
    assert status == 413
    assert "10 bytes" in json.loads(body)["happened"]


def test_a_body_that_says_it_is_too_large_is_not_passed_on() -> None:
    assert asyncio.run(send_body([b"1" * 11], stated="11"))[0] == 413


def test_uploads_have_a_limit_of_their_own() -> None:
    assert asyncio.run(send_body([b"1" * 100], path="/uploads", stated="100")) == (200, b"100")
    assert asyncio.run(send_body([b"1" * 101], path="/uploads"))[0] == 413


def test_a_body_that_stops_coming_is_given_up() -> None:
    assert asyncio.run(send_body([b"1", b"2"], waits_after=1))[0] == 408
