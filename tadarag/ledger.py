"""What was spent: calls, tokens, money and seconds of every ingest, kept beside the base and no part of its truth."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tadarag.models.language_model import Tokens

_LOG = logging.getLogger(__name__)
LEDGER = "ledger.jsonl"
MEMORIES = "memories"
"""What a memory builder asked, beside the tiers of the extraction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one tier, or the memories, took. seconds: summed over the threads. cost: in the currency of the prices, None where a call's price is
    unknown; 0 without calls. are_estimates: some tokens were not counted by the model."""

    what: str
    n_documents: int = 0
    n_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    are_estimates: bool = False
    cost: float | None = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ingest, retry or reindex. at: UTC, ISO 8601. seconds: from begin to end. stages: seconds by stage; those of reading with encoder
    and extractor are summed over the threads. It names no document."""

    at: str
    action: str
    seconds: float
    cpu_seconds: float
    n_documents: int
    n_passages: int
    stages: tuple[tuple[str, float], ...] = ()
    spent: tuple[Spent, ...] = ()


class Meter:
    """Gathers what one ingest spends, from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._spent: dict[str, Spent] = {}
        self._stages: dict[str, float] = {}
        self._asked: set[str] = set()
        self._began = time.monotonic()
        self._began_cpu = time.process_time()

    def add(self, spent: Spent, *, key: str = "") -> None:
        """Count something. key: of the reply that was paid for."""
        with self._guard:
            now = self._spent.get(spent.what, Spent(what=spent.what))
            self._spent[spent.what] = _sum(spent.what, (now, spent))
            if key:
                self._asked.add(key)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of what happens inside."""
        began = time.perf_counter()
        try:
            yield
        finally:
            seconds = time.perf_counter() - began
            with self._guard:
                self._stages[name] = self._stages.get(name, 0.0) + seconds

    def was_asked(self, key: str) -> bool:
        """Whether the reply of that key has been paid for by this meter."""
        with self._guard:
            return key in self._asked

    @property
    def spent(self) -> tuple[Spent, ...]:
        """Sums so far, sorted by what they were spent on."""
        with self._guard:
            return tuple(self._spent[what] for what in sorted(self._spent))

    def entry(self, action: str, *, n_documents: int, n_passages: int) -> Entry:
        """What this ingest took, from the making of the meter until now."""
        with self._guard:
            stages = tuple((name, round(seconds, 3)) for name, seconds in sorted(self._stages.items()))
        return Entry(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            action=action,
            seconds=round(time.monotonic() - self._began, 3),
            cpu_seconds=round(time.process_time() - self._began_cpu, 3),
            n_documents=n_documents,
            n_passages=n_passages,
            stages=stages,
            spent=self.spent,
        )


def call_spent(what: str, tokens: Tokens, cost: float | None) -> Spent:
    """One call of a model."""
    return Spent(
        what=what,
        n_calls=1,
        prompt_tokens=tokens.prompt,
        completion_tokens=tokens.completion,
        are_estimates=tokens.are_estimates,
        cost=cost,
    )


@contextmanager
def recorded_in(folder: Path, entry: Callable[[], Entry | None]) -> Iterator[None]:
    """Record what happens inside in the ledger of a base, also when it is stopped: what was asked was paid for. entry: None where it was nothing.

    A ledger that cannot be written is warned of: it is no part of the truth, and must hide neither what was kept nor what went wrong.
    """
    try:
        yield
    finally:
        made = entry()
        try:
            if made is not None:
                append_entry(folder, made)
        except OSError as error:
            _LOG.warning("what this took could not be written to the ledger of %s: %s", folder, error)


def copy_ledger(folder: Path, target: Path) -> None:
    """Let a copy of a base have the same ledger, without a line that is just being written; nothing where there is none."""
    file = folder / LEDGER
    if file.is_file():
        body = file.read_bytes()
        (target / LEDGER).write_bytes(body[: body.rfind(b"\n") + 1])


def append_entry(folder: Path, entry: Entry) -> None:
    """Write an entry at the end of the ledger of a base. A line that a power cut left half written is closed first."""
    file = folder / LEDGER
    body = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True) + "\n"
    with file.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            body = body if stream.read(1) == b"\n" else "\n" + body
        stream.write(body.encode())


def read_ledger(folder: Path) -> tuple[Entry, ...]:
    """All entries, oldest first; lines that are no entry (a power cut) are passed over."""
    file = folder / LEDGER
    if not file.is_file():
        return ()
    lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    return tuple(entry for entry in map(_entry_of, lines) if entry is not None)


def total_spent(entries: Iterable[Entry]) -> tuple[Spent, ...]:
    """Sums over entries by what was spent on, sorted."""
    parts: dict[str, list[Spent]] = {}
    for entry in entries:
        for spent in entry.spent:
            parts.setdefault(spent.what, []).append(spent)
    return tuple(_sum(what, parts[what]) for what in sorted(parts))


def _sum(what: str, parts: Sequence[Spent]) -> Spent:
    costs = [part.cost for part in parts]
    return Spent(
        what=what,
        n_documents=sum(part.n_documents for part in parts),
        n_calls=sum(part.n_calls for part in parts),
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        completion_tokens=sum(part.completion_tokens for part in parts),
        are_estimates=any(part.are_estimates for part in parts),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        seconds=round(sum(part.seconds for part in parts), 3),
    )


def _entry_of(line: str) -> Entry | None:
    try:
        value: dict[str, Any] = json.loads(line)
        spent = tuple(Spent(**part) for part in value.pop("spent"))
        stages = tuple((str(name), float(seconds)) for name, seconds in value.pop("stages"))
        return Entry(**value, stages=stages, spent=spent)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
