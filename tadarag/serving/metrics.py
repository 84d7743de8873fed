"""What the server counts of itself, for Prometheus; no name of a document, no question and no token is among it."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_METHODS = frozenset({"GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"})


class Metrics:
    """The server's own registry: several servers in one process do not count together."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("tadarag_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram("tadarag_http_seconds", "Seconds of a request.", ("route",), buckets=_SECONDS, registry=self.registry)
        self.at_once = Gauge("tadarag_http_requests_in_progress", "Requests being answered.", registry=self.registry)
        self.jobs = Gauge("tadarag_ingest_jobs", "Ingest jobs that are remembered.", ("state",), registry=self.registry)
        self.documents = Gauge("tadarag_documents", "Documents in the base.", registry=self.registry)
        self.passages = Gauge("tadarag_passages", "Passages in the base.", registry=self.registry)
        self.quarantined = Gauge("tadarag_quarantined", "Documents in quarantine.", registry=self.registry)

    def text(self) -> bytes:
        """All of it in Prometheus' text form."""
        return generate_latest(self.registry)


class Counted:
    """Counts every request that goes through, by the route's pattern, never by the path that was asked for."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._metrics.at_once.inc()
        try:
            await self._app(scope, receive, watch)
        finally:
            route = route_pattern(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.at_once.dec()
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - began)


def route_pattern(scope: Scope) -> str:
    """The pattern of the route that answered, such as "/api/v1/jobs/{job_id}"; "other" where none did."""
    own = getattr(scope.get("route"), "path", None)
    if own is None:
        return "other"
    asked, parts = scope["path"].split("/"), own.strip("/").split("/") if own.strip("/") else []
    return "/".join([*asked[: len(asked) - len(parts)], *parts])  # a route knows its path without the prefix it was included under
