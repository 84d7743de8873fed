"""Ingest jobs: uploads, and paths below the folder of the documents."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from tadarag.serving.job_json import job_json
from tadarag.serving.jobs import Job
from tadarag.serving.json_response import json_response
from tadarag.serving.paths import resolve_inside
from tadarag.serving.schemas.form import OptionalName
from tadarag.serving.schemas.jobs import IngestBody, JobList, JobResult
from tadarag.serving.service import Service, ServiceOf
from tadarag.serving.uploads import accepted_names, keep_upload

UPLOAD_PATH = "/uploads"
router = APIRouter(tags=["ingest"])


@router.post(UPLOAD_PATH, status_code=202, response_model=JobResult)
async def upload(
    service: ServiceOf,
    files: Annotated[list[UploadFile], File(description="the files; each under a name of its own")],
    tier: Annotated[OptionalName, Form(description="the extractor that reads them")] = "",
) -> Response:
    """Send files, which are kept in `uploads` beside the base, and read by the job that this answers with.

    A file of a name that was uploaded before replaces it. When this answers, the files and the job survive a crash.
    """
    service.check_writable()
    names = accepted_names([file.filename or "" for file in files], service.limits)

    def keep() -> Job:
        paths = [keep_upload(service.folder, name, file.file) for name, file in zip(names, files, strict=True)]
        return service.jobs.submit(paths, tier=tier)

    return _accepted(service, await service.answering.run(keep))


@router.post("/jobs", status_code=202, response_model=JobResult)
async def ingest(body: IngestBody, service: ServiceOf) -> Response:
    """Read files and folders that lie in the folder of the documents; nothing outside of it can be named."""
    service.check_writable()

    def submit() -> Job:
        for path in body.paths:
            resolve_inside(service.folder, path)
        return service.jobs.submit(body.paths, tier=body.tier)

    return _accepted(service, await service.answering.run(submit))


@router.get("/jobs", response_model=JobList)
async def jobs(service: ServiceOf) -> Response:
    """The jobs that the server remembers, the latest first; ended ones are forgotten when it stops."""
    return json_response({"jobs": [job_json(job, folder=service.folder) for job in service.jobs.list()]})


@router.get("/jobs/{job_id}", response_model=JobResult)
async def job(job_id: str, service: ServiceOf) -> Response:
    """A job: how far it has come, and what became of each document when it has ended."""
    return json_response(job_json(service.jobs.get(job_id), folder=service.folder))


@router.post("/jobs/{job_id}/cancel", response_model=JobResult)
async def cancel(job_id: str, service: ServiceOf) -> Response:
    """End a job after the document at hand; what is done stays."""
    cancelled = await service.answering.run(partial(service.jobs.cancel, job_id))
    return json_response(job_json(cancelled, folder=service.folder))


def _accepted(service: Service, accepted: Job) -> Response:
    headers = {"Location": f"/api/v1/jobs/{accepted.order.id}"}
    return json_response(job_json(accepted, folder=service.folder), 202, headers)
