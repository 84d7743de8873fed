"""Commands that let other programs ask: serve (REST, OpenAI-compatible, MCP over HTTP) and mcp (MCP over stdio)."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tadarag.cli.output import ExitCode, counted
from tadarag.cli.places import place_for
from tadarag.cli.session import Session, finish, with_session, with_writing_session
from tadarag.errors import PluginError, UsageError

if TYPE_CHECKING:
    from tadarag.serving.limits import Limits
    from tadarag.serving.service import Service

_MEGABYTE = 1_000_000
PathArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[PATH]", show_default=False, help="The folder whose knowledge base it is. Default: this folder."),
]


@with_writing_session
def serve(
    session: Session,
    path: PathArgument = None,
    host: Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="Where it listens. Default: this computer only.")] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="N", min=0, max=65535, help="Default: 8765; 0 takes a free one.")] = None,
    token: Annotated[
        str | None, typer.Option("--token", metavar="TOKEN", help="What clients must send; better: TADARAG_SERVER_TOKEN.")
    ] = None,
) -> None:
    """Serve the knowledge base: REST, OpenAI-compatible, MCP over HTTP.

    Every request needs the token; without one set, one is made and shown once. It listens on this computer only unless --host names
    another address, which needs a token of yours. Ctrl-C ends it after the document at hand; jobs that are not done go on at the next start.
    """
    _check_extra("fastapi", "uvicorn", "multipart", "mcp", "prometheus_client")
    session, may_write = _place(session, path)
    session = session.with_flag("server_host", host).with_flag("server_port", port).with_flag("server_token", token)
    from tadarag.serving.running import listening_socket, serve
    from tadarag.serving.tokens import is_loopback

    settings = session.settings
    chosen, is_new = _token(settings.server_token, settings.server_host)
    try:
        listening = listening_socket(settings.server_host, settings.server_port)
    except OSError as error:
        raise UsageError(
            f"it cannot listen at {settings.server_host}:{settings.server_port} ({error.strerror or error})",
            "choose another --port or --host, or stop what listens there",
        ) from error
    with listening:
        service = _service(session, _limits(session), may_write=may_write)
        _greet(session, listening.getsockname()[1], chosen if is_new else "")
        serve(
            service,
            listening,
            token=chosen,
            is_loopback=is_loopback(settings.server_host),
            on_stop=lambda: session.output.note("stopping after the document at hand (again stops at once)"),
        )
    left = [job for job in service.jobs.list() if job.state in ("queued", "running", "interrupted")]
    if left:
        session.output.note(f"interrupted: {counted(len(left), 'job')} not done; the next start goes on with them")
        finish(ExitCode.INTERRUPTED)


@with_session
def mcp(session: Session, path: PathArgument = None) -> None:
    """Serve an assistant over stdio: search, ask, outline (MCP).

    For the settings of an assistant: command "tadarag", arguments "mcp" and the folder. Nothing is changed in the base.
    """
    _check_extra("mcp", "fastapi", "prometheus_client")
    session, _ = _place(session, path)
    from tadarag.serving.limits import Limits
    from tadarag.serving.mcp_tools import mcp_server

    service = _service(session, Limits(), may_write=False)
    try:
        mcp_server(service).run("stdio")
    finally:
        service.close()


def _place(session: Session, path: Path | None) -> tuple[Session, bool]:
    if path is not None and not path.is_dir():
        raise UsageError(f"{path} is not a folder", "name the folder whose knowledge base is to be served")
    return place_for(session, path or session.documents)


def _service(session: Session, limits: Limits, *, may_write: bool) -> Service:
    from importlib.metadata import version

    from tadarag.serving.recipes import offered_pipelines
    from tadarag.serving.service import make_service

    settings = session.settings
    if settings.model_name and settings.budget_tokens:
        session.output.note("budget_tokens holds for all questions of this run together")
    base = session.open(create=may_write, read_only=not may_write)
    try:
        pipelines = offered_pipelines(base.path, has_model=bool(settings.model_name))
        if settings.pipeline not in pipelines:
            raise UsageError(f"the pipeline {settings.pipeline!r} cannot be served here", f"choose one of: {', '.join(pipelines)}")
        return make_service(
            base,
            limits=limits,
            pipeline=settings.pipeline,
            pipelines=pipelines,
            version=version("tadarag"),
            is_read_only=not may_write,
        )
    except BaseException:
        base.close()
        raise


def _limits(session: Session) -> Limits:
    from tadarag.serving.limits import Limits

    settings = session.settings
    return Limits(
        upload_bytes=settings.server_upload_mb * _MEGABYTE,
        requests_per_minute=settings.server_requests_per_minute,
        requests_at_once=settings.server_requests_at_once,
        search_threads=max(4, 2 * (os.cpu_count() or 1)),
    )


def _token(configured: str, host: str) -> tuple[str, bool]:
    """The token, and whether it was made now. Raises UsageError for a weak one, and for none where others can reach the server."""
    from tadarag.serving.tokens import check_token, is_loopback, new_token

    if configured:
        return check_token(configured), False
    if not is_loopback(host):
        raise UsageError(
            f"whoever reaches {host} could ask this server, and no token is set",
            "set TADARAG_SERVER_TOKEN to a long secret, or leave --host away",
        )
    return new_token(), True


def _greet(session: Session, port: int, new_token: str) -> None:
    """Say where it is and, this once, which token was made; with --json on stdout."""
    host = session.settings.server_host
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if session.output.as_json:
        session.output.json_line({"url": address, "token": new_token or None, "api": f"{address}/api/v1", "mcp": f"{address}/mcp"})
        return
    session.output.note(f"serving {session.place.absolute()} at {address} (Ctrl-C ends it)")
    session.output.note(f"  REST {address}/api/v1/openapi.json · OpenAI-compatible {address}/v1 · MCP {address}/mcp")
    if new_token:
        session.output.lines([f"token: {new_token}"])
        session.output.note("  made for this run and not shown again; to keep one: TADARAG_SERVER_TOKEN")


def _check_extra(*modules: str) -> None:
    if any(importlib.util.find_spec(module) is None for module in modules):
        raise PluginError("the server needs packages that are not installed", 'install them: pip install "tadarag[server]"')
