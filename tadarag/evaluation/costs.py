"""What a run costs: memory, encoder rate and latencies, measured in the same process as the run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from types import TracebackType

import numpy as np

from tadarag.models.encoder import Encoder, EncodingRequest, read_all

if sys.platform != "win32":
    import resource

_MEBIBYTE = 1024**2
_SAMPLE_SECONDS = 0.05


class MemoryPeak:
    """Peak memory of this process while the block runs, in MiB.

    `resident` counts everything since the process started, mapped files included (ru_maxrss). `anonymous` is the highest sampled value of
    RssAnon, which leaves mapped files out: they are cache that the system may drop. None where the system does not tell.
    """

    def __init__(self) -> None:
        self.resident: float | None = None
        self.anonymous: float | None = None
        self._stop = Event()
        self._sampler = Thread(target=self._sample, name="memory-peak", daemon=True)

    def __enter__(self) -> MemoryPeak:
        self.anonymous = _anonymous_mebibytes()
        self._sampler.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._sampler.join()
        self.resident = _resident_mebibytes()

    def _sample(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            now = _anonymous_mebibytes()
            if now is not None:
                self.anonymous = max(self.anonymous or 0.0, now)


def bare_encoder_rate(encoder: Encoder, requests: Sequence[EncodingRequest], *, n_workers: int) -> float:
    """Passages a second of the encoder alone: one text a run, `n_workers` at a time, as an ingest does it."""
    for _ in read_all(encoder, requests[: 4 * n_workers], workers=n_workers):  # warm-up: the model is loaded at the first text
        pass
    started = perf_counter()
    n_read = sum(1 for _ in read_all(encoder, requests, workers=n_workers))
    return n_read / (perf_counter() - started)


def usable_cores() -> int:
    """Cores that this process may use: how many workers an ingest takes by default."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_average() -> float | None:
    """Mean number of runnable processes over the last minute: above the number of cores, latencies say little. None where not told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def latency(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile of query times, in milliseconds."""
    p50, p95 = np.percentile(np.asarray(seconds), (50, 95)) * 1_000
    return {"query_ms_p50": float(p50), "query_ms_p95": float(p95)}


def _resident_mebibytes() -> float | None:
    if sys.platform == "win32":
        return None
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MEBIBYTE


def _anonymous_mebibytes() -> float | None:
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return None
