"""Connections of clients that say nothing, or do not read what they asked for, are closed."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def patient_protocol(*, header_seconds: float, stall_seconds: float) -> type[asyncio.Protocol]:
    """uvicorn's protocol of HTTP/1.1 with an end to its patience.

    header_seconds: from the connection, or from the first byte of a further request, to the end of the head of a request.
    stall_seconds: for which an answer may lie unread.
    """

    class PatientProtocol(H11Protocol):
        _head_timer: asyncio.TimerHandle | None = None
        _stall_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._watch_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch_head()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            for timer in (self._head_timer, self._stall_timer):
                if timer is not None:
                    timer.cancel()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._stall_timer = self.loop.call_later(stall_seconds, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            if self._stall_timer is not None:
                self._stall_timer.cancel()
                self._stall_timer = None

        def _watch_head(self) -> None:
            is_between_requests = self.cycle is None or self.cycle.response_complete
            if not is_between_requests and self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
            elif is_between_requests and self._head_timer is None:
                self._head_timer = self.loop.call_later(header_seconds, self._end_patience)

        def _end_patience(self) -> None:
            self._head_timer = None
            if self.cycle is None or self.cycle.response_complete:
                self.transport.abort()

    return PatientProtocol
