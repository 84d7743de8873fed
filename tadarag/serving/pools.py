"""Blocking work of many requests in a few threads, with a bounded number of them waiting."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from tadarag.serving.problems import Rejected

T = TypeVar("T")


class BoundedPool:
    """Threads that answer; who comes when too many wait is sent away at once instead of waiting for ever."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"tadarag-{name}")
        self._most = threads + waiting
        self._count_guard = threading.Lock()
        self._n_taken = 0

    @property
    def n_taken(self) -> int:
        """Requests that are worked on or wait."""
        return self._n_taken

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Begin or queue work. Raises Rejected (503) when too much waits."""
        with self._count_guard:
            if self._n_taken >= self._most:
                raise Rejected(503, "the server has more to do than it can hold", "try again in a moment", headers={"Retry-After": "2"})
            self._n_taken += 1
        future = self._executor.submit(work)
        future.add_done_callback(self._release)  # when it has really ended, also if the client has gone meanwhile
        return future

    async def run(self, work: Callable[[], T]) -> T:
        """The result of work done in a thread. Raises what it raises, and Rejected as `submit` does."""
        return await asyncio.wrap_future(self.submit(work))

    def close(self) -> None:
        """Wait for what is being worked on; what waits is dropped."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _release(self, future: Future[Any]) -> None:
        with self._count_guard:
            self._n_taken -= 1
