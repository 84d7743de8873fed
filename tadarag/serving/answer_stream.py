"""The events of an answer that is made in a thread, for an event loop to pass on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

from tadarag.serving.pools import BoundedPool
from tadarag.values import Answer, AnswerEvent

Ask: TypeAlias = Callable[[Callable[[AnswerEvent], None]], Answer]
IDLE_SECONDS = 10.0
_FIRST_SECONDS = 5.0


class _ClientGone(Exception):
    """Ends the making of an answer that nobody waits for any more."""


class AnswerStream:
    """One answer in the making. `start` gives its first event, or raises what went wrong before it; `rest` gives the others.

    The thread is told to stop at its next event once the reader of `rest` has gone.
    """

    def __init__(self, pool: BoundedPool, ask: Ask) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[AnswerEvent | BaseException | None] = asyncio.Queue()
        self._is_gone = False
        future = pool.submit(lambda: ask(self._tell))
        future.add_done_callback(lambda done: self._put(None if done.cancelled() else done.exception()))

    async def start(self) -> AnswerEvent | None:
        """The first event; None when there is none after some seconds, so that the reply can begin."""
        try:
            first = await asyncio.wait_for(self._queue.get(), _FIRST_SECONDS)
        except TimeoutError:
            return None
        if isinstance(first, BaseException):
            raise first
        return first

    async def rest(self) -> AsyncIterator[AnswerEvent | None]:
        """Further events up to "done"; None now and then while nothing happens. Raises what went wrong."""
        try:
            while True:
                try:
                    event = await asyncio.wait_for(self._queue.get(), IDLE_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if isinstance(event, BaseException):
                    raise event
                if event is None:
                    return
                yield event
        finally:
            self._is_gone = True

    def leave(self) -> None:
        """Nobody waits any more."""
        self._is_gone = True

    def _tell(self, event: AnswerEvent) -> None:
        if self._is_gone:
            raise _ClientGone
        self._put(event)

    def _put(self, event: AnswerEvent | BaseException | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)
