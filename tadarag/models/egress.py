"""The one decision whether a URL may be contacted: only below an endpoint that the settings name, whoever asks and however it is written."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from tadarag.errors import EndpointError, UsageError

if TYPE_CHECKING:
    import httpx

_PORTS = {"http": 80, "https": 443}
Origin = tuple[str, str, int]


def may_contact(url: str, endpoints: Sequence[str]) -> bool:
    """Whether `url` is an endpoint or lies below one: same scheme, host and port, no user name in it, and a path that does not climb out.

    No address of a document, a request or a redirect ever becomes an endpoint. An endpoint that is none itself allows nothing.
    """
    wanted = _place(url)
    return wanted is not None and any(_is_below(wanted, place) for endpoint in endpoints if (place := _place(endpoint)) is not None)


def check_endpoint(url: str, *, setting: str = "model.url") -> str:
    """The URL itself when it can be an endpoint. Raises UsageError for another scheme, no host, or credentials in it.

    setting: where the person stated it.
    """
    if _place(url) is None:
        raise UsageError(
            f"{setting} is not the address of an endpoint", "write http:// or https://, the host, and no name or password: http://host/v1"
        )
    return url


def guarded_client(endpoints: Sequence[str], *, timeout_seconds: float) -> httpx.Client:
    """A client for a model that contacts these endpoints only; it raises EndpointError before anything else is contacted, redirects too."""
    import httpx  # loaded when a model is called

    def check(request: httpx.Request) -> None:
        if not may_contact(str(request.url), endpoints):
            raise EndpointError(
                "the endpoint of the model sends its callers to another address", "state the address that is meant as the model's endpoint"
            )

    return httpx.Client(timeout=timeout_seconds, follow_redirects=True, event_hooks={"request": [check]})


def _place(url: str) -> tuple[Origin, str] | None:
    """Origin and normal path of a URL; None for one that nobody may contact."""
    if any(character <= " " or character == "\x7f" or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
        origin = _origin(parts)
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    if origin is None:
        return None
    path = unquote(unquote(parts.path))  # twice: a server may decode what a proxy has decoded
    if "\\" in path or ".." in path.split("/"):
        return None
    return origin, posixpath.normpath("/" + path.lstrip("/"))


def _origin(parts: SplitResult) -> Origin | None:
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or "%" in parts.netloc or not host.isascii():
        return None
    return parts.scheme, host, parts.port or _PORTS[parts.scheme]


def _is_below(wanted: tuple[Origin, str], place: tuple[Origin, str]) -> bool:
    origin, path = place
    return wanted[0] == origin and (wanted[1] == path or wanted[1].startswith(path.rstrip("/") + "/"))
