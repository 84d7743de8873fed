"""How much one client may ask of the server."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """upload_bytes: a whole upload; body_bytes: any other request. requests_per_minute: of one client, in bursts up to that many;
    requests_at_once: of one client. connections: of all clients together.

    header_seconds: for the head of a request. body_seconds: for its body, and a second more for each body_bytes_per_second that came.
    stall_seconds: how long a client may leave an answer unread. waiting: searches, and answers, that may wait for a free thread.
    """

    upload_bytes: int = 100 * MEGABYTE
    upload_files: int = 100
    body_bytes: int = MEGABYTE
    requests_per_minute: int = 6000
    requests_at_once: int = 64
    connections: int = 512
    header_seconds: float = 10.0
    body_seconds: float = 15.0
    body_bytes_per_second: int = 16_000
    stall_seconds: float = 30.0
    search_threads: int = 4
    answer_threads: int = 8
    waiting: int = 256
    queued_jobs: int = 100
