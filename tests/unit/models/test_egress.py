"""Nothing but the endpoints of the settings is ever contacted."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tadarag.errors import EndpointError, UsageError
from tadarag.models.egress import check_endpoint, guarded_client, may_contact

ENDPOINT = "http://127.0.0.1:11434/v1"
_PARTS = st.sampled_from(
    [
        "http://",
        "https://",
        "file://",
        "127.0.0.1",
        ":11434",
        ":80",
        "@",
        "evil.example",
        "/v1",
        "/..",
        "/%2e%2e",
        "\\",
        "#",
        "?",
        "/chat",
        "[::1]",
        "\t",
        "\n",
        "。",
        "%00",
        "//",
        "169.254.169.254",
        "localhost",
        ".",
        "gopher:",
    ]
)


@pytest.mark.parametrize("url", [ENDPOINT, f"{ENDPOINT}/", f"{ENDPOINT}/chat/completions", "HTTP://127.0.0.1:11434/v1/models?x=1"])
def test_an_endpoint_and_what_lies_below_it_may_be_contacted(url: str) -> None:
    assert may_contact(url, [ENDPOINT])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11435/v1/chat",
        "https://127.0.0.1:11434/v1/chat",
        "http://127.0.0.1:11434/admin",
        "http://127.0.0.1:11434/v1evil",
        "http://127.0.0.1:11434/v1/../admin",
        "http://127.0.0.1:11434/v1/%2e%2e/admin",
        "http://127.0.0.1:11434/v1/%252e%252e/admin",
        "http://127.0.0.1:11434/v1\\..\\admin",
        "http://127.0.0.1:11434@evil.example/v1",
        "http://evil.example#@127.0.0.1:11434/v1",
        "http://evil.example/?http://127.0.0.1:11434/v1",
        "http://127.0.0.1.evil.example:11434/v1",
        "http://user:pass@127.0.0.1:11434/v1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//127.0.0.1:11434/v1",
        "",
        "http://127.0.0.1:99999/v1",
        "http://[::1/v1",
    ],
)
def test_nothing_else_may_be_contacted_however_it_is_written(url: str) -> None:
    assert not may_contact(url, [ENDPOINT])


def test_without_an_endpoint_nothing_may_be_contacted() -> None:
    assert not may_contact(ENDPOINT, [])


@given(url=st.one_of(st.text(max_size=60), st.lists(_PARTS, max_size=8).map("".join)))
@example(url="http://127.0.0.1:11434/v1/a/..%2f..%2fadmin")
def test_what_may_be_contacted_goes_to_the_host_of_the_endpoint(url: str) -> None:
    if may_contact(url, [ENDPOINT]):
        parts = urlsplit(url)
        assert (parts.scheme, parts.hostname, parts.port) == ("http", "127.0.0.1", 11434)
        assert httpx.URL(url).path.startswith("/v1")
        assert ".." not in httpx.URL(url).path


@given(url=st.text(max_size=60), endpoint=st.text(max_size=60))
def test_what_is_no_endpoint_allows_nothing(url: str, endpoint: str) -> None:
    if not endpoint.lower().startswith(("http://", "https://")):
        assert not may_contact(url, [endpoint])


@pytest.mark.parametrize("url", ["ftp://host/v1", "http://", "http://name:secret@host/v1", "host/v1"])
def test_an_endpoint_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_endpoint(url)
    assert "secret" not in str(refused.value)


def test_a_guarded_client_contacts_nothing_else() -> None:
    with guarded_client([ENDPOINT], timeout_seconds=1) as client, pytest.raises(EndpointError):
        client.get("http://127.0.0.1:9/v1")


def test_a_redirect_away_from_the_endpoint_is_not_followed() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"location": "http://169.254.169.254/latest"})

    with guarded_client([ENDPOINT], timeout_seconds=1) as client:
        client._transport = httpx.MockTransport(answer)
        with pytest.raises(EndpointError):
            client.get(f"{ENDPOINT}/models")
    assert asked == [f"{ENDPOINT}/models"]
