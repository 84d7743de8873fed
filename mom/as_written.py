"""A model's reply as the memory that it states, nothing mended: what the reply itself is worth."""

from __future__ import annotations

from bisect import bisect_right

from mom.alignment import Alignment, Anchors, align
from mom.judges import Judge
from mom.reply import Reply
from mom.scoring import score_memory
from mom.sentences import split_sentences
from mom.values import Item, Memory, OutlineEntry, Span


def memory_as_written(text: str, reply: Reply, headed: Memory, *, judge: Judge | None = None) -> tuple[Memory, Alignment]:
    """The memory whose chunks begin where the reply's anchors stand and whose cores are the reply's words, with its scores; and the alignment.

    `MemReader` moves borders, cuts long chunks and fills in sentences where a core is missing, so that the memory it keeps is usable whatever
    was written; here a missing core is an empty one, and a chunk is as long as it was made. No items where no anchor was found.
    headed: a memory of the same text, whose headings are taken over. judge: the lexical one by default.
    """
    alignment = align(text, [Anchors(one.head, one.tail) for one in reply.scenarios])
    items = tuple(
        Item(
            span=chunk.span,
            path=(),
            sentences=tuple(split_sentences(chunk.span.of(text), start=chunk.span.start)),
            core=(),
            level=0,
            outline=reply.outline[chunk.item].text if chunk.item < len(reply.outline) else "",
            statement=" ".join(reply.scenarios[item].core for item in sorted((chunk.item, *chunk.others)) if reply.scenarios[item].core),
        )
        for chunk in alignment.chunks
    )
    memory = Memory(items, _headings(headed, [item.span for item in items]), headed.scenario, "as-written", text_sha256=headed.text_sha256)
    return score_memory(text, memory, judge=judge), alignment


def _headings(headed: Memory, spans: list[Span]) -> tuple[OutlineEntry, ...]:
    """The headings of a memory, each at the chunk that holds the beginning of what it heads."""
    starts = [span.start for span in spans]
    return tuple(
        OutlineEntry(entry.title, entry.level, bisect_right(starts, headed.items[entry.item].span.start) - 1)
        for entry in headed.outline
        if spans and not entry.is_topic
    )
