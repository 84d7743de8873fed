"""The token: long, compared whole, read from one header only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.serving.tokens import bearer_of, check_token, is_loopback, is_token, new_token


def test_a_new_token_passes_the_checks_and_is_never_the_same() -> None:
    assert check_token(new_token()) != check_token(new_token())


@pytest.mark.parametrize(
    "token", ["hunter2", "with a space in the middle of it", "纸上得来终觉浅绝知此事要躬行八九十", "tab\tinside-0123456789"]
)
def test_a_token_that_no_header_carries_or_anybody_guesses_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_token(token)
    assert token not in str(refused.value)


@given(given_token=st.binary(max_size=30), expected=st.text("abc123", min_size=1, max_size=30))
def test_a_token_is_right_when_every_byte_is(given_token: bytes, expected: str) -> None:
    assert is_token(expected.encode(), expected)
    assert is_token(given_token, expected) == (given_token == expected.encode())


@pytest.mark.parametrize("value", [b"Bearer abc", b"bearer abc", b"BEARER  abc "])
def test_the_bearer_token_is_read_from_the_header(value: bytes) -> None:
    assert bearer_of([(b"authorization", value)]) == b"abc"


@pytest.mark.parametrize(
    "headers", [[], [(b"authorization", b"Basic abc")], [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")]]
)
def test_no_header_another_scheme_or_two_headers_carry_no_token(headers: list[tuple[bytes, bytes]]) -> None:
    assert bearer_of(headers) == b""


@pytest.mark.parametrize(("host", "is_one"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.9.9.9", True)])
def test_this_computer_is_known_by_its_addresses(host: str, is_one: bool) -> None:
    assert is_loopback(host) is is_one


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "", "localhost.evil.example", "example.org"])
def test_anything_else_is_not_this_computer(host: str) -> None:
    assert not is_loopback(host)
