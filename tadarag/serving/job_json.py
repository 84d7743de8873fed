"""Jobs as plain values of JSON, with the outcome of every document they changed or could not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tadarag.answer_json import Json
from tadarag.base_json import report_json
from tadarag.reports import IngestReport
from tadarag.serving.jobs import Job


def job_json(job: Job, *, folder: Path) -> Json:
    """A job; `documents` and `report` are there when it has ended by itself. folder: that of the documents, whose place is not told."""
    progress, report, failure = job.progress, job.report, job.failure
    return {
        "id": job.order.id,
        "state": job.state,
        "paths": list(job.order.paths),
        "tier": job.order.tier,
        "created": job.order.created,
        "started": job.started,
        "ended": job.ended,
        "is_resumed": job.is_resumed,
        "progress": None
        if progress is None
        else {
            "n_done": progress.n_done,
            "n_total": progress.n_total,
            "n_passages": progress.n_passages,
            "source": progress.source,
            "stage": progress.stage,
        },
        "documents": [] if report is None else list(_outcomes(report)),
        "report": None if report is None else report_json(report),
        "failure": None
        if failure is None
        else dict(zip(("kind", "happened", "do"), (part.replace(str(folder), folder.name or ".") for part in failure), strict=True)),
    }


def _outcomes(report: IngestReport) -> Iterator[Json]:
    """One entry a document: added, replaced, renamed, removed, empty (no text in it) or quarantined (with the reason)."""
    empty = set(report.empty)
    for outcome, sources in (("added", report.added), ("replaced", report.replaced), ("removed", report.removed)):
        for source in sources:
            yield _outcome(str(source), "empty" if source in empty and outcome != "removed" else outcome)
    for _, source in report.renamed:
        yield _outcome(str(source), "renamed")
    for source in report.empty:
        if source not in {*report.added, *report.replaced}:
            yield _outcome(str(source), "empty")
    for source, reason, do in report.quarantined:
        yield _outcome(str(source), "quarantined", reason, do)


def _outcome(source: str, outcome: str, reason: str = "", do: str = "") -> Json:
    return {"source": source, "outcome": outcome, "reason": reason, "do": do}
