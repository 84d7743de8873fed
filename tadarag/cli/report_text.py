"""What an ingest did, as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tadarag.cli.output import ExitCode, counted, one_line

if TYPE_CHECKING:
    from tadarag.values import IngestReport, ReadingEstimate, SourceName


def report_lines(report: IngestReport) -> Iterator[str]:
    """The documents that need attention, then one line that sums up."""
    yield from quarantine_lines(report.quarantined)
    for source in report.empty:
        yield f"no text: {one_line(str(source))} (an image, or an empty file?)"
    counts = [
        (len(report.added), "added"),
        (len(report.replaced), "replaced"),
        (len(report.renamed), "renamed"),
        (len(report.removed), "removed"),
        (report.unchanged, "unchanged"),
        (len(report.empty), "without text"),
        (len(report.quarantined), "quarantined"),
    ]
    summary = ", ".join(f"{count} {what}" for count, what in counts if count) or "no documents found"
    speed = f" ({counted(report.n_passages, 'passage')} in {report.seconds:.1f} s)" if report.n_passages else ""
    yield summary + speed


def quarantine_lines(quarantined: tuple[tuple[SourceName, str, str], ...]) -> Iterator[str]:
    """Two lines for each document that could not be read: why, and what to do."""
    for source, reason, do in quarantined:
        yield f"quarantined: {one_line(str(source))}: {one_line(reason)}"
        yield f"  do: {one_line(do)}"


def report_document(report: IngestReport) -> dict[str, object]:
    """The report as JSON."""
    return {
        "added": [str(source) for source in report.added],
        "replaced": [str(source) for source in report.replaced],
        "renamed": [[str(before), str(after)] for before, after in report.renamed],
        "removed": [str(source) for source in report.removed],
        "unchanged": report.unchanged,
        "empty": [str(source) for source in report.empty],
        "quarantined": quarantine_documents(report.quarantined),
        "n_passages": report.n_passages,
        "seconds": report.seconds,
        "sequence": report.sequence,
        "interrupted": report.interrupted,
    }


def quarantine_documents(quarantined: tuple[tuple[SourceName, str, str], ...]) -> list[dict[str, str]]:
    """Quarantined documents as JSON."""
    return [{"source": str(source), "reason": reason, "do": do} for source, reason, do in quarantined]


def report_code(report: IngestReport) -> ExitCode:
    """The exit status that a report stands for."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.QUARANTINED if report.quarantined else ExitCode.DONE


def changes(report: IngestReport) -> bool:
    """Whether the ingest found anything new."""
    return bool(report.added or report.replaced or report.renamed or report.removed or report.quarantined or report.empty)


def estimate_lines(estimate: ReadingEstimate) -> list[str]:
    """What an ingest would ask a model, in one line."""
    documents = f"{counted(estimate.n_documents, 'document')} to read"
    if not estimate.model:
        return [f"{documents}; the memory builder of this base asks no model"]
    about = "about " if estimate.are_estimates else ""
    cost = "unknown" if estimate.cost is None else f"{estimate.cost:.4f}"
    tokens = f"{about}{estimate.prompt_tokens:,} tokens in, about {estimate.completion_tokens:,} out"
    return [f"{documents}: at most {counted(estimate.n_calls, 'call')} of {one_line(estimate.model)}, {tokens}; cost {cost}"]


def estimate_document(estimate: ReadingEstimate) -> dict[str, object]:
    """The estimate as JSON; a cost that is not known is null."""
    return {
        "model": estimate.model,
        "n_documents": estimate.n_documents,
        "n_calls": estimate.n_calls,
        "prompt_tokens": estimate.prompt_tokens,
        "completion_tokens": estimate.completion_tokens,
        "are_estimates": estimate.are_estimates,
        "cost": estimate.cost,
    }
