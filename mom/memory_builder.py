"""A document's memory without a model: outline from headings, chunks from topic shifts, cores by extraction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from mom.blocks import find_blocks, merge_blocks
from mom.chunking import GAMMA, Lengths
from mom.core import SHARE, core_statement
from mom.outline import HeadingRules, Section, cut_sections, find_headings
from mom.scenarios import Scenario, detect_scenario, load_scenario, registry_version
from mom.scoring import score_memory
from mom.section import Chunk, Measured, cut_section, heaviest_terms
from mom.terms import count_cjk, count_units
from mom.values import HeadingLike, Item, Memory, OutlineEntry, Span, SpanLike
from mom.word_table import WordTable, shipped_word_table

RULES = "structural-3"  # raise with every change that can move a span
MIN_SHARE = 0.4  # shortest chunk worth keeping apart, as a share of the caller's maximum
CUT_SHARE = 0.88
"""Of the caller's maximum: what the chunks of a section may measure that is cut, since a search finds an answer in less text. The same for all
scenarios: an edit that makes a document read like another one must not move the cuts of its other sections."""
MIN_ROOM = 0.5  # a heading path never takes more than half of the maximum from the text
TOPIC_JOINT = ", "  # between the words of a topic in an outline
BLOCK_SLACK = 1.5  # how far a table may pass a maximum that is only a target


class MemoryBuilder(Protocol):
    """Text in; out come an outline, chunks that tile the text exactly, and one core statement a chunk. Same arguments, same memory.

    scenario: the name of one, or "" to detect it. fingerprint: names everything beside the arguments that the memory depends on.
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
        scenario: str = "",
    ) -> Memory: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralBuilder:
    """The builder that needs no model.

    measure: length of a text, by default Latin words plus CJK characters. max_length: what a chunk with its heading path may measure,
    by default the scenario's target. measure_name: names the measure in the fingerprint. word_table: the shipped one by default.
    gamma, core_share: how much a segment costs, and the share of a chunk that its core may take; other readings of a document differ in them.
    scenario: of every document for which `build` names none; "" detects each document's. scenario_folders: of the user's own scenarios.
    """

    measure: Callable[[str], int] | None = None
    max_length: int | None = None
    measure_name: str = ""
    word_table: WordTable | None = None
    scenario: str = ""
    scenario_folders: tuple[Path, ...] = ()
    gamma: float = GAMMA
    core_share: float = SHARE

    @property
    def fingerprint(self) -> str:
        """Rules, word table, content of the scenarios, the one that is forced, measure and maximum."""
        table = self.word_table or shipped_word_table()
        measure = self.measure_name or ("words" if self.measure is None else "measured")
        scenarios = "/".join([registry_version(self.scenario_folders), *([self.scenario] if self.scenario else [])])
        changed = "" if (self.gamma, self.core_share) == (GAMMA, SHARE) else f"/{self.gamma:g}/{self.core_share:g}"
        return f"{RULES}/{table.version}/{scenarios}/{measure}/{self.max_length or 'scenario'}{changed}"

    def build(
        self,
        text: str,
        *,
        title: str = "",
        headings: Sequence[HeadingLike] = (),
        pages: Sequence[SpanLike] = (),
        blocks: Sequence[SpanLike] = (),
        scenario: str = "",
    ) -> Memory:
        """See `mom.build`."""
        if (self.measure is not None and self.max_length is None) or (self.max_length is not None and self.max_length < 1):
            raise ValueError(f"max_length is {self.max_length}; give a positive one, in the unit of the measure")
        table = self.word_table or shipped_word_table()
        whole = merge_blocks(blocks or find_blocks(text), len(text))
        chosen, headings = self._read(text, title, headings, whole, scenario or self.scenario)
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if not text:
            return Memory((), (), chosen.name, self.fingerprint, text_sha256=digest)
        sections = cut_sections(text, headings, title=title)
        page_starts = frozenset(page.start for page in pages)
        chunks: list[tuple[Section, Chunk]] = []
        for section in sections:
            measured = replace(measure_section(text, section, chosen, self.measure, self.max_length), gamma=self.gamma)
            chunks.extend((section, chunk) for chunk in cut_section(text, section, measured, whole, page_starts, table))
        chunks = _join_bare_headings(chunks)
        facets = tuple(facet.pattern for facet in chosen.facets)
        items = tuple(_item(text, section, chunk, table, facets, self.core_share) for section, chunk in chunks)
        memory = Memory(items, _outline(sections, chunks), chosen.name, self.fingerprint, text_sha256=digest)
        return score_memory(text, memory, table=table)

    def _read(
        self, text: str, title: str, stated: Sequence[HeadingLike], blocks: Sequence[Span], scenario: str
    ) -> tuple[Scenario, Sequence[HeadingLike]]:
        """The scenario, detected by the usual headings where none is given, and the headings by its rules where none are stated."""
        if scenario:
            chosen, usual = load_scenario(scenario, self.scenario_folders), None
        else:
            usual = stated or find_headings(text, blocks)
            detected, _, _ = detect_scenario(text, [heading.title for heading in usual], title=title, folders=self.scenario_folders)
            chosen = load_scenario(detected, self.scenario_folders)
        if stated:
            return chosen, stated
        if usual is not None and chosen.headings == HeadingRules():
            return chosen, usual
        return chosen, find_headings(text, blocks, chosen.headings)


