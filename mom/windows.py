"""The parts of a document that a model reads one at a time, and where chunks may be cut in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mom.values import HeadingLike, Item, Memory, OutlineEntry, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a document as text of its own: every place in it counts from its start.

    offset: where it begins in the document. items, outline: how it is read without a model. borders: where a chunk may begin, rising,
    0 among them. walls: those where one must, because a section begins. headings: ranges of its heading lines.
    """

    text: str
    offset: int
    items: tuple[Item, ...]
    outline: tuple[OutlineEntry, ...]
    borders: tuple[int, ...]
    walls: tuple[int, ...]
    headings: tuple[Span, ...]
    blocks: tuple[Span, ...]

    def item_at(self, place: int) -> Item:
        """The item that holds a place."""
        return self.items[bisect_right(self.items, place, key=lambda item: item.span.start) - 1]

    @property
    def name(self) -> str:
        """What a person would call it: its innermost shared heading, else its first words."""
        path = self.items[0].path
        return path[-1] if path else " ".join(self.text.split())[:40]


def cut_windows(
    text: str,
    memory: Memory,
    *,
    headings: Sequence[HeadingLike],
    blocks: Sequence[Span],
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> list[Window]:
    """Cut a document at the borders of its topmost sections; a section longer than `max_tokens` at its own, and so on down to chunks.

    memory: the document read without a model; its chunks are never divided between windows. Which sections share a window depends on
    no other section, so that an edit changes only the windows that hold it.
    headings, blocks: the memory's own; no chunk begins between a heading and what it heads, or inside a block that is whole.
    """

    def fits(part: range) -> bool:
        return count_tokens(text[_start(memory, part.start) : _start(memory, part.stop)]) <= max_tokens

    opened = [entry for entry in memory.outline if not entry.is_topic]
    places = _places(memory, headings, blocks)
    return [_window(text, memory, part, *places) for part in _parts(range(len(memory.items)), opened, fits)]


def whole_window(text: str, memory: Memory, *, headings: Sequence[HeadingLike], blocks: Sequence[Span]) -> Window:
    """A document as one window, whatever headings it has; arguments as of `cut_windows`. Raises ValueError for one without items."""
    if not memory.items:
        raise ValueError("a text without items has nothing to read")
    return _window(text, memory, range(len(memory.items)), *_places(memory, headings, blocks))


def _places(
    memory: Memory, headings: Sequence[HeadingLike], blocks: Sequence[Span]
) -> tuple[list[int], list[int], list[Span], Sequence[Span]]:
    """Borders, walls, heading lines and blocks of a document."""
    opened = [entry for entry in memory.outline if not entry.is_topic]
    walls = sorted({0, *(_start(memory, entry.item) for entry in opened)})
    lines = [Span(heading.span.start, heading.span.end) for heading in headings]
    return _borders(memory, headings, blocks), walls, lines, blocks


def _start(memory: Memory, item: int) -> int:
    """Where an item begins; the end of the text for the one after the last."""
    return memory.items[item].span.start if item < len(memory.items) else memory.items[-1].span.end


def _parts(part: range, headings: Sequence[OutlineEntry], fits: Callable[[range], bool], *, is_whole: bool = True) -> Iterator[range]:
    """Ranges of items: a whole document falls into its topmost sections at any length, a section only when it does not fit."""
    inner = [entry for entry in headings if part.start < entry.item < part.stop]
    if len(part) < 2 or (not is_whole and fits(part)):
        yield part
    elif inner:
        top = min(entry.level for entry in inner)
        cuts = [part.start, *sorted({entry.item for entry in inner if entry.level == top}), part.stop]
        for start, stop in pairwise(cuts):
            yield from _parts(range(start, stop), headings, fits, is_whole=False)
    else:
        start = part.start
        for item in part:
            if item > start and not fits(range(start, item + 1)):
                yield range(start, item)
                start = item
        yield range(start, part.stop)


def _borders(memory: Memory, headings: Sequence[HeadingLike], blocks: Sequence[Span]) -> list[int]:
    """Starts of sentences that neither follow a heading nor stand inside a block, and the starts of all items."""
    sentences = [sentence.start for item in memory.items for sentence in item.sentences]
    followers = {sentences[place] for heading in headings if (place := bisect_left(sentences, heading.span.end)) < len(sentences)}
    within: set[int] = set()
    for block in blocks:
        within.update(sentences[bisect_left(sentences, block.start + 1) : bisect_left(sentences, block.end)])
    return sorted({item.span.start for item in memory.items} | (set(sentences) - followers - within))


def _window(
    text: str,
    memory: Memory,
    part: range,
    borders: Sequence[int],
    walls: Sequence[int],
    headings: Sequence[Span],
    blocks: Sequence[Span],
) -> Window:
    start, end = _start(memory, part.start), _start(memory, part.stop)

    def inside(spans: Sequence[Span]) -> tuple[Span, ...]:
        overlapping = spans[bisect_right(spans, start, key=lambda span: span.end) : bisect_left(spans, end, key=lambda span: span.start)]
        return tuple(Span(max(span.start - start, 0), min(span.end, end) - start) for span in overlapping)

    return Window(
        text=text[start:end],
        offset=start,
        items=tuple(shifted(item, -start) for item in memory.items[part.start : part.stop]),
        outline=tuple(replace(entry, item=entry.item - part.start) for entry in memory.outline if entry.item in part),
        borders=tuple(place - start for place in borders[bisect_left(borders, start) : bisect_left(borders, end)]),
        walls=(0, *(place - start for place in walls if start < place < end)),
        headings=inside(headings),
        blocks=inside(blocks),
    )


def shifted(item: Item, by: int) -> Item:
    """The same item in a text that begins `by` characters earlier."""

    def move(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    return replace(item, span=move(item.span), sentences=tuple(map(move, item.sentences)), core=tuple(map(move, item.core)))
