"""Addresses of graph servers, and passwords that are never repeated."""

from __future__ import annotations

import pytest

from tadarag.errors import UsageError
from tadarag.integrations.neo4j_server import SCHEMES, Login, check_address


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_of_the_driver_passes(scheme: str) -> None:
    check_address(f"{scheme}://graph.example:7687")


@pytest.mark.parametrize(
    "address", ["", "graph.example", "http://graph.example", "bolt://", "bolt:///x", "bolt://h:port", "bolt://h:99999999", "bolt://[", "-x"]
)
def test_what_is_no_address_is_refused_with_the_schemes(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a graph server") as raised:
        check_address(address)
    assert "bolt+s" in raised.value.do


@pytest.mark.parametrize(
    "address", ["bolt://ada:s3cret@h:7687", "bolt://:s3cret@h", "http://ada:s3cret@h", "bolt://ada:s3cret@h:port", "ada:s3cret@h"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_address(address)
    assert "s3cret" not in str(raised.value)


def test_a_database_in_the_address_is_told_its_option() -> None:
    with pytest.raises(UsageError, match="below the server: /films") as raised:
        check_address("bolt://h:7687/films")
    assert "--database" in raised.value.do


def test_a_login_does_not_show_its_password() -> None:
    assert "s3cret" not in repr(Login(address="bolt://h", password="s3cret"))