def build(
    text: str,
    *,
    title: str = "",
    headings: Sequence[HeadingLike] = (),
    pages: Sequence[SpanLike] = (),
    blocks: Sequence[SpanLike] = (),
    scenario: str = "",
    measure: Callable[[str], int] | None = None,
    max_length: int | None = None,
    measure_name: str = "",
    word_table: WordTable | None = None,
    scenario_folders: Sequence[Path] = (),
) -> Memory:
    """The memory of a document.

    headings, pages, blocks: what a parser states; without headings or blocks the text's own marks are read. Blocks (tables, code,
    quotations) stay whole while they fit; with a `measure` the maximum is hard, without one a block may pass it by half.
    scenario: which kind of document it is, by default detected from title, headings and the first 2,000 characters; an edit there that
    turns one kind into another re-makes the whole memory, any other edit only its section. scenario_folders: of the user's own scenarios.
    measure: length of a text, called at most once a sentence, once a section that may fit whole and once a heading path.
    max_length: what a chunk together with its heading path may measure; needed when `measure` is given.
    The chunks tile the text; an empty text has none; one of white space has a chunk without sentences.
    Raises UnknownScenario, BadScenario, and ValueError for a measure without maximum or a maximum below 1.
    """
    builder = StructuralBuilder(
        measure=measure,
        max_length=max_length,
        measure_name=measure_name,
        word_table=word_table,
        scenario_folders=tuple(scenario_folders),
    )
    return builder.build(text, title=title, headings=headings, pages=pages, blocks=blocks, scenario=scenario)


def measure_section(
    text: str, section: Section, scenario: Scenario, measure: Callable[[str], int] | None, max_length: int | None
) -> Measured:
    """How long the chunks of a section may be, once its heading path has had its share, and where its scenario likes a cut."""
    if max_length is None:
        body = section.span.of(text)
        is_cjk = count_cjk(body) * 2 > count_units(body)
        low, high = (scenario.min_characters, scenario.max_characters) if is_cjk else (scenario.min_words, scenario.max_words)
        return Measured(count_units, Lengths(low, high), Lengths(low, high), high * BLOCK_SLACK, scenario.boundary)
    count = measure or count_units
    room = max_length - count("\n".join(section.path)) if section.path else max_length
    maximum = max(room, max_length * MIN_ROOM, 1)
    limits = Lengths(min(max_length * MIN_SHARE, maximum), maximum)
    return Measured(
        count,
        limits,
        Lengths(CUT_SHARE * limits.minimum, CUT_SHARE * maximum),
        maximum if measure else maximum * BLOCK_SLACK,
        scenario.boundary,
    )


def _join_bare_headings(chunks: Sequence[tuple[Section, Chunk]]) -> list[tuple[Section, Chunk]]:
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


def _item(text: str, section: Section, chunk: Chunk, table: WordTable, facets: Sequence[re.Pattern[str]], core_share: float) -> Item:
    core = core_statement(text, chunk.sentences[chunk.n_heading :] or chunk.sentences, table, facets=facets, share=core_share)
    return Item(
        chunk.span,
        section.path,
        chunk.sentences,
        core.sentences,
        section.level,
        chunk.terms,
        outline=_outline_line(text, section, chunk, table),
        left_out=core.left_out,
    )


def _outline_line(text: str, section: Section, chunk: Chunk, table: WordTable) -> str:
    """The topic's words where a shift of topic set the chunk apart, else the innermost title; without a title its heaviest terms."""
    if chunk.terms or not section.path:
        return TOPIC_JOINT.join(chunk.terms or heaviest_terms(chunk.span.of(text), table))
    return section.path[-1]


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
                entries.append(OutlineEntry(TOPIC_JOINT.join(chunks[index][1].terms), section.level + 1, index, is_topic=True))
            index += 1
    return tuple(entries)
