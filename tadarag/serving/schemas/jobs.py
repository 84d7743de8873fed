"""Ingest jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tadarag.serving.schemas.form import Body, Form, Name, Result

State = Literal["queued", "running", "done", "cancelled", "interrupted", "failed"]


class IngestBody(Body):
    """Files and folders to read, as paths relative to the folder that holds the base; "." is all of it. tier: an extractor, see `tadarag ingest`."""

    paths: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    tier: str = Field("", max_length=100)


class ProgressForm(Form):
    """How far the job has come."""

    n_done: int
    n_total: int
    n_passages: int
    source: str
    stage: Literal["scanning", "reading", "writing", "indexing"]


class OutcomeForm(Form):
    """What became of one document."""

    source: str
    outcome: Literal["added", "replaced", "renamed", "removed", "empty", "quarantined"]
    reason: str
    do: str


class FailureForm(Form):
    """Why the whole job failed."""

    kind: str
    happened: str
    do: str


class JobForm(Form):
    """A job. documents: those that were changed or could not be read, known when it has ended; unchanged ones are counted in `report`."""

    id: str
    state: State
    paths: list[str]
    tier: str
    created: str
    started: str
    ended: str
    is_resumed: bool
    progress: ProgressForm | None
    documents: list[OutcomeForm]
    report: dict[str, Any] | None
    failure: FailureForm | None


class JobResult(JobForm, Result):
    """A job."""


class JobList(Result):
    """The jobs that the server remembers, the latest first."""

    jobs: list[JobForm]
