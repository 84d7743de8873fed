"""The commands `graph push` and `graph pull`: the corpus graph to a graph database, and a graph database's graph into the base."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.cli.output import ExitCode, counted, one_line
from tadarag.cli.progress import progress_bar, rows_bar, stop_on_interrupt
from tadarag.cli.report_text import report_code
from tadarag.cli.session import Session, finish, with_session, with_writing_session
from tadarag.errors import UsageError

if TYPE_CHECKING:
    from tadarag.integrations.neo4j_pull import PullReport
    from tadarag.integrations.neo4j_push import Plan, PushReport
    from tadarag.integrations.neo4j_server import GraphServer

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="A server, such as bolt://localhost:7687 or neo4j+s://HOST.")]
Database = Annotated[str, typer.Option("--database", metavar="NAME", help="One of its databases. Default: neo4j.database, else its own.")]
User = Annotated[str, typer.Option("--user", metavar="NAME", help="Who asks. Default: neo4j.user.")]
AskPassword = Annotated[bool, typer.Option("--ask-password", help="Type the password. Default: TADARAG_NEO4J_PASSWORD.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")
_MOST_SOURCES = 5


@with_session
def push(
    session: Session,
    address: Address,
    graph: Annotated[str, typer.Option("--as", metavar="NAME", help="Name of the graph there. Default: neo4j.graph.")] = "",
    database: Database = "",
    user: User = "",
    ask_password: AskPassword = False,
    anew: Annotated[bool, typer.Option("--anew", help="Remove what is there first, also what others changed in it.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take the graph of this base off the server.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Write the corpus graph to a Neo4j server, or another that speaks Bolt.

    Things, documents, facts and alias evidence; only what differs is written, and what documents no longer state is removed. Everything
    has the label Tadarag, and nothing else in the database is touched.
    """
    if anew and remove:
        raise UsageError("--anew writes the graph and --remove takes it away", "give one of the two")
    from tadarag.integrations.neo4j_push import push as push_graph
    from tadarag.integrations.neo4j_push import remove as remove_graph

    with session.open(read_only=True) as base, _server(session, address, database, user, ask=ask_password) as server:
        name = graph or session.settings.neo4j_graph or _new_name(session, dry_run=dry_run)
        with stop_on_interrupt(session.output) as interrupt, rows_bar(session.output, "writing") as progress:
            if remove:
                report = remove_graph(server, graph=name, dry_run=dry_run, progress=progress)
            else:
                report = push_graph(base, server, graph=name, anew=anew, dry_run=dry_run, progress=progress, stop=interrupt)
        document = {
            "server": server.address,
            "agent": server.agent,
            "database": server.database,
            **_push_document(report, dry_run=dry_run),
        }
        session.output.result(document, _push_lines(report, server.address, dry_run=dry_run))
    finish(ExitCode.INTERRUPTED if report.interrupted else ExitCode.DONE)


