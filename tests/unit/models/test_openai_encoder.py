"""The OpenAI-compatible encoder against a real server on loopback: what it sends, and what it says when the endpoint misbehaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import numpy as np
import pytest

from tadarag.errors import EncoderBroken, EndpointError, UsageError
from tadarag.models.openai_encoder import OpenAIEncoder
from tadarag.values import Span


class Server(ThreadingHTTPServer):
    """Answers each request with the next prepared status and body; remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[tuple[int, str]] = []
        self.requests: list[dict[str, Any]] = []
        self.redirect = ""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, body = self.server.replies.pop(0)
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if self.server.redirect:
            self.send_header("Location", self.server.redirect)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the name is http.server's)
        return


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def open_encoder(server: Server, **options: Any) -> OpenAIEncoder:
    return OpenAIEncoder("small", base_url=f"http://127.0.0.1:{server.server_address[1]}/v1", api_key="secret-key", retries=0, **options)


def vectors(*rows: list[float]) -> tuple[int, str]:
    data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)]
    return 200, json.dumps({"object": "list", "model": "small", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


def test_a_text_and_its_sentences_go_out_in_one_request_with_prefixes(server: Server) -> None:
    server.replies = [vectors([3, 4], [1, 0], [0, 2])]
    encoded = open_encoder(server, passage_prefix="passage: ").read("One. Two.", [Span(0, 4), Span(4, 5), Span(5, 9)])
    assert server.requests[0]["input"] == ["passage: One. Two.", "passage: One.", "passage: Two."]
    assert encoded.vector == pytest.approx([0.6, 0.8])
    assert encoded.sentence_vectors == pytest.approx(np.array([[1, 0], [0.6, 0.8], [0, 1]]))  # the blank one has the text's vector


def test_a_long_text_is_cut_before_it_is_sent(server: Server) -> None:
    server.replies = [vectors([1, 0], [0, 1])]
    encoded = open_encoder(server, max_characters=6).read("abcdefghij", [Span(0, 3), Span(4, 9)])
    assert server.requests[0]["input"] == ["abcdef", "abc"]
    assert encoded.sentence_vectors[1] == pytest.approx([1, 0])


def test_the_dimension_is_asked_once(server: Server) -> None:
    server.replies = [vectors([1, 0, 0])]
    encoder = open_encoder(server)
    assert encoder.dimension == encoder.dimension == 3


def test_the_fingerprint_covers_model_and_prefixes_but_not_the_address(server: Server) -> None:
    elsewhere = OpenAIEncoder("small", base_url="http://127.0.0.1:9/v1", api_key="other")
    assert open_encoder(server).fingerprint == elsewhere.fingerprint
    assert open_encoder(server, query_prefix="q: ").fingerprint != elsewhere.fingerprint


@pytest.mark.parametrize(
    "reply",
    [
        (500, "{}"),
        (429, '{"error": {"message": "slow down"}}'),
        (401, '{"error": {"message": "bad key"}}'),
        (200, "not json"),
        (200, "{}"),
        (200, "[]"),
        (200, '{"data": null}'),
        (200, '{"data": [{"index": 0}]}'),
        (200, '{"data": [{"index": 0, "embedding": "AAAA"}]}'),
        (200, '{"data": [{"index": 0, "embedding": ["x", null]}]}'),
        (200, '{"data": [{"index": 0, "embedding": []}]}'),
        (200, '{"data": [{"index": 1, "embedding": [1, 0]}]}'),
        vectors([1, 0], [0, 1]),
    ],
)
def test_a_useless_reply_is_an_endpoint_error_without_the_key(server: Server, reply: tuple[int, str]) -> None:
    server.replies = [reply]
    with pytest.raises(EndpointError) as failure:
        open_encoder(server).read("text")
    assert "small" in str(failure.value) or "embeddings" in str(failure.value)
    assert "secret-key" not in str(failure.value)


def test_a_zero_vector_is_refused(server: Server) -> None:
    server.replies = [vectors([0, 0])]
    with pytest.raises(EncoderBroken, match="small"):
        open_encoder(server).read("text")


def test_a_server_that_is_down_is_an_endpoint_error() -> None:
    with pytest.raises(EndpointError, match="embeddings"):
        OpenAIEncoder("small", base_url="http://127.0.0.1:9/v1", api_key="none", retries=0).read("text")


def test_an_endpoint_that_sends_its_callers_elsewhere_is_not_followed(server: Server) -> None:
    elsewhere = Server()
    server.redirect = f"http://127.0.0.1:{elsewhere.server_address[1]}/v1/embeddings"
    server.replies = [(307, "")]
    with pytest.raises(EndpointError, match="sends its callers to another address"):
        open_encoder(server).read("a text of mine")
    elsewhere.server_close()
    assert not elsewhere.requests


@pytest.mark.parametrize("url", ["file:///etc", "http://name:secret@host/v1"])
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="base_url") as refused:
        OpenAIEncoder("small", base_url=url, api_key="none")
    assert "secret" not in str(refused.value)


def test_the_endpoint_of_the_environment_is_the_one_that_is_contacted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_address[1]}/v1")
    server.replies = [vectors([3, 4])]
    assert OpenAIEncoder("small", api_key="none").read("text").vector == pytest.approx([0.6, 0.8])


def test_a_missing_key_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EndpointError, match="OPENAI_API_KEY"):
        OpenAIEncoder("small")


def test_a_chinese_character_counts_as_one_token_and_four_bytes_of_english_as_one() -> None:
    encoder = OpenAIEncoder("small", api_key="none")
    assert encoder.count_tokens("桥由林海设计") == 6
    assert encoder.count_tokens("abcdefgh") == 2
