"""Jobs are done in order, can be cancelled and interrupted, and what is not done is done after a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tadarag.errors import BaseBusy, UsageError
from tadarag.reports import IngestProgress, IngestReport
from tadarag.serving.job_journal import JobJournal
from tadarag.serving.jobs import IngestJobs, Job, TakeIn
from tadarag.serving.problems import Rejected
from tadarag.values import SourceName

Start = Callable[..., IngestJobs]


class Desk:
    """Takes in one document after the other as the base does; `gate` holds it between two."""

    def __init__(self, n_documents: int = 3) -> None:
        self.n_documents = n_documents
        self.gate = threading.Event()
        self.at_gate = threading.Event()
        self.calls: list[tuple[str, ...]] = []

    def __call__(self, *paths: str | Path, tier: str, progress: Callable[[IngestProgress], None], stop: Callable[[], bool]) -> IngestReport:
        self.calls.append(tuple(Path(path).name for path in paths))
        done: list[SourceName] = []
        while len(done) < self.n_documents and not stop():
            done.append(SourceName(".", f"{len(done)}.md"))
            progress(IngestProgress(n_done=len(done), n_total=self.n_documents, n_passages=0, source="", stage="writing"))
            self.at_gate.set()
            self.gate.wait(10)
        return IngestReport(added=tuple(done), interrupted=len(done) < self.n_documents)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    (tmp_path / ".tadarag").mkdir()
    return tmp_path


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[tuple[IngestJobs, object]] = []

    def start(take_in: TakeIn, *, most_queued: int = 10) -> IngestJobs:
        jobs = IngestJobs(take_in, folder=folder, journal=JobJournal(folder / ".tadarag"), most_queued=most_queued)
        jobs.start()
        started.append((jobs, take_in))
        return jobs

    yield start
    for jobs, take_in in started:
        if isinstance(take_in, Desk):
            take_in.gate.set()
        jobs.close()


def ended(jobs: IngestJobs, job: Job) -> Job:
    """The job once it has ended."""
    deadline = time.monotonic() + 10
    while (now := jobs.get(job.order.id)).state in ("queued", "running"):
        assert time.monotonic() < deadline, now
        time.sleep(0.01)
    return now


def test_jobs_are_done_in_the_order_of_acceptance(start: Start) -> None:
    desk = Desk()
    desk.gate.set()
    jobs = start(desk)
    accepted = [jobs.submit([name]) for name in ("a.md", "b.md", "c.md")]
    assert [ended(jobs, job).state for job in accepted] == ["done"] * 3
    assert desk.calls == [("a.md",), ("b.md",), ("c.md",)]


def test_a_running_job_tells_its_progress_and_ends_after_the_document_at_hand(start: Start) -> None:
    desk = Desk()
    jobs = start(desk)
    job = jobs.submit(["a.md"])
    assert desk.at_gate.wait(10)
    now = jobs.get(job.order.id)
    assert now.state == "running"
    assert now.progress is not None
    assert now.progress.n_done == 1
    jobs.cancel(job.order.id)
    desk.gate.set()
    last = ended(jobs, job)
    assert last.state == "cancelled"
    assert last.report is not None
    assert len(last.report.added) == 1


def test_a_job_that_waits_is_cancelled_at_once(start: Start, folder: Path) -> None:
    desk = Desk()
    jobs = start(desk)
    jobs.submit(["a.md"])
    assert desk.at_gate.wait(10)
    waiting = jobs.submit(["b.md"])
    assert jobs.cancel(waiting.order.id).state == "cancelled"
    desk.gate.set()
    jobs.close()
    assert desk.calls == [("a.md",)]
    assert waiting.order.id not in [order.id for order in JobJournal(folder / ".tadarag").unfinished()]


def test_what_a_stopped_server_has_not_done_is_done_by_the_next(start: Start) -> None:
    desk = Desk()
    jobs = start(desk)
    first, second = jobs.submit(["a.md"]), jobs.submit(["b.md"])
    assert desk.at_gate.wait(10)
    jobs.ask_stop()
    desk.gate.set()
    assert {job.order.id for job in jobs.close()} == {first.order.id, second.order.id}
    interrupted = jobs.get(first.order.id)
    assert interrupted.state == "interrupted"
    assert interrupted.report is not None
    assert interrupted.report.interrupted

    again = Desk()
    again.gate.set()
    next_jobs = start(again)
    assert [ended(next_jobs, job).state for job in (first, second)] == ["done", "done"]
    assert next_jobs.get(first.order.id).is_resumed
    assert again.calls == [("a.md",), ("b.md",)]


def test_what_is_done_leaves_nothing_in_the_journal(start: Start, folder: Path) -> None:
    desk = Desk()
    desk.gate.set()
    jobs = start(desk)
    ended(jobs, jobs.submit(["a.md"]))
    jobs.close()
    assert not list((folder / ".tadarag" / "jobs").iterdir())


def test_a_job_waits_for_another_process_that_writes(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tadarag.serving.jobs._BUSY_SECONDS", 0.01)
    answers = iter([BaseBusy("written elsewhere", "wait"), IngestReport()])

    def busy_once(*paths: str | Path, tier: str, progress: object, stop: object) -> IngestReport:
        answer = next(answers)
        if isinstance(answer, BaseBusy):
            raise answer
        return answer

    jobs = start(busy_once)
    assert ended(jobs, jobs.submit(["a.md"])).state == "done"


def test_a_job_that_fails_says_why_and_the_next_goes_on(start: Start) -> None:
    def fails_on_a(*paths: str | Path, tier: str, progress: object, stop: object) -> IngestReport:
        if Path(paths[0]).name == "a.md":
            raise UsageError("there is no tier of that name", "choose another")
        if Path(paths[0]).name == "b.md":
            raise ZeroDivisionError
        return IngestReport()

    jobs = start(fails_on_a)
    first, second, third = (jobs.submit([name]) for name in ("a.md", "b.md", "c.md"))
    assert ended(jobs, first).failure == ("UsageError", "there is no tier of that name", "choose another")
    failure = ended(jobs, second).failure
    assert failure is not None
    assert failure[0] == "ZeroDivisionError"
    assert ended(jobs, third).state == "done"


def test_a_file_that_has_gone_before_its_job_began_fails_the_job(start: Start, folder: Path) -> None:
    desk = Desk()
    jobs = start(desk)
    jobs.submit(["a.md"])
    assert desk.at_gate.wait(10)
    job = jobs.submit(["b.md"])
    (folder / "b.md").unlink()
    desk.gate.set()
    failure = ended(jobs, job).failure
    assert failure is not None
    assert "b.md" in failure[1]


def test_only_so_many_jobs_may_wait(start: Start) -> None:
    desk = Desk()
    jobs = start(desk, most_queued=1)
    jobs.submit(["a.md"])
    assert desk.at_gate.wait(10)
    jobs.submit(["b.md"])
    with pytest.raises(Rejected) as refused:
        jobs.submit(["c.md"])
    assert refused.value.status_code == 429


def test_an_unknown_job_is_not_there(start: Start) -> None:
    with pytest.raises(Rejected) as refused:
        start(Desk()).get("none")
    assert refused.value.status_code == 404
