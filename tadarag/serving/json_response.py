"""Results as JSON, always with their schema, and never in a form that a browser could take for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response

from tadarag.answer_json import with_schema


def json_response(document: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A document with its schema."""
    return Response(json_bytes(with_schema(document)), status, headers, media_type="application/json")


def json_bytes(document: Mapping[str, object]) -> bytes:
    """UTF-8, with escapes where a name holds what UTF-8 cannot (a file name of broken bytes)."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, allow_nan=False, separators=(",", ":")).encode()


def event_bytes(name: str, document: Mapping[str, object]) -> bytes:
    """A server-sent event; JSON has no line ends outside of escapes, so that no text can end the event or begin another."""
    return f"event: {name}\ndata: ".encode() + json_bytes(document) + b"\n\n"
