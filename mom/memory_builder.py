"""A document's memory without a model: outline from headings, chunks from topic shifts, cores by extraction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mom.blocks import find_blocks, merge_blocks
from mom.chunking import Lengths
from mom.core import core_statement
from mom.outline import Section, cut_sections, find_headings
from mom.scenarios import load_scenario
from mom.section import Chunk, Measured, cut_section
from mom.terms import count_cjk, count_units
from mom.values import HeadingLike, Item, Memory, OutlineEntry, Span, SpanLike
from mom.word_table import WordTable, shipped_word_table

RULES = "structural-1"  # raise with every change that can move a span
MIN_SHARE = 0.4  # shortest chunk worth keeping apart, as a share of the caller's maximum
MIN_ROOM = 0.5  # a heading path never takes more than half of the maximum from the text
BLOCK_SLACK = 1.5  # how far a table may pass a maximum that is only a target


class MemoryBuilder(Protocol):
    """Text in; out come an outline, chunks that tile the text exactly, and one core statement a chunk. Same arguments, same memory.

    fingerprint: names everything beside the arguments that the memory depends on.
    """

    @property
    def fingerprint(self) -> str: ...

    def build(
        self,
        text: str,
        *,
        title: str = "",
        headings: Sequence[HeadingLike] = (),
        pages: Sequence[SpanLike] = (),
        blocks: Sequence[SpanLike] = (),
        scenario: str = "general",
    ) -> Memory: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralBuilder:
    """The builder that needs no model.

    measure: length of a text, by default Latin words plus CJK characters. max_length: what a chunk with its heading path may measure,
    by default the scenario's target. measure_name: names the measure in the fingerprint. word_table: the shipped one by default.
    """

    measure: Callable[[str], int] | None = None
    max_length: int | None = None
    measure_name: str = ""
    word_table: WordTable | None = None

    @property
    def fingerprint(self) -> str:
        """Rules, word table, measure and maximum."""
        table = self.word_table or shipped_word_table()
        measure = self.measure_name or ("words" if self.measure is None else "measured")
        return f"{RULES}/{table.version}/{measure}/{self.max_length or 'scenario'}"

    def build(
        self,
        text: str,
        *,
        title: str = "",
        headings: Sequence[HeadingLike] = (),
        pages: Sequence[SpanLike] = (),
        blocks: Sequence[SpanLike] = (),
        scenario: str = "general",
    ) -> Memory:
        """See `mom.build`."""
        return build(
            text,
            title=title,
            headings=headings,
            pages=pages,
            blocks=blocks,
            scenario=scenario,
            measure=self.measure,
            max_length=self.max_length,
            measure_name=self.measure_name,
            word_table=self.word_table,
        )


def build(
    text: str,
    *,
    title: str = "",
    headings: Sequence[HeadingLike] = (),
    pages: Sequence[SpanLike] = (),
    blocks: Sequence[SpanLike] = (),
    scenario: str = "general",
    measure: Callable[[str], int] | None = None,
    max_length: int | None = None,
    measure_name: str = "",
    word_table: WordTable | None = None,
) -> Memory:
    """The memory of a document.

    headings, pages, blocks: what a parser states; without headings or blocks the text's own marks are read. Blocks (tables, code,
    quotations) stay whole while they fit; with a `measure` the maximum is hard, without one a block may pass it by half.
    measure: length of a text, called at most once a sentence, once a section that may fit whole and once a heading path.
    max_length: what a chunk together with its heading path may measure; needed when `measure` is given.
    The chunks tile the text; an empty text has none; one of white space has a chunk without sentences.
    Raises UnknownScenario, and ValueError for a measure without maximum or a maximum below 1.
    """
    if (measure is not None and max_length is None) or (max_length is not None and max_length < 1):
        raise ValueError(f"max_length is {max_length}; give a positive one, in the unit of the measure")
    table = word_table or shipped_word_table()
    fingerprint = StructuralBuilder(measure=measure, max_length=max_length, measure_name=measure_name, word_table=table).fingerprint
    if not text:
        return Memory((), (), scenario, fingerprint)
    whole = merge_blocks(blocks or find_blocks(text), len(text))
    sections = cut_sections(text, headings or find_headings(text, whole), title=title)
    page_starts = frozenset(page.start for page in pages)
    chunks: list[tuple[Section, Chunk]] = []
    for section in sections:
        measured = _measure_section(text, section, scenario, measure, max_length)
        chunks.extend((section, chunk) for chunk in cut_section(text, section, measured, whole, page_starts, table))
    chunks = _join_bare_headings(chunks, measure or count_units, max_length)
    items = tuple(_item(text, section, chunk, table) for section, chunk in chunks)
    return Memory(items, _outline(sections, chunks), scenario, fingerprint)


def _measure_section(text: str, section: Section, scenario: str, measure: Callable[[str], int] | None, max_length: int | None) -> Measured:
    """How long the section's chunks may be, once its heading path has had its share."""
    if max_length is None:
        targets = load_scenario(scenario)
        body = section.span.of(text)
        is_cjk = count_cjk(body) * 2 > count_units(body)
        low, high = (targets.min_characters, targets.max_characters) if is_cjk else (targets.min_words, targets.max_words)
        return Measured(count_units, Lengths(low, high), high * BLOCK_SLACK)
    load_scenario(scenario)
    count = measure or count_units
    room = max_length - count("\n".join(section.path)) if section.path else max_length
    maximum = max(room, max_length * MIN_ROOM, 1)
    return Measured(count, Lengths(min(max_length * MIN_SHARE, maximum), maximum), maximum if measure else maximum * BLOCK_SLACK)


