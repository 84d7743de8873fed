"""A loopback HTTP server that speaks the OpenAI chat protocol and fails in the ways that real endpoints fail."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How one request is answered.

    status: other than 200 gives an error with `error` as its message. break_after: pieces after which the connection is dropped.
    malformed: a piece that is no JSON is sent first. endless: pieces go on until the client leaves. delay_seconds: before the first byte.
    refuses: words; a request whose body holds one gets a 400 that names it, any other is answered.
    """

    text: str = "Velmouth has 21,300 inhabitants [1]."
    status: int = 200
    error: str = "something went wrong"
    retry_after: str = ""
    break_after: int | None = None
    malformed: bool = False
    endless: bool = False
    delay_seconds: float = 0.0
    usage: bool = True
    refuses: tuple[str, ...] = ()


@dataclass(slots=True)
class ScriptedEndpoint:
    """Answers each request with the next turn, the last one again and again; a context manager. requests: the bodies, in order."""

    turns: Sequence[Turn]
    requests: list[dict[str, Any]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ScriptedEndpoint:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._next))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def _next(self, body: dict[str, Any]) -> Turn:
        self.requests.append(body)
        return self.turns[min(len(self.requests), len(self.turns)) - 1]


def _handler(next_turn: Callable[[dict[str, Any]], Turn]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            body: dict[str, Any] = json.loads(raw)
            turn = next_turn(body)
            time.sleep(turn.delay_seconds)
            refused = next((word for word in turn.refuses if f'"{word}"' in raw), "")
            if turn.status != 200 or refused:
                self._fail(turn, refused)
            else:
                self._stream(turn, body)

        def _fail(self, turn: Turn, refused: str) -> None:
            message = f"{refused} is not supported" if refused else turn.error
            payload = json.dumps({"error": {"message": message, "type": "error"}}).encode()
            self.send_response(400 if refused else turn.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            if turn.retry_after:
                self.send_header("Retry-After", turn.retry_after)
            self.end_headers()
            self.wfile.write(payload)

        def _stream(self, turn: Turn, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.close_connection = True
            if turn.malformed:
                self._send("{this is no JSON")
                return
            words = turn.text.split(" ")
            pieces = [words[0], *(f" {word}" for word in words[1:])]
            sent = 0
            while turn.endless or sent < len(pieces):
                if sent == turn.break_after:
                    return
                if not self._send(json.dumps(_chunk(pieces[sent % len(pieces)]))):
                    return
                sent += 1
            self._send(json.dumps(_chunk("", finish="length" if len(words) > int(body["max_tokens"]) else "stop")))
            if turn.usage and body.get("stream_options"):
                self._send(
                    json.dumps(
                        {
                            **_chunk(""),
                            "choices": [],
                            "usage": {"prompt_tokens": 7, "completion_tokens": len(words), "total_tokens": 7 + len(words)},
                        }
                    )
                )
            self._send("[DONE]")

        def _send(self, data: str) -> bool:
            try:
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):  # the client has left, as it should from an endless stream
                return False
            return True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name of the standard library)
            """Silent: a test reads `requests`."""

    return Handler


def _chunk(text: str, *, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chunk",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }
