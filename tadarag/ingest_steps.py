"""The steps of an ingest, and the change of the base that they grow into."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.store.protocol import Change, Decision, FileState, Quarantined
from tadarag.values import Document, Record, SourceName


@dataclass(frozen=True, slots=True)
class Put:
    """A document to derive. is_renewal: it is present, and another tier is to read it."""

    source: SourceName
    content: str
    document: Document
    is_renewal: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """A source that goes. is_rename: its content comes back under another name in the same change."""

    source: SourceName
    is_rename: bool = False


@dataclass(frozen=True, slots=True)
class FileDone:
    """A file was read, or has not changed."""

    state: FileState


@dataclass(frozen=True, slots=True)
class Forget:
    """A file that is no longer there."""

    root: str
    path: str


Step = Put | Remove | FileDone | Forget | Quarantined


@dataclass(frozen=True, slots=True)
class Derived:
    """A put's record, or why there is none, and what is decided with it."""

    put: Put
    result: Record | Quarantined
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a document that could not be derived."""

    decisions: tuple[Decision, ...]


Applied = Derived | Decided | Remove | FileDone | Forget | Quarantined


class GrowingChange:
    """The change that the next transaction will make."""

    def __init__(self) -> None:
        self._steps: list[Applied] = []
        self.recorded: list[tuple[str, str]] = []
        self.n_passages = 0

    def add(self, step: Applied) -> None:
        """Append a step."""
        self._steps.append(step)
        if isinstance(step, Derived) and isinstance(step.result, Record):
            self.n_passages += len(step.result.chunks) or 1

    def is_empty(self) -> bool:
        """Whether nothing has been added since the last take."""
        return not self._steps and not self.recorded

    def take(self) -> Change:
        """The change so far; a new one begins."""
        steps, self._steps, self.n_passages = self._steps, [], 0
        recorded, self.recorded = self.recorded, []
        derived = [step for step in steps if isinstance(step, Derived)]
        records = {step.result.source: step.result for step in derived if isinstance(step.result, Record)}
        decided = [step.decisions for step in steps if isinstance(step, Derived | Decided)]
        return Change(
            put=tuple(records.values()),
            removed=tuple(step.source for step in steps if isinstance(step, Remove) and step.source not in records),
            quarantined=tuple(step for step in steps if isinstance(step, Quarantined)),
            files=tuple(step.state for step in steps if isinstance(step, FileDone)),
            forget_files=tuple((step.root, step.path) for step in steps if isinstance(step, Forget)),
            decisions=tuple(decision for decisions in decided for decision in decisions),
            recorded=tuple(recorded),
            renewed=tuple(dict.fromkeys(step.put.content for step in derived if step.decisions)),
        )