@with_writing_session
def pull(
    session: Session,
    address: Address,
    graph: Annotated[str, typer.Option("--as", metavar="NAME", help="What its documents stand under. Default: the database.")] = "",
    database: Database = "",
    user: User = "",
    ask_password: AskPassword = False,
    labels: Annotated[list[str] | None, typer.Option("--label", metavar="LABEL", help="Only nodes with this label (repeatable).")] = None,
    types: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Only relationships of this type (repeatable).")] = None,
    key: Annotated[str, typer.Option("--key", metavar="PROPERTY", help="What tells nodes apart. Default: a unique constraint.")] = "",
    naming: Annotated[str, typer.Option("--name", metavar="PROPERTY", help="What nodes are called. Default: name, title, ...")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Also when most documents of the graph would be removed.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Take the graph of a Neo4j server, or another that speaks Bolt, into the base.

    Each node becomes a document neo4j://NAME:LABEL/KEY that tells its properties and relationships in sentences. A later pull reads what
    changed and removes what has gone. What `graph push` wrote is left out.
    """
    from tadarag.integrations.neo4j_graph import Choice
    from tadarag.integrations.neo4j_pull import Naming
    from tadarag.integrations.neo4j_pull import pull as pull_graph

    with _server(session, address, database, user, ask=ask_password) as server, session.for_reading().open(create=True) as base:
        chosen = Naming(graph=graph or _NOT_IN_A_NAME.sub("-", server.database) or "neo4j", key=key, name=naming)
        with progress_bar(session.output) as progress:
            report = pull_graph(
                base,
                server,
                naming=chosen,
                choice=Choice(labels=tuple(labels or ()), types=tuple(types or ())),
                yes=yes,
                dry_run=dry_run,
                progress=progress,
            )
        document = {
            "server": server.address,
            "agent": server.agent,
            "database": server.database,
            **_pull_document(report, dry_run=dry_run),
        }
        session.output.result(document, _pull_lines(report, dry_run=dry_run))
    finish(ExitCode.DONE if report.ingested is None else report_code(report.ingested))


@contextmanager
def _server(session: Session, address: str, database: str, user: str, *, ask: bool) -> Iterator[GraphServer]:
    from tadarag.integrations.neo4j_server import Login, open_server

    settings = session.settings
    login = Login(address=address, user=user or settings.neo4j_user, database=database or settings.neo4j_database)
    password = typer.prompt(f"password of {login.user}", hide_input=True, err=True) if ask else settings.neo4j_password
    with open_server(Login(address=address, user=login.user, password=password, database=login.database)) as server:
        yield server


def _new_name(session: Session, *, dry_run: bool) -> str:
    """A name that no other base has, kept in the base's settings: two bases on one server must not overwrite each other."""
    stem = _NOT_IN_A_NAME.sub("-", session.base.absolute().parent.name).strip("-.") or "base"
    name = f"{stem[:40]}-{secrets.token_hex(4)}"
    if not dry_run:
        session.remember("neo4j.graph", name)
    return name


def _push_document(report: PushReport, *, dry_run: bool) -> dict[str, object]:
    return {
        "graph": report.graph,
        "dry_run": dry_run,
        "plan": _plan_counts(report.plan),
        "n_unchanged": report.plan.n_unchanged,
        "n_written": report.n_written,
        "n_statements": report.n_statements,
        "interrupted": report.interrupted,
        "seconds": round(report.seconds, 3),
    }


def _plan_counts(plan: Plan) -> dict[str, int]:
    return {
        "nodes_to_create": len(plan.nodes_to_create),
        "nodes_to_change": len(plan.nodes_to_change),
        "nodes_to_delete": len(plan.nodes_to_delete),
        "relationships_to_create": len(plan.links_to_create),
        "relationships_to_delete": len(plan.links_to_delete),
    }


def _push_lines(report: PushReport, address: str, *, dry_run: bool) -> Iterator[str]:
    plan = report.plan
    if not plan.n_rows:
        yield one_line(f"{address} has the graph {report.graph} as it is: {counted(plan.n_unchanged, 'row')}, nothing to write")
        return
    said = [f"{name.replace('_to_', ' to ')}: {count}" for name, count in _plan_counts(plan).items() if count]
    yield one_line(f"graph {report.graph} at {address}: {', '.join(said)}; unchanged: {plan.n_unchanged}")
    if dry_run:
        yield "nothing was written"
    else:
        yield f"wrote {counted(report.n_written, 'row')} in {report.seconds:.1f} s"
        if not report.interrupted and plan.nodes_to_create:
            yield one_line(f"look at it with: MATCH (a:Tadarag {{graph: '{report.graph}'}})-[r]->(b) RETURN a, r, b LIMIT 100")


def _pull_document(report: PullReport, *, dry_run: bool) -> dict[str, object]:
    ingested = report.ingested
    return {
        "root": report.root,
        "dry_run": dry_run,
        "n_nodes": report.n_nodes,
        "added": [str(source) for source in report.added],
        "changed": [str(source) for source in report.changed],
        "removed": [str(source) for source in report.removed],
        "n_unchanged": report.unchanged,
        "quarantined": [
            {"source": str(source), "reason": reason, "do": do} for source, reason, do in (ingested.quarantined if ingested else ())
        ],
    }


def _pull_lines(report: PullReport, *, dry_run: bool) -> Iterator[str]:
    parts = (("new", report.added), ("changed", report.changed), ("gone", report.removed))
    said = [f"{len(sources)} {word}" for word, sources in parts if sources]
    yield one_line(f"{report.root}: {counted(report.n_nodes, 'node')}, {', '.join([*said, f'{report.unchanged} unchanged'])}")
    for word, sources in parts:
        for source in sources[:_MOST_SOURCES]:
            yield f"  {word}: {one_line(str(source))}"
        if len(sources) > _MOST_SOURCES:
            yield f"  {word}: and {len(sources) - _MOST_SOURCES} more"
    for source, reason, do in report.ingested.quarantined if report.ingested else ():
        yield f"  cannot be read: {one_line(f'{source}: {reason}; {do}')}"
    if dry_run:
        yield "nothing was read into the base"
