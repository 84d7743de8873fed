"""What an ingest has done so far, as its report will say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tadarag.ingest_steps import Derived
from tadarag.reports import IngestReport
from tadarag.store.protocol import Quarantined
from tadarag.store.segment import UNLINKED_KINDS
from tadarag.tier_choice import TierChoice
from tadarag.values import SourceName


@dataclass(slots=True)
class Counts:
    """What an ingest has done so far, as its report will say."""

    added: list[SourceName] = field(default_factory=list)
    replaced: list[SourceName] = field(default_factory=list)
    renamed: list[tuple[SourceName, SourceName]] = field(default_factory=list)
    renamed_to: set[SourceName] = field(default_factory=set)
    removed: list[SourceName] = field(default_factory=list)
    empty: list[SourceName] = field(default_factory=list)
    nameless: list[SourceName] = field(default_factory=list)
    tiers: dict[str, int] = field(default_factory=dict)
    lowered: list[tuple[SourceName, str, str]] = field(default_factory=list)
    quarantined: list[tuple[SourceName, str, str]] = field(default_factory=list)
    unchanged: int = 0
    n_skipped: int = 0
    n_passages: int = 0
    n_files: int = 0
    interrupted: bool = False

    def count(self, derived: Derived, present: Collection[SourceName], choice: TierChoice) -> None:
        """Count a document that was derived, or that stays as it was because its tier could not read it."""
        record, content = derived.result, derived.put.content
        if isinstance(record, Quarantined):
            self.lowered.append((record.source, choice.tier_before(content), f"{record.reason}; {record.do}"))
            return
        chosen = choice.choose(content, derived.put.document)
        self.tiers[chosen.tier] = self.tiers.get(chosen.tier, 0) + 1
        if chosen.lowered:
            self.lowered.append((record.source, chosen.tier, chosen.lowered))
        if record.chunks and all(mention.kind in UNLINKED_KINDS for mention in record.extraction.mentions):
            self.nameless.append(record.source)
        self.n_passages += len(record.chunks)
        if record.source in self.renamed_to:
            return
        (self.replaced if record.source in present else self.added).append(record.source)
        if not record.chunks:
            self.empty.append(record.source)

    def report(self, *, seconds: float, sequence: int) -> IngestReport:
        """The counts as a report."""
        return IngestReport(
            added=tuple(self.added),
            replaced=tuple(self.replaced),
            renamed=tuple(self.renamed),
            removed=tuple(self.removed),
            unchanged=self.unchanged,
            n_skipped=self.n_skipped,
            empty=tuple(self.empty),
            nameless=tuple(self.nameless),
            tiers=tuple(sorted(self.tiers.items())),
            lowered=tuple(self.lowered),
            quarantined=tuple(self.quarantined),
            n_passages=self.n_passages,
            seconds=seconds,
            sequence=sequence,
            interrupted=self.interrupted,
        )
