"""Where the chunks of a model begin: its copied anchors, found in the text in one rising order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mom.normalisation import Normalised, normalise
from mom.values import Span

MAX_DISTANCE = 0.3  # of an anchor to what it may stand for, as a share of the anchor's length
SLACK = 2  # how many characters longer or shorter that may be
BEST = 5  # inexact places kept for an anchor
LONGEST_ANCHOR = 40  # a model that copies more says no more by it
TAIL_COST, SKIP_COST = 0.1, 0.5
GAP_SHARE = 0.2
MIN_SCORE, MAX_SKIPPED = 0.7, 0.2


@dataclass(frozen=True, slots=True)
class Anchors:
    """The first and the last characters of a chunk as a model copied them; either may be empty."""

    head: str
    tail: str


@dataclass(frozen=True, slots=True)
class AnchorHit:
    """A place of the text that an anchor may stand for. distance: edits; share: edits by the length of the normalised anchor."""

    span: Span
    distance: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedChunk:
    """A chunk of the text with the item that begins it. others: skipped items whose tail lies in it. gap: its own tail does not end it."""

    item: int
    span: Span
    distance: float
    gap: bool
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Chunks that tile the text, none where no anchor was found. score: 1 - mean share of edits, a skipped item counting 1.

    dropped: items that stand nowhere in the text.
    """

    chunks: tuple[AlignedChunk, ...]
    score: float
    n_items: int
    dropped: tuple[int, ...] = ()

    @property
    def n_skipped(self) -> int:
        """Items that begin no chunk."""
        return self.n_items - len(self.chunks)

    @property
    def is_rejected(self) -> bool:
        """Whether too little of the model's reading was found to trust the rest. Source: mom.md 5, step 6."""
        return not self.chunks or self.score < MIN_SCORE or self.n_skipped > MAX_SKIPPED * self.n_items


