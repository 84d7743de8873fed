"""A server over one base, from its first request to its end between two documents."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from tadarag.serving.app import guarded, make_app
from tadarag.serving.service import Service
from tadarag.serving.slow_clients import patient_protocol

_GRACE_SECONDS = 10
"""For answers that are being sent when the server is to end."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def serve(service: Service, listening: socket.socket, *, token: str, is_loopback: bool, on_stop: Callable[[], None] = lambda: None) -> None:
    """Answer until SIGINT or SIGTERM; then end after the document at hand, and close the service. A second signal ends at once.

    on_stop: told of the first signal.
    """
    limits = service.limits
    config = uvicorn.Config(
        guarded(make_app(service), service, token=token, is_loopback=is_loopback),
        http=patient_protocol(header_seconds=limits.header_seconds, stall_seconds=limits.stall_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # questions and names of documents are nobody's business
        proxy_headers=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    _Server(config, service, on_stop).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, service: Service, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._service, self._on_stop = service, on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            os._exit(128 + signal.SIGINT)  # asked twice: what was acknowledged is safe either way
        self._service.ask_stop()
        self._on_stop()
        self.should_exit = True  # not kept for raising again: this process ends by itself
