"""What an ingest did or would take, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tadarag.cli.output import ExitCode, counted, one_line

if TYPE_CHECKING:
    from tadarag.reports import IngestEstimate, IngestReport, ReadingEstimate, TierEstimate
    from tadarag.values import SourceName

_SHOWN_NAMES = 8


def report_lines(report: IngestReport) -> Iterator[str]:
    """The documents that need attention, then one line that sums up."""
    yield from quarantine_lines(report.quarantined)
    for source in report.empty:
        yield f"no text: {one_line(str(source))} (an image, or an empty file?)"
    yield from nameless_lines(report.nameless)
    lowered: dict[tuple[str, str], list[SourceName]] = {}
    for source, tier, reason in report.lowered:
        lowered.setdefault((tier, reason), []).append(source)
    for (tier, reason), sources in lowered.items():
        yield f"read by {tier}, because {one_line(reason)}: {some_names(sources)}"
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


def nameless_lines(sources: Sequence[SourceName]) -> Iterator[str]:
    """The documents that yielded nothing: they are searched, but no link leads to them."""
    if sources:
        yield f"no names found in {counted(len(sources), 'document')}: {some_names(sources)}"


def some_names(sources: Sequence[SourceName]) -> str:
    """The first of many names; --json lists them all."""
    shown = ", ".join(one_line(str(source)) for source in sources[:_SHOWN_NAMES])
    return shown if len(sources) <= _SHOWN_NAMES else f"{shown} and {len(sources) - _SHOWN_NAMES} more"


def quarantine_lines(quarantined: tuple[tuple[SourceName, str, str], ...]) -> Iterator[str]:
    """Two lines for each document that could not be read: why, and what to do."""
    for source, reason, do in quarantined:
        yield f"quarantined: {one_line(str(source))}: {one_line(reason)}"
        yield f"  do: {one_line(do)}"


def report_code(report: IngestReport) -> ExitCode:
    """The exit status that a report stands for."""
    if report.interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.QUARANTINED if report.quarantined else ExitCode.DONE


def changes(report: IngestReport) -> bool:
    """Whether the ingest found anything new."""
    return bool(report.added or report.replaced or report.renamed or report.removed or report.quarantined or report.empty)


def estimate_lines(estimate: IngestEstimate) -> Iterator[str]:
    """What an ingest would take: one line for the memories where a model builds them, one for each tier, one for this computer."""
    yield f"{counted(estimate.n_documents, 'document')} to read"
    if estimate.memories.model:
        yield f"memories: {_asked(estimate.memories)}"
    for tier in estimate.tiers:
        yield f"{tier.tier}: {counted(tier.n_documents, 'document')}; {_asked(tier) if tier.model else 'asks no model'}"
    if estimate.n_documents:
        sampled = f"measured on {counted(estimate.n_sampled, 'document')}"
        yield f"about {estimate.seconds:.1f} s on this computer, {estimate.cpu_seconds:.1f} s of processor time ({sampled})"


def _asked(part: ReadingEstimate | TierEstimate) -> str:
    about = "about " if part.are_estimates else ""
    cost = "unknown" if part.cost is None else f"{part.cost:.4f}"
    tokens = f"{about}{part.prompt_tokens:,} tokens in, about {part.completion_tokens:,} out"
    return f"at most {counted(part.n_calls, 'call')} of {one_line(part.model)}, {tokens}; cost {cost}"