def align(text: str, items: Sequence[Anchors]) -> Alignment:
    """Lay the chunks that the anchors name over the text.

    Chunk i runs from its head to the next head, the first from 0, the last to the end. One head an item, rising strictly, minimising the
    sum of edit shares + 0.1 for each item whose tail does not match inside its chunk + 0.5 for each skipped item; ties go to placing over
    skipping, then to the earlier place. Source: mom.md 5, steps 1-6.
    """
    source = normalise(text)
    heads = [_hits(source, item.head, is_tail=False) for item in items]
    tails = [_hits(source, item.tail, is_tail=True) for item in items]
    places = _choose(source, heads, tails)
    if not places:
        return Alignment(chunks=(), score=0.0, n_items=len(items), dropped=tuple(range(len(items))))
    starts = [0, *(source.starts[hit.start] for _, hit in places[1:])]
    spans = [Span(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    placed = {item for item, _ in places}
    joined: dict[int, list[int]] = {}
    dropped: list[int] = []
    for item in range(len(items)):
        if item not in placed:
            chunk = _chunk_of(tails[item], source, spans)
            (dropped if chunk is None else joined.setdefault(chunk, [])).append(item)
    chunks = tuple(
        AlignedChunk(
            item=item,
            span=span,
            distance=hit.share,
            gap=bool(items[item].tail.strip()) and not _ends_near(tails[item], source, span),
            others=tuple(joined.get(index, ())),
        )
        for index, ((item, hit), span) in enumerate(zip(places, spans, strict=True))
    )
    lost = len(items) - len(places) + sum(hit.share for _, hit in places)
    return Alignment(chunks=chunks, score=1 - lost / len(items), n_items=len(items), dropped=tuple(dropped))


def find_anchor(text: str, anchor: str) -> tuple[AnchorHit, ...]:
    """Where an anchor may stand: every exact place, else the best inexact ones, best first (fewest edits, nearest length, earliest)."""
    source = normalise(text)
    hits = _hits(source, anchor, is_tail=False)
    return tuple(AnchorHit(Span(source.starts[hit.start], source.ends[hit.end - 1]), hit.distance, hit.share) for hit in hits)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place in the normalised text."""

    start: int
    end: int
    distance: int
    share: float


def _hits(source: Normalised, anchor: str, *, is_tail: bool) -> list[_Hit]:
    """Hits of an anchor, exact ones in text order or inexact ones best first; each begins where a character of the source does."""
    wanted = normalise(anchor).text
    wanted = (wanted[-LONGEST_ANCHOR:] if is_tail else wanted[:LONGEST_ANCHOR]).strip()
    if not wanted:
        return []
    hits = []
    place = source.text.find(wanted)
    while place >= 0:
        hits.append(_Hit(place, place + len(wanted), 0, 0.0))
        place = source.text.find(wanted, place + 1)
    found = hits or _inexact(source.text, wanted)
    return [hit for hit in found if hit.start == 0 or source.starts[hit.start] != source.starts[hit.start - 1]]


def _inexact(text: str, anchor: str) -> list[_Hit]:
    """The best places within the allowed edits, no two of them nearer than half the anchor; windows of its length +-2."""
    length = len(anchor)
    most = int(MAX_DISTANCE * length)
    if most < 1 or not text:
        return []
    distances, lengths = _window_distances(text, anchor, most)
    near = np.flatnonzero(distances <= most)
    order = sorted((int(distances[start]), abs(int(lengths[start]) - length), int(start)) for start in near)
    best: list[_Hit] = []
    for distance, _, start in order:
        if len(best) < BEST and all(abs(start - hit.start) * 2 > length for hit in best):
            best.append(_Hit(start, start + int(lengths[start]), distance, distance / length))
    return best


def _window_distances(text: str, anchor: str, most: int) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """For each start the least edit distance of the anchor to a window of its length +-2 there, and that window's length.

    Levenshtein's recurrence for all starts at once, in the band that `most` edits can reach. Ties go to the length nearest the anchor's.
    """
    n, length = len(text), len(anchor)
    codes = np.zeros(n + length + SLACK, np.int32)  # padded with a character that no anchor holds
    codes[:n] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)
    far = np.int16(most + 1)
    row = [np.full(n, min(j, most + 1), np.int16) for j in range(length + SLACK + 1)]
    for i, character in enumerate(map(ord, anchor), start=1):
        above, row[0] = row[0], np.full(n, min(i, most + 1), np.int16)
        low, high = max(1, i - most), min(length + SLACK, i + most)
        if low > 1:
            above, row[low - 1] = row[low - 1], np.full(n, far, np.int16)
        for j in range(low, high + 1):
            differs = codes[j - 1 : j - 1 + n] != character
            kept = row[j]
            row[j] = np.minimum(np.minimum(row[j - 1] + 1, kept + 1), above + differs)
            above = kept
        if high < length + SLACK:
            row[high + 1] = np.full(n, far, np.int16)
    best, lengths = np.full(n, far, np.int16), np.full(n, length, np.int16)
    room = n - np.arange(n)
    for window in sorted(range(max(1, length - SLACK), length + SLACK + 1), key=lambda size: abs(size - length)):
        is_better = (row[window] < best) & (room >= window)
        best[is_better], lengths[is_better] = row[window][is_better], window
    return best, lengths


def _choose(source: Normalised, heads: Sequence[Sequence[_Hit]], tails: Sequence[Sequence[_Hit]]) -> list[tuple[int, _Hit]]:
    """The chosen (item, head) pairs in order. Dynamic programming from the last item to the first.

    here[i][h]: least cost of items i.. when the head of item i is at h. later[i][x]: least cost of items i.. when no head lies before x.
    """
    n, m = len(source.text), len(heads)
    later = [np.zeros(n + 1) for _ in range(m + 1)]
    here: list[NDArray[np.float64]] = [np.empty(0)] * m
    ends = [_tail_ends(tails[item], n) for item in range(m)]
    for item in range(m - 1, -1, -1):
        costs = np.full(n + 1, np.inf)
        for hit in heads[item]:
            costs[hit.start] = hit.share + _rest(later[item + 1], hit.start, int(ends[item][hit.start]))[0]
        here[item] = costs
        placed = np.minimum.accumulate(costs[::-1])[::-1]
        later[item] = np.minimum(placed, later[item + 1] + SKIP_COST)
    chosen: list[tuple[int, _Hit]] = []
    floor = 0
    for item in range(m):
        skipped = later[item + 1][floor] + SKIP_COST
        start = floor + int(np.argmin(here[item][floor:]))
        if here[item][start] > skipped or not np.isfinite(here[item][start]):
            continue
        hit = next(hit for hit in heads[item] if hit.start == start)
        floor = _rest(later[item + 1], start, int(ends[item][start]))[1]
        chosen.append((item, hit))
    return chosen


def _rest(later: NDArray[np.float64], head: int, tail_end: int) -> tuple[float, int]:
    """What the items after a head cost, and before which place the next head must not lie; tail_end: n + 1 when no tail follows."""
    without = float(later[head + 1]) + TAIL_COST
    floor = max(tail_end, head + 1)
    if floor < len(later) and (within := float(later[floor])) <= without:
        return within, floor
    return without, head + 1


def _tail_ends(tails: Sequence[_Hit], n: int) -> NDArray[np.int64]:
    """For each place the least end of a tail that does not begin before it, n + 1 where there is none. int64[n + 1]."""
    ends = np.full(n + 1, n + 1)
    for tail in tails:
        ends[tail.start] = min(int(ends[tail.start]), tail.end)
    return np.minimum.accumulate(ends[::-1])[::-1]


def _chunk_of(tails: Sequence[_Hit], source: Normalised, spans: Sequence[Span]) -> int | None:
    """The chunk that holds the best hit of a skipped item's tail."""
    if not tails:
        return None
    best = min(tails, key=lambda hit: (hit.share, hit.start))
    place = source.starts[best.start]
    return next(index for index, span in enumerate(spans) if span.start <= place < span.end)


def _ends_near(tails: Sequence[_Hit], source: Normalised, span: Span) -> bool:
    """Whether a tail ends in the last fifth of the chunk."""
    nearest = span.end - GAP_SHARE * (span.end - span.start)
    return any(nearest <= source.ends[tail.end - 1] <= span.end for tail in tails)
