"""How large a request's body may be, and how slowly it may come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tadarag.serving.limits import Limits
from tadarag.serving.problems import Rejected, response

_DRAIN_SECONDS = 5.0
_CLOSE = {"Connection": "close"}  # what is left of the body is not read


class BodyLimits:
    """Refuses bodies that are too large, by what they say or by what comes, and those that come too slowly.

    upload_path: the one place that takes uploads; everywhere else a body is a few lines of JSON.
    """

    def __init__(self, app: ASGIApp, *, limits: Limits, upload_path: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._limits, self._upload_path, self._clock = app, limits, upload_path, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._limits.upload_bytes if scope["path"] == self._upload_path else self._limits.body_bytes
        stated = _stated_length(scope["headers"])
        if stated is not None and stated > most:
            await _drain(receive)
            await response(_too_large(most), scope["path"])(scope, receive, send)
            return
        body = _Body(receive, most=most, limits=self._limits, clock=self._clock)
        has_begun = False

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, body.receive, watch)
        except Rejected as refusal:  # from a reader of the body that is not FastAPI's, such as MCP's
            if has_begun:
                raise
            await response(refusal, scope["path"])(scope, receive, send)


class _Body:
    """The body of one request as it comes in."""

    def __init__(self, receive: Receive, *, most: int, limits: Limits, clock: Callable[[], float]) -> None:
        self._receive, self._most, self._limits, self._clock = receive, most, limits, clock
        self._began = clock()
        self._n_bytes = 0
        self._is_complete = False

    async def receive(self) -> Message:
        """The next message. Raises Rejected (408, 413)."""
        if self._is_complete:
            return await self._receive()  # waits for the client to go away, which takes as long as the answer
        allowed = self._limits.body_seconds + self._n_bytes / self._limits.body_bytes_per_second
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._began + allowed - self._clock()))
        except TimeoutError:
            raise Rejected(408, "the body came too slowly", "send it again over a better connection", headers=_CLOSE) from None
        if message["type"] == "http.request":
            self._n_bytes += len(message.get("body", b""))
            self._is_complete = not message.get("more_body", False)
        if self._n_bytes > self._most:
            if not self._is_complete:
                await _drain(self._receive)
            raise _too_large(self._most)
        return message


async def _drain(receive: Receive) -> None:
    """Read and drop what still comes, for a while: a client that is cut off while it sends never sees why."""
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass
    except TimeoutError:
        return


def _stated_length(headers: list[tuple[bytes, bytes]]) -> int | None:
    for name, value in headers:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def _too_large(most: int) -> Rejected:
    return Rejected(413, f"the body is larger than {most} bytes", "send less at once", headers=_CLOSE)
