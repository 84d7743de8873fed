"""A graph database that speaks Bolt: how it is reached, its transactions, and its refusals in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from tadarag.errors import GraphServerError, UsageError
from tadarag.integrations.extras import needs_extra

if TYPE_CHECKING:
    import neo4j

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
"""What an address may begin with: +s is encrypted and checks the certificate, +ssc is encrypted and takes a self-signed one."""

Run = Callable[..., Iterator[Sequence[Any]]]
"""Runs a statement with parameters inside a transaction; rows in the order in which the server gives them."""
T = TypeVar("T")

_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Where a server is and who asks. password: "" asks without authentication. database: "" is the server's own choice."""

    address: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = ""

    def __post_init__(self) -> None:
        check_address(self.address)


def check_address(address: str) -> None:
    """Raise UsageError for what is no address of a Bolt server; a password in it is never repeated."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:  # urlsplit's message may repeat the address
        parts, host = urlsplit(""), None
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "the address holds a user or a password, which would be kept in your shell's history",
            "write scheme://host:port only; name the user with --user and set TADARAG_NEO4J_PASSWORD, or use --ask-password",
        )
    if parts.scheme not in SCHEMES or not host:
        shown = repr(address) if "@" not in address else "what was given"
        raise UsageError(f"{shown} is no address of a graph server", f"write bolt://HOST:7687; the schemes are {', '.join(SCHEMES)}")
    if parts.path not in ("", "/"):
        raise UsageError(f"the address names a place below the server: {parts.path}", "name a database with --database")


class GraphServer:
    """An open connection to one database of a server. Threads may not share one."""

    def __init__(self, driver: neo4j.Driver, login: Login) -> None:
        """Ask the server who it is. Raises GraphServerError."""
        self._driver = driver
        self._login = login
        with self._in_our_words(), self._session() as session:
            summary = session.run("RETURN 1").consume()
        self.agent = str(summary.server.agent)
        """What the server says that it is, such as "Neo4j/5.26.0"."""
        self.database = login.database or summary.database or ""
        """The name of the database; "" where the server does not say which one it chose."""

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return _shown_address(self._login.address)

    def read(self, work: Callable[[Run], T]) -> T:
        """Call `work` with a function that runs statements in one reading transaction; the whole is tried again on a passing fault."""
        with self._in_our_words(), self._session() as session:
            return session.execute_read(lambda transaction: work(_runner(transaction)))

    def write(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement over `$rows` in one transaction, tried again on a passing fault; returns the number that it returns.

        Raises Clash when a unique constraint refuses a row, and then writes none.
        """
        from neo4j.exceptions import ConstraintError

        def work(transaction: neo4j.ManagedTransaction) -> int:
            (row,) = _runner(transaction)(statement, rows=rows)
            return int(row[0])

        with self._in_our_words(), self._session() as session:
            try:
                return session.execute_write(work)
            except ConstraintError as error:
                raise Clash(str(error.message)) from error

    def change_schema(self, statement: str) -> None:
        """Run a statement that makes a constraint or an index. Raises GraphServerError, `is_forbidden` where the user may not."""
        with self._in_our_words(), self._session() as session:
            session.run(statement).consume()

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self._login.database or None)

    def _in_our_words(self) -> AbstractContextManager[None]:
        return _in_our_words(self.address, self._login)


class Clash(Exception):
    """A unique constraint refused a row: somebody else has written it since it was looked for."""


@contextmanager
def open_server(login: Login) -> Iterator[GraphServer]:
    """Connect and check the credentials; closed at the end. Raises GraphServerError, and ExtraMissing without the driver."""
    with needs_extra("neo4j"):
        import neo4j
    auth = neo4j.basic_auth(login.user, login.password) if login.password else None
    with neo4j.GraphDatabase.driver(
        login.address, auth=auth, user_agent="tadarag", connection_timeout=_CONNECT_SECONDS, notifications_min_severity="OFF"
    ) as driver:
        yield GraphServer(driver, login)


@contextmanager
def _in_our_words(address: str, login: Login) -> Iterator[None]:
    """Turn what the driver raises into a GraphServerError that says what to do; no message holds a password."""
    from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable

    try:
        yield
    except ServiceUnavailable as error:
        raise GraphServerError(f"no graph server answers at {address}: {_first_line(error)}", _do_about_silence(address)) from error
    except Neo4jError as error:
        raise _refusal(str(error.code), str(error.message), address, login) from error
    except DriverError as error:
        raise GraphServerError(f"the driver cannot talk to {address}: {_first_line(error)}", "check the address and its scheme") from error


def is_forbidden(error: GraphServerError) -> bool:
    """Whether the server refused because the user may not do it."""
    return getattr(error.__cause__, "code", "").startswith("Neo.ClientError.Security.Forbidden")


def _refusal(code: str, message: str, address: str, login: Login) -> GraphServerError:
    said = " ".join(message.split())[:300]
    if code.startswith("Neo.ClientError.Security.Forbidden") or code.endswith("AccessMode"):
        return GraphServerError(
            f"user {login.user!r} may not do this at {address}: {said}",
            "`push` needs a user who may write (role editor; publisher or above for new kinds), `pull` one who may read: name one with --user",
        )
    if code == "Neo.ClientError.Security.AuthenticationRateLimit":
        return GraphServerError(f"{address} refuses user {login.user!r} after too many wrong passwords", "wait a minute, then try again")
    if code.startswith("Neo.ClientError.Security."):
        what = f"the password of user {login.user!r}" if login.password else "a request without a password"
        return GraphServerError(
            f"{address} refuses {what}", "set TADARAG_NEO4J_PASSWORD or use --ask-password; name another user with --user"
        )
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return GraphServerError(f"{address} has no database {login.database!r}", "name one of its own with --database")
    if code == "Neo.ClientError.Cluster.NotALeader":
        return GraphServerError(f"{address} is a member of a cluster that may not write", "use the scheme neo4j:// in place of bolt://")
    return GraphServerError(f"{address} answers {code}: {said}", "run it again; if that stays, see the server's own log")


def _do_about_silence(address: str) -> str:
    is_encrypted = "+s" in address.partition(":")[0]
    return "start it, and check host and port" + (
        "; a server without a certificate is reached by bolt://, one with a self-signed certificate by bolt+ssc://" if is_encrypted else ""
    )


def _shown_address(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(": ")


def _runner(transaction: neo4j.ManagedTransaction) -> Run:
    def run(statement: str, **parameters: Any) -> Iterator[Sequence[Any]]:
        for record in transaction.run(statement, parameters):
            yield tuple(record.values())

    return run
