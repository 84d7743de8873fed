"""Ingest jobs: accepted at once, done one after the other in the writer's thread, cancelled or interrupted between documents."""

from __future__ import annotations

import datetime
import logging
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from tadarag.errors import BaseBusy, TadaragError
from tadarag.reports import IngestProgress, IngestReport
from tadarag.serving.job_journal import JobJournal, JobOrder
from tadarag.serving.paths import resolve_inside
from tadarag.serving.problems import Rejected

_LOG = logging.getLogger(__name__)
JobState = Literal["queued", "running", "done", "cancelled", "interrupted", "failed"]
ENDED = frozenset({"done", "cancelled", "interrupted", "failed"})
_BUSY_SECONDS = 2.0
_KEPT = 500
"""How many ended jobs are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is known of a job now. failure: kind of error, what happened, what to do. is_resumed: an earlier run of the server began it."""

    order: JobOrder
    state: JobState = "queued"
    started: str = ""
    ended: str = ""
    progress: IngestProgress | None = None
    report: IngestReport | None = None
    failure: tuple[str, str, str] | None = None
    is_resumed: bool = False


class TakeIn(Protocol):
    """`KnowledgeBase.ingest`, as far as jobs use it."""

    def __call__(
        self, *paths: str | Path, tier: str, progress: Callable[[IngestProgress], None], stop: Callable[[], bool]
    ) -> IngestReport: ...


class IngestJobs:
    """The jobs of a server, and the one thread that does them.

    What is accepted is written to the journal first and leaves it when the job has ended by itself or was cancelled: a server that was
    stopped or killed goes on with the rest when it starts again.
    """

    def __init__(self, take_in: TakeIn, *, folder: Path, journal: JobJournal, most_queued: int) -> None:
        """folder: that of the documents."""
        self._take_in, self._folder, self._journal, self._most_queued = take_in, folder, journal, most_queued
        self._changed = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: deque[str] = deque()
        self._to_cancel: set[str] = set()
        self._is_stopping = False
        unfinished = journal.unfinished()
        for order in unfinished:
            self._jobs[order.id] = Job(order=order, is_resumed=True)
            self._waiting.append(order.id)
        self._number = max((order.number for order in unfinished), default=0)
        self._thread = threading.Thread(target=self._work, name="tadarag-ingest", daemon=True)  # killing it is safe: see reliability

    def start(self) -> None:
        """Begin with what waits."""
        self._thread.start()

    def submit(self, paths: Sequence[str], *, tier: str = "") -> Job:
        """Accept a job for paths relative to the folder of the documents, which have been resolved. Raises Rejected, OSError."""
        with self._changed:
            if self._is_stopping:
                raise Rejected(503, "the server is being stopped", "try again when it runs again", headers={"Retry-After": "10"})
            if len(self._waiting) >= self._most_queued:
                raise Rejected(429, f"{len(self._waiting)} jobs wait already", "wait for some of them", headers={"Retry-After": "10"})
            self._number += 1
            order = JobOrder(id=secrets.token_hex(8), number=self._number, paths=tuple(paths), tier=tier, created=_now())
            self._journal.write(order)
            self._jobs[order.id] = job = Job(order=order)
            self._waiting.append(order.id)
            self._forget_oldest()
            self._changed.notify_all()
            return job

    def get(self, job_id: str) -> Job:
        """A job. Raises Rejected (404)."""
        with self._changed:
            if job_id not in self._jobs:
                raise Rejected(404, f"there is no job {job_id[:40]!r}", "list the jobs: GET /api/v1/jobs")
            return self._jobs[job_id]

    def list(self) -> tuple[Job, ...]:
        """All jobs that are remembered, the latest first."""
        with self._changed:
            return tuple(reversed(self._jobs.values()))

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end after the document at hand; one that waits ends at once, one that has ended stays as it is. Raises Rejected."""
        self.get(job_id)
        with self._changed:
            if job_id in self._waiting:
                self._waiting.remove(job_id)
                self._journal.remove(job_id)
                self._set(job_id, state="cancelled", ended=_now())
            elif self._jobs[job_id].state == "running":
                self._to_cancel.add(job_id)
            self._changed.notify_all()
        return self.get(job_id)

    def ask_stop(self) -> None:
        """Ask the writer's thread to end after the document at hand; returns at once. Safe in a signal handler."""
        self._is_stopping = True

    def close(self) -> tuple[Job, ...]:
        """Stop, wait for the document at hand, and return the jobs that are not done; they go on when the server starts again."""
        self.ask_stop()
        with self._changed:
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        return tuple(job for job in self.list() if job.state in ("queued", "running", "interrupted"))

    def _work(self) -> None:
        while (job_id := self._next()) is not None:
            self._run(job_id)

    def _next(self) -> str | None:
        with self._changed:
            while not self._waiting and not self._is_stopping:
                self._changed.wait(0.5)  # a signal handler cannot notify
            if self._is_stopping:
                return None
            job_id = self._waiting.popleft()
            self._set(job_id, state="running", started=_now())
            return job_id

    def _run(self, job_id: str) -> None:
        def is_to_stop() -> bool:
            return self._is_stopping or job_id in self._to_cancel

        def tell(progress: IngestProgress) -> None:
            with self._changed:
                self._set(job_id, progress=progress)

        order = self._jobs[job_id].order
        try:
            report = self._report(order, tell, is_to_stop)
        except TadaragError as error:
            self._end(job_id, state="failed", failure=(type(error).__name__, error.happened, error.do))
        except Exception as error:  # noqa: BLE001 (one of the four doors: the reason is recorded with the job, the next one goes on)
            _LOG.exception("the ingest job %s failed", job_id)
            failure = (type(error).__name__, "the job failed unexpectedly", "see the log of the server, and report it, please")
            self._end(job_id, state="failed", failure=failure)
        else:
            state: JobState = "done" if not report.interrupted else "cancelled" if job_id in self._to_cancel else "interrupted"
            self._end(job_id, state=state, report=report)

    def _report(self, order: JobOrder, tell: Callable[[IngestProgress], None], is_to_stop: Callable[[], bool]) -> IngestReport:
        paths = [resolve_inside(self._folder, path) for path in order.paths]
        while not is_to_stop():
            try:
                return self._take_in(*paths, tier=order.tier, progress=tell, stop=is_to_stop)
            except BaseBusy:  # another process writes the base: the job waits for it
                with self._changed:
                    self._changed.wait(_BUSY_SECONDS)
        return IngestReport(interrupted=True)

    def _end(
        self, job_id: str, *, state: JobState, report: IngestReport | None = None, failure: tuple[str, str, str] | None = None
    ) -> None:
        if state != "interrupted":
            self._journal.remove(job_id)
        with self._changed:
            self._set(job_id, state=state, ended=_now(), report=report, failure=failure)
            self._to_cancel.discard(job_id)
            self._changed.notify_all()

    def _set(self, job_id: str, **changes: object) -> Job:
        self._jobs[job_id] = job = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]
        return job

    def _forget_oldest(self) -> None:
        ended = [job_id for job_id, job in self._jobs.items() if job.state in ENDED]
        for job_id in ended[: max(0, len(ended) - _KEPT)]:
            del self._jobs[job_id]


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
