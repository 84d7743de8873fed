"""The encoder seam: one pass over a text gives its vector and a vector for each of its sentences."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import EncoderBroken
from tadarag.values import Encoded, Span

Kind = Literal["passage", "query"]
_READ_AHEAD_PER_WORKER = 4
_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Encoder(Protocol):
    """Text in, unit vectors out. Same text, same bytes: nothing else that is read, before or beside it, changes a vector.

    fingerprint: changes whenever any vector could change. dimension: floats in a vector. trunk: names the states that `read` returns, ""
    when it returns none; states of equal names are equal bytes for equal text.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def trunk(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """Encode `text`, and each of its sentences in the light of the whole text where the encoder can.

        sentence_spans: ranges in `text`, any order; one that covers no token gets the vector of the whole text.
        Text beyond the encoder's limit is cut, not refused: sentences that lie there get the vector of the whole text, so keep
        passages at or under 200 tokens. Empty text has a vector too. Raises ValueError for a span that is not inside the text,
        EncoderBroken for an unusable vector.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens the text has for this encoder, uncut, without the prefix and marks that `read` adds."""
        ...


@dataclass(frozen=True, slots=True)
class EncodingRequest:
    """The arguments of one `Encoder.read`."""

    text: str
    sentence_spans: Sequence[Span] = ()
    kind: Kind = "passage"


def read_all(encoder: Encoder, requests: Iterable[EncodingRequest], *, workers: int) -> Iterator[Encoded]:
    """Read each request in a run of its own, `workers` at a time in threads; results in the order of the requests (see `map_ahead`)."""

    def read(request: EncodingRequest) -> Encoded:
        return encoder.read(request.text, request.sentence_spans, kind=request.kind)

    return map_ahead(read, requests, workers=workers)


def map_ahead(read: Callable[[_In], _Out], requests: Iterable[_In], *, workers: int) -> Iterator[_Out]:
    """Like `map`, with `workers` threads; results in the order of the requests.

    `requests` is read a little ahead and never held whole. An error surfaces at its request's place.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if workers == 1:
        yield from map(read, requests)
        return
    remaining = iter(requests)
    with ThreadPoolExecutor(workers, thread_name_prefix="encoder") as pool:
        pending: deque[Future[_Out]] = deque(pool.submit(read, request) for request in islice(remaining, workers * _READ_AHEAD_PER_WORKER))
        try:
            while pending:
                yield pending.popleft().result()
                pending.extend(pool.submit(read, request) for request in islice(remaining, 1))
        finally:
            for future in pending:  # the caller stopped early, or a read failed: do not encode what nobody will take
                future.cancel()


def unit_vector(raw: NDArray[np.float32], source: str) -> NDArray[np.float32]:
    """Scale raw float32[d] to unit length. Raises EncoderBroken, naming `source`, when it is not finite, all zero or constant."""
    if not np.isfinite(raw).all():
        fault = "is not finite"
    elif raw.size > 1 and raw.min() == raw.max():  # all zero is the commonest constant
        fault = f"has the same value, {float(raw[0])}, in every place"
    else:
        # float64: the sum of squares of a float32 vector can overflow or vanish in float32
        return (raw / np.linalg.norm(raw.astype(np.float64))).astype(np.float32)
    raise EncoderBroken(f"a vector from {source} {fault}", "check the encoder with: tadarag doctor")


def check_spans(text: str, spans: Iterable[Span]) -> None:
    """Raise ValueError for a span that does not lie inside `text`."""
    for span in spans:
        if not 0 <= span.start <= span.end <= len(text):
            raise ValueError(f"span [{span.start}, {span.end}) is not inside a text of {len(text)} characters")


def heading_context(heading_path: Sequence[str]) -> str:
    """What an encoder reads before a passage's text."""
    return "".join(f"{heading}. " for heading in heading_path)
