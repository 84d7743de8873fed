"""How often and how much at once a client may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from tadarag.serving.problems import Rejected, response

_MOST_CLIENTS = 10_000
"""How many clients are remembered; a forgotten one begins anew."""


@dataclass(slots=True)
class _Client:
    left: float
    seen: float
    n_at_once: int = 0


class Throttle:
    """A bucket of requests a client, by its address: full at first, filled again evenly over a minute (token bucket).

    Requests with a wrong token count too, so that guessing is slow.
    """

    def __init__(self, app: ASGIApp, *, per_minute: int, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._per_minute, self._at_once, self._clock = app, per_minute, at_once, clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = self._client(scope)
        refusal = self._refusal(client)
        if refusal is not None:
            await response(refusal, scope["path"])(scope, receive, send)
            return
        client.left -= 1
        client.n_at_once += 1
        try:
            await self._app(scope, receive, send)
        finally:
            client.n_at_once -= 1

    def _client(self, scope: Scope) -> _Client:
        address = scope["client"][0] if scope.get("client") else ""
        now = self._clock()
        client = self._clients.setdefault(address, _Client(left=self._per_minute, seen=now))
        client.left = min(self._per_minute, client.left + (now - client.seen) * self._per_minute / 60)
        client.seen = now
        self._clients.move_to_end(address)
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
        return client

    def _refusal(self, client: _Client) -> Rejected | None:
        if client.left < 1:
            wait = max(1, round(60 * (1 - client.left) / self._per_minute))
            return Rejected(429, f"more than {self._per_minute} requests in a minute", f"wait {wait} s", headers={"Retry-After": str(wait)})
        if client.n_at_once >= self._at_once:
            return Rejected(429, f"more than {self._at_once} requests at once", "wait for an answer first", headers={"Retry-After": "1"})
        return None
