"""Suites run in the background, one after the other, so that a person can ask meanwhile."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from tadarag import Evaluations


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The suite at hand and how far it is: the stage, steps done and all steps of that stage."""

    suite: str
    stage: str = ""
    n_done: int = 0
    n_total: int = 0

    @property
    def fraction(self) -> float:
        """The share of the stage that is done."""
        return min(1.0, self.n_done / self.n_total) if self.n_total else 0.0


@dataclass(slots=True)
class EvaluationRoom:
    """Runs one suite at a time in a thread of its own; every session of the studio sees the same run.

    finished: the name of the run that ended last; error: why the last did not. Both are None before the first.
    """

    evaluations: Evaluations
    finished: str | None = None
    error: Exception | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: Running | None = None

    def start(self, suite: str, *, limit: int | None = None) -> bool:
        """Run a suite; False, and nothing done, while another is running."""
        with self._lock:
            if self._running is not None:
                return False
            self._running, self.error = Running(suite=suite), None
            threading.Thread(target=self._work, args=(suite, limit), name="studio-evaluating", daemon=True).start()
            return True

    def running(self) -> Running | None:
        """The suite at hand, None when none is."""
        with self._lock:
            return self._running

    def wait(self, seconds: float) -> bool:
        """Wait until nothing runs; returns whether that came about in time."""
        deadline = time.monotonic() + seconds
        while self.running() is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.running() is None

    def _work(self, suite: str, limit: int | None) -> None:
        try:
            name = self.evaluations.run(suite, limit=limit, progress=self._tell)
        except Exception as error:  # noqa: BLE001 (a worker's door: the reason is kept and shown)
            with self._lock:
                self.error, self._running = error, None
        else:
            with self._lock:
                self.finished, self._running = name, None

    def _tell(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            if self._running is not None:
                self._running = Running(suite=self._running.suite, stage=stage, n_done=done, n_total=total)
