"""The application of a service: its interfaces, and the doors around them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from tadarag.errors import TadaragError
from tadarag.serving import openai_api, problems
from tadarag.serving.body_limits import BodyLimits
from tadarag.serving.doors import SafeHeaders, TokenDoor
from tadarag.serving.mcp_tools import mcp_server
from tadarag.serving.metrics import Counted
from tadarag.serving.rest import care, documents, feedback, graph, ingest, questions
from tadarag.serving.rest.refusals import OPENAI_REFUSALS, REFUSALS
from tadarag.serving.service import Service
from tadarag.serving.throttle import Throttle

API = "/api/v1"
MCP = "/mcp"
_LOG = logging.getLogger(__name__)
_DESCRIPTION = (
    "Answers from a person's own documents, with citations that have been checked. Every request carries the server's token: "
    "`Authorization: Bearer TOKEN`. What goes wrong is told as problem JSON with what `happened` and what to `do`."
)


def make_app(service: Service) -> FastAPI:
    """The interfaces without the doors: REST with its OpenAPI document, /v1, MCP, health and metrics. Closes the service when it ends."""
    tools = mcp_server(service)
    mcp_routes = tools.streamable_http_app(
        streamable_http_path=MCP,
        stateless_http=True,
        json_response=True,
        max_request_body_size=service.limits.body_bytes,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the door before it does that, for all
    ).routes

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if not service.is_read_only:
            service.jobs.start()
        async with tools.session_manager.run():
            yield
        service.ask_stop()
        await asyncio.to_thread(service.close)

    app = FastAPI(
        title="tadarag",
        version=service.version,
        description=_DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # these pages fetch scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.service = service
    for router in (questions.router, ingest.router, documents.router, graph.router, feedback.router, care.router):
        app.include_router(router, prefix=API, responses=REFUSALS)
    app.include_router(openai_api.router, responses=OPENAI_REFUSALS)
    app.include_router(care.health)
    app.router.routes.extend(mcp_routes)
    _add_handlers(app, service)
    return app


def guarded(app: FastAPI, service: Service, *, token: str, is_loopback: bool) -> ASGIApp:
    """The application behind its doors, the outermost first: count, mark as data, throttle, ask for the token, measure the body."""
    limits = service.limits
    inner: ASGIApp = BodyLimits(app, limits=limits, upload_path=f"{API}{ingest.UPLOAD_PATH}")
    inner = TokenDoor(inner, token=token, is_loopback=is_loopback)
    inner = Throttle(inner, per_minute=limits.requests_per_minute, at_once=limits.requests_at_once)
    return Counted(SafeHeaders(inner), service.metrics)


def _add_handlers(app: FastAPI, service: Service) -> None:
    def tell(request: Request, refusal: problems.Rejected) -> Response:
        return problems.response(refusal, request.url.path)

    async def of_base(request: Request, error: Exception) -> Response:
        assert isinstance(error, TadaragError)
        return tell(request, problems.rejected(error, service.folder))

    async def of_form(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return tell(request, problems.from_validation(error.errors()))

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return tell(request, problems.from_http(error))

    async def unexpected(request: Request, error: Exception) -> Response:
        """The door of one request: the reason is logged, and nothing of it is told."""
        _LOG.error("%s %s failed", request.method, getattr(request.scope.get("route"), "path", "?"), exc_info=error)
        kind = type(error).__name__
        return tell(request, problems.Rejected(500, "the server failed unexpectedly", "see its log, and report it, please", kind=kind))

    app.add_exception_handler(TadaragError, of_base)
    app.add_exception_handler(RequestValidationError, of_form)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, unexpected)