def _join_bare_headings(
    chunks: Sequence[tuple[Section, Chunk]], measure: Callable[[str], int], max_length: int | None
) -> list[tuple[Section, Chunk]]:
    """Let a section that is only its heading line begin the next section's first chunk, if that lies under the same parent."""
    joined: list[tuple[Section, Chunk]] = []
    for section, chunk in chunks:
        while joined and joined[-1][1].is_bare and _is_under(section, joined[-1][0]) and joined[-1][1].length + chunk.length <= chunk.room:
            _, bare = joined.pop()
            chunk = Chunk(
                span=Span(bare.span.start, chunk.span.end),
                sentences=bare.sentences + chunk.sentences,
                n_heading=bare.n_heading + chunk.n_heading,
                length=bare.length + chunk.length,
                room=chunk.room,
                is_bare=chunk.is_bare,
                terms=chunk.terms,
            )
        joined.append((section, chunk))
    return joined


def _is_under(section: Section, bare: Section) -> bool:
    """Whether `section` is a child of the bare one or its sibling."""
    if section.level > bare.level:
        return True
    return section.level == bare.level and section.path[:-1] == bare.path[:-1]


def _item(text: str, section: Section, chunk: Chunk, table: WordTable) -> Item:
    bodies = chunk.sentences[chunk.n_heading :] or chunk.sentences
    return Item(chunk.span, section.path, chunk.sentences, core_statement(text, bodies, table), section.level, chunk.terms)


def _outline(sections: Sequence[Section], chunks: Sequence[tuple[Section, Chunk]]) -> tuple[OutlineEntry, ...]:
    """Headings in order, and under each the topics into which its section was cut."""
    entries: list[OutlineEntry] = []
    place = 0
    for section in sections:
        while chunks[place][1].span.end <= section.span.start:
            place += 1
        if section.level:
            entries.append(OutlineEntry(section.path[-1] if section.path else "", section.level, place))
        index = place
        while index < len(chunks) and chunks[index][0] is section:
            if chunks[index][1].terms:
                entries.append(OutlineEntry(" · ".join(chunks[index][1].terms), section.level + 1, index, is_topic=True))
            index += 1
    return tuple(entries)
