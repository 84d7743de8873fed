"""Who may come in: the right host name, the bearer token; and what every answer says to browsers."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tadarag.serving.problems import Rejected, response
from tadarag.serving.tokens import bearer_of, is_token

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""What says nothing but that the server lives."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class SafeHeaders:
    """Every answer says that it is data, for nobody's cache and no other site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)


class TokenDoor:
    """Lets nobody in without the token. is_loopback: the server listens for this computer only, so that only its own names are right."""

    def __init__(self, app: ASGIApp, *, token: str, is_loopback: bool) -> None:
        self._app, self._token, self._is_loopback = app, token, is_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is not None:
            await response(refusal, scope["path"])(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Rejected | None:
        if self._is_loopback and not _names_loopback(scope["headers"]):
            # a page of another site whose name was made to point here (DNS rebinding)
            return Rejected(421, "this server is not of the host that was asked for", "ask 127.0.0.1 or localhost")
        if scope["path"] in OPEN_PATHS or is_token(bearer_of(scope["headers"]), self._token):
            return None
        do = "send it as 'Authorization: Bearer TOKEN'; the server says its token when it starts"
        return Rejected(401, "the token is missing or wrong", do, headers={"WWW-Authenticate": "Bearer"})


def _names_loopback(headers: list[tuple[bytes, bytes]]) -> bool:
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    if len(hosts) != 1:
        return False
    host = hosts[0].lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _LOOPBACK_NAMES
