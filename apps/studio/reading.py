"""Documents read in the background, so that a person can ask meanwhile; every session of the studio sees the same reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tadarag import IngestProgress, IngestReport, KnowledgeBase

Step = Callable[[Callable[[IngestProgress], None], Callable[[], bool]], IngestReport]
"""One ingest: told whom to tell of progress, and whom to ask whether to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reading at hand is. fraction: in [0, 1]. seconds_left: None while nothing can be said. waiting: files after it."""

    stage: str = "scanning"
    n_done: int = 0
    n_total: int = 0
    source: str = ""
    seconds: float = 0.0
    seconds_left: float | None = None
    waiting: tuple[Path, ...] = ()
    is_stopping: bool = False

    @property
    def fraction(self) -> float:
        """The share of files that are done."""
        return self.n_done / self.n_total if self.n_total else 0.0


@dataclass(slots=True)
class ReadingRoom:
    """Reads files one batch after the other in a thread of its own; what is added meanwhile waits.

    report: what the last reading did; error: why it did not end well. Both are None while it runs and before the first. n_readings: how many
    have ended.
    """

    base: KnowledgeBase
    report: IngestReport | None = None
    error: Exception | None = None
    n_readings: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _files: list[Path] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=list)
    _progress: Progress | None = None
    _began: float = 0.0
    _stop: bool = False

    def read(self, files: Sequence[Path]) -> None:
        """Read these files, after what is being read now; files that wait together are read together."""
        with self._lock:
            self._files += [file for file in files if file not in self._files]
            self._start()

    def read_folder(self, folder: Path) -> None:
        """Read what is new or has changed in a folder, after what is being read now."""
        with self._lock:
            self._steps.append(lambda tell, stop: self.base.ingest(folder, progress=tell, stop=stop))
            self._start()

    def retry(self) -> None:
        """Read what is in quarantine again, after what is being read now."""
        with self._lock:
            self._steps.append(lambda tell, stop: self.base.retry(progress=tell))
            self._start()

    def stop(self) -> None:
        """End the reading at hand after its document; what is done stays done, what waits is dropped."""
        with self._lock:
            self._stop = True
            self._files.clear()
            self._steps.clear()

    def progress(self) -> Progress | None:
        """How far the reading is, None when nothing is read."""
        with self._lock:
            if self._progress is None:
                return None
            seconds = time.monotonic() - self._began
            left = seconds_left(seconds, self._progress.n_done, self._progress.n_total)
            return replace(self._progress, seconds=seconds, seconds_left=left, waiting=tuple(self._files), is_stopping=self._stop)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is read; returns whether that came about in time."""
        deadline = time.monotonic() + seconds
        while self.progress() is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.progress() is None

    def _start(self) -> None:
        if self._progress is None:
            self._progress, self._stop = Progress(), False
            self._began, self.report, self.error = time.monotonic(), None, None
            threading.Thread(target=self._work, name="studio-reading", daemon=True).start()

    def _work(self) -> None:
        while (step := self._next()) is not None:
            try:
                report = step(self._tell, lambda: self._stop)
            except Exception as error:  # noqa: BLE001 (a worker's door: the reason is kept and shown)
                with self._lock:
                    self.error = error
                    self._files.clear()
                    self._steps.clear()
            else:
                with self._lock:
                    self.report = report if self.report is None else together(self.report, report)

    def _next(self) -> Step | None:
        with self._lock:
            if self._steps or self._files:
                self._stop = False
            if self._steps:
                return self._steps.pop(0)
            if self._files:
                files = tuple(self._files)
                self._files.clear()
                return lambda tell, stop: self.base.ingest(*files, progress=tell, stop=stop)
            self._progress = None
            self.n_readings += 1
            return None

    def _tell(self, told: IngestProgress) -> None:
        with self._lock:
            self._progress = Progress(stage=told.stage, n_done=told.n_done, n_total=told.n_total, source=told.source)


def seconds_left(seconds: float, n_done: int, n_total: int) -> float | None:
    """The time that the rest takes if it goes on as it went; None before the first file is done."""
    return seconds / n_done * (n_total - n_done) if n_done else None


def together(one: IngestReport, other: IngestReport) -> IngestReport:
    """What two ingests in a row did."""
    return IngestReport(
        added=(*one.added, *other.added),
        replaced=(*one.replaced, *other.replaced),
        renamed=(*one.renamed, *other.renamed),
        removed=(*one.removed, *other.removed),
        unchanged=one.unchanged + other.unchanged,
        empty=(*one.empty, *other.empty),
        quarantined=(*one.quarantined, *other.quarantined),
        n_passages=one.n_passages + other.n_passages,
        seconds=one.seconds + other.seconds,
        sequence=other.sequence,
        interrupted=one.interrupted or other.interrupted,
    )
