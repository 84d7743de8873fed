"""What all interfaces of one server share: the open base, its threads, its jobs and its counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from tadarag.errors import BaseBusy, TadaragError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.serving.job_journal import JobJournal
from tadarag.serving.jobs import IngestJobs
from tadarag.serving.limits import Limits
from tadarag.serving.metrics import Metrics
from tadarag.serving.pools import BoundedPool
from tadarag.serving.problems import Rejected
from tadarag.values import Answer, AnswerEvent, Filters

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One base that is served. is_read_only: its folder cannot be written, so that nothing is taken in or removed."""

    base: KnowledgeBase
    jobs: IngestJobs
    searching: BoundedPool
    answering: BoundedPool
    metrics: Metrics
    limits: Limits
    pipeline: str
    pipelines: tuple[str, ...]
    version: str
    is_read_only: bool = False
    stopping: list[bool] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the documents."""
        return self.base.path.parent

    def check_writable(self) -> None:
        """Raises BaseBusy where documents can be neither taken in nor removed."""
        if self.is_read_only:
            raise BaseBusy("the base was opened for reading: its folder cannot be written", "serve a folder that can be written")

    def check_pipeline(self, name: str) -> str:
        """The pipeline that is meant, the default one for "". Raises Rejected (422) for one that is not offered."""
        if name and name not in self.pipelines:
            raise Rejected(422, f"there is no pipeline {name[:40]!r} here", f"choose one of: {', '.join(self.pipelines)}")
        return name or self.pipeline

    async def read(self, work: Callable[[], T]) -> T:
        """Do what takes a moment in one of the threads for searching."""
        return await self.searching.run(work)

    def ask_stop(self) -> None:
        """From now on the server is not ready, and the ingest ends after the document at hand. Safe in a signal handler."""
        self.stopping.append(True)
        self.jobs.ask_stop()

    def close(self) -> None:
        """Wait for the document at hand and for answers in the making, then close the base."""
        self.jobs.close()
        self.searching.close()
        self.answering.close()
        self.base.close()


def make_service(
    base: KnowledgeBase, *, limits: Limits, pipeline: str, pipelines: tuple[str, ...], version: str, is_read_only: bool = False
) -> Service:
    """The service of an open base; its jobs begin with what an earlier run left."""
    journal = JobJournal(base.path)
    jobs = IngestJobs(base.ingest, folder=base.path.parent, journal=journal, most_queued=limits.queued_jobs)
    return Service(
        base=base,
        jobs=jobs,
        searching=BoundedPool("search", threads=limits.search_threads, waiting=limits.waiting),
        answering=BoundedPool("answer", threads=limits.answer_threads, waiting=limits.waiting),
        metrics=Metrics(),
        limits=limits,
        pipeline=pipeline,
        pipelines=pipelines,
        version=version,
        is_read_only=is_read_only,
    )


def ask_and_keep(
    service: Service,
    question: str,
    *,
    pipeline: str = "",
    filters: Filters = Filters(),
    with_graph: bool = False,
    layers: frozenset[str] = KnowledgeBase.LAYERS,
    on_event: Callable[[AnswerEvent], None] | None = None,
) -> Answer:
    """Ask the base and keep the answer before its "done" is told, so that feedback can be given at once."""

    def tell(event: AnswerEvent) -> None:
        if event.answer is not None:
            keep(service, event.answer)
        if on_event is not None:
            on_event(event)

    return service.base.ask(
        question, pipeline=pipeline or service.pipeline, filters=filters, with_graph=with_graph, layers=layers, on_event=tell
    )


def keep(service: Service, answer: Answer) -> bool:
    """Whether the answer could be kept; one whose document has just changed cannot, which is no reason to withhold it."""
    try:
        service.base.keep_answer(answer)
    except TadaragError:
        return False
    return True


def service_of(request: Request) -> Service:
    """The service of the application that was asked."""
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(service_of)]
