"""The state of the base, and whether the server lives."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from tadarag.base_json import status_json
from tadarag.serving.json_response import json_response
from tadarag.serving.metrics import CONTENT_TYPE
from tadarag.serving.schemas.documents import StatusResult
from tadarag.serving.service import Service, ServiceOf

router = APIRouter(tags=["care"])
health = APIRouter(include_in_schema=False)


@router.get("/status", response_model=StatusResult)
async def status(service: ServiceOf) -> Response:
    """Counts and sizes, what is empty or in quarantine, how far the index is, which pipelines there are, and the jobs."""
    found = await service.read(service.base.status)
    counts = _job_counts(service)
    about = {
        "base": service.folder.name or ".",  # its place on this computer is nobody's business
        "version": service.version,
        "pipeline": service.pipeline,
        "pipelines": list(service.pipelines),
        "is_read_only": service.is_read_only,
        "jobs": {"queued": counts["queued"], "running": counts["running"]},
    }
    return json_response({**status_json(found), **about})


@health.get("/healthz")
async def alive() -> Response:
    """The process lives."""
    return PlainTextResponse("ok\n")


@health.get("/readyz")
async def ready(service: ServiceOf) -> Response:
    """The base answers, and the server is not being stopped."""
    if service.stopping:
        return PlainTextResponse("stopping\n", 503)
    await service.read(service.base.list)
    return PlainTextResponse("ok\n")


@health.get("/metrics")
async def metrics(service: ServiceOf) -> Response:
    """For Prometheus."""
    found = await service.read(service.base.status)
    service.metrics.documents.set(found.n_documents)
    service.metrics.passages.set(found.n_passages)
    service.metrics.quarantined.set(len(found.quarantined))
    for state, count in _job_counts(service).items():
        service.metrics.jobs.labels(state).set(count)
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)


def _job_counts(service: Service) -> Counter[str]:
    counts = Counter(dict.fromkeys(("queued", "running", "done", "cancelled", "interrupted", "failed"), 0))
    counts.update(job.state for job in service.jobs.list())
    return counts
