"""The bearer token: made, read from a request, and compared without telling by time how much of it was right."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets

from tadarag.errors import UsageError

SHORTEST = 16
_SCHEME = b"bearer "


def new_token() -> str:
    """A token of 256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


def check_token(token: str) -> str:
    """The token itself. Raises UsageError for one that is too short to hold or that no header can carry; the message does not hold it."""
    if len(token) < SHORTEST or not all("!" <= character <= "~" for character in token):
        raise UsageError(
            f"the token is shorter than {SHORTEST} characters, or holds spaces or characters beyond ASCII",
            'make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return token


def bearer_of(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The token that a request carries, b"" where it carries none or two."""
    given = [value for name, value in headers if name.lower() == b"authorization"]
    if len(given) != 1 or given[0][: len(_SCHEME)].lower() != _SCHEME:
        return b""
    return given[0][len(_SCHEME) :].strip()


def is_token(given: bytes, expected: str) -> bool:
    """Whether they are equal, in a time that depends on neither."""
    return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(expected.encode()).digest())


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches a server that listens at `host`. A name other than localhost may be anything, so it is not."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
