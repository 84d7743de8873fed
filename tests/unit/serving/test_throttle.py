"""A client may ask so often and so much at once; another client is not its concern."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tadarag.serving.throttle import Throttle


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def ok(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


async def ask(throttle: Throttle, client: str = "10.0.0.1") -> tuple[int, dict[str, str]]:
    """Status and headers of one request."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await throttle({"type": "http", "path": "/", "method": "GET", "client": (client, 1), "headers": []}, receive, send)
    headers: Any = sent[0]["headers"]
    return sent[0]["status"], {name.decode(): value.decode() for name, value in headers}


def test_a_client_that_asks_too_often_is_told_how_long_to_wait() -> None:
    async def work() -> None:
        clock = Clock()
        throttle = Throttle(ok, per_minute=3, at_once=10, clock=clock)
        assert [(await ask(throttle))[0] for _ in range(4)] == [200, 200, 200, 429]
        _, headers = await ask(throttle)
        clock.now += int(headers["retry-after"])
        assert (await ask(throttle))[0] == 200

    asyncio.run(work())


def test_another_client_is_not_throttled_with_it() -> None:
    async def work() -> None:
        throttle = Throttle(ok, per_minute=1, at_once=10, clock=Clock())
        assert [(await ask(throttle, client))[0] for client in ("a", "a", "b")] == [200, 429, 200]

    asyncio.run(work())


def test_only_so_many_requests_of_a_client_are_answered_at_once() -> None:
    async def work() -> None:
        gate = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await gate.wait()
            await ok(scope, receive, send)

        throttle = Throttle(slow, per_minute=100, at_once=2, clock=Clock())
        waiting = [asyncio.create_task(ask(throttle)) for _ in range(2)]
        await asyncio.sleep(0)
        assert (await ask(throttle))[0] == 429
        gate.set()
        assert [status for status, _ in await asyncio.gather(*waiting)] == [200, 200]
        assert (await ask(throttle))[0] == 200

    asyncio.run(work())


@given(per_minute=st.integers(1, 20), pauses=st.lists(st.floats(0, 30), max_size=40))
def test_no_client_is_answered_more_than_its_bucket_and_what_flowed_in(per_minute: int, pauses: list[float]) -> None:
    async def work() -> None:
        clock = Clock()
        throttle = Throttle(ok, per_minute=per_minute, at_once=10, clock=clock)
        n_answered = 0
        for pause in pauses:
            clock.now += pause
            n_answered += (await ask(throttle))[0] == 200
        assert n_answered <= per_minute + clock.now * per_minute / 60 + 1e-6

    asyncio.run(work())
