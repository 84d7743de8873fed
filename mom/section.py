"""One section cut into chunks: no statistic and no cut depends on any text outside it."""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mom.boundaries import read_boundaries
from mom.chunking import GAMMA, LONGEST, Lengths, merge_short, segment, split_lengths, total_lengths
from mom.outline import Section
from mom.sentences import cut_to_fit, split_sentences
from mom.terms import terms
from mom.values import Span
from mom.word_table import WordTable

N_TERMS = 3
# In logits, as everything that speaks for a cut. What the layout of a gap is worth: a line's end (perhaps a paragraph's), a blank line or a
# page's end; less the more gaps of the section have it.
LINE_END, BLANK_LINE = 1.0, 3.0
CUE_WORTH = 2.0  # a cue of the scenario, such as a speaker's turn or a clause's number
AFTER_HEADING = 1000.0  # what keeps a heading with what it heads
OFF_LENGTH = 4.0  # what a segment costs that is all but empty, or twice as long as it should be


@dataclass(frozen=True, slots=True)
class Measured:
    """How lengths are taken, what they should be, how long a block may be that stays whole, and with what a new part likes to begin.

    limits: of a section that stays whole. cut_limits: of the chunks of one that must be cut; they are no wider.
    gamma: how much a segment costs; twice the usual halves the odds of every cut.
    """

    measure: Callable[[str], int]
    limits: Lengths
    cut_limits: Lengths
    longest_block: float
    boundary: re.Pattern[str] | None = None
    gamma: float = GAMMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A chunk in the making. n_heading: how many of its first sentences are heading lines. room: the maximum of its section."""

    span: Span
    sentences: tuple[Span, ...]
    n_heading: int
    length: float
    room: float
    is_bare: bool
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut: a sentence, or the sentences of a block; `length` is theirs together."""

    sentences: tuple[Span, ...]
    length: float


def cut_section(
    text: str, section: Section, measured: Measured, blocks: Sequence[Span], page_starts: frozenset[int], table: WordTable
) -> list[Chunk]:
    """The section's chunks, which tile it. One that fits into the maximum stays whole.

    blocks: in order, not overlapping. page_starts: where pages begin, good places to cut.
    """
    groups = list(_sentence_groups(text, section, blocks))
    sentences = tuple(sentence for group, _ in groups for sentence in group)
    n_heading = sum(sentence.end <= section.heading.end for sentence in sentences)
    is_bare = bool(section.level) and n_heading == len(sentences)
    body = section.span.of(text)
    maximum = measured.limits.maximum
    # A text of so many characters to the unit would be odd: do not measure a book in one piece only to learn that it is long.
    length = float(measured.measure(body)) if len(body) <= 12 * maximum or len(sentences) < 2 else maximum + 1
    if length <= maximum or not sentences:  # white space cannot be cut, however long it is
        return [Chunk(span=section.span, sentences=sentences, n_heading=n_heading, length=length, room=maximum, is_bare=is_bare)]
    units = [unit for group, is_block in groups for unit in _units(text, group, is_block, measured)]
    segments = _cut_units(text, section, units, measured, page_starts, table)
    return _chunks(text, section, segments, measured.limits, table)


def _sentence_groups(text: str, section: Section, blocks: Sequence[Span]) -> Iterator[tuple[list[Span], bool]]:
    """Sentences of the heading line, of the prose and of each block, with whether they make a block."""
    place, end = section.span.start, section.span.end
    if section.level:
        yield split_sentences(text[place : section.heading.start], start=place), False
        heading = section.heading.of(text)
        stripped = heading.strip()
        if stripped:
            begin = section.heading.start + len(heading) - len(heading.lstrip())
            yield [Span(begin, begin + len(stripped))], True
        place = section.heading.end
    if not blocks:
        yield split_sentences(text[place:end], start=place), False
        return
    index = bisect_left(blocks, place, key=lambda block: block.end)
    while index < len(blocks) and blocks[index].start < end:
        start, stop = max(blocks[index].start, place), min(blocks[index].end, end)
        yield split_sentences(text[place:start], start=place), False
        yield _block_sentences(text, start, stop), True
        place = stop
        index += 1
    yield split_sentences(text[place:end], start=place), False


def _block_sentences(text: str, start: int, end: int) -> list[Span]:
    """Sentences of a quotation; lines of a table or of code."""
    block = text[start:end]
    if block.lstrip()[:1] in (">", "“", '"') or block.rstrip()[-1:] in ("。", ".", "！", "？", "”"):
        return split_sentences(block, start=start)
    lines: list[Span] = []
    for line in block.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            begin = start + len(line) - len(line.lstrip())
            lines.append(Span(begin, begin + len(stripped)))
        start += len(line)
    return lines


def _units(text: str, group: Sequence[Span], is_block: bool, measured: Measured) -> Iterator[_Unit]:
    """Units of a group; a sentence longer than the maximum is cut, a block longer than its limit is cut at line ends."""
    maximum = measured.limits.maximum
    sized: list[tuple[Span, float]] = []
    for sentence in group:
        length = measured.measure(text[sentence.start : sentence.end])
        if length <= maximum:
            sized.append((sentence, length))
            continue
        for start, end in cut_to_fit(text, sentence.start, sentence.end, lambda part: measured.measure(part) <= maximum):
            sized.append((Span(start, end), measured.measure(text[start:end])))
    if not is_block:
        yield from (_Unit((sentence,), length) for sentence, length in sized)
        return
    lengths = [length for _, length in sized]
    longest = maximum if sum(lengths) > measured.longest_block else measured.longest_block
    for part in split_lengths(lengths, longest) if sized else ():
        yield _Unit(tuple(sized[index][0] for index in part), sum(lengths[index] for index in part))


def _cut_units(
    text: str, section: Section, units: Sequence[_Unit], measured: Measured, page_starts: frozenset[int], table: WordTable
) -> list[list[_Unit]]:
    lengths, limits = [unit.length for unit in units], measured.cut_limits
    boundaries = read_boundaries([text[unit.sentences[0].start : unit.sentences[-1].end] for unit in units], table)
    cut_costs = boundaries.cut_costs - _layout_worth(text, units, page_starts)
    for index, (before, after) in enumerate(itertools.pairwise(units), start=1):
        if before.sentences[-1].end <= section.heading.end:
            cut_costs[index] = AFTER_HEADING
        elif measured.boundary and measured.boundary.match(text, after.sentences[0].start):
            cut_costs[index] -= CUE_WORTH
    reach = min(LONGEST, _most_units(lengths, limits.maximum))
    starts, _ = segment(
        boundaries.costs(reach), lengths, limits, gamma=math.log(measured.gamma / GAMMA), mu=OFF_LENGTH, cut_costs=cut_costs
    )
    ends = [*starts[1:], len(units)]
    groups = merge_short(total_lengths(lengths, starts), limits)
    return [list(units[starts[group.start] : ends[group.stop - 1]]) for group in groups]


def _layout_worth(text: str, units: Sequence[_Unit], page_starts: frozenset[int]) -> NDArray[np.float64]:
    """float64[n]: what the layout before each unit is worth; what stands before every unit, such as a blank line, sets none apart."""
    line_ends = [0]
    for before, after in itertools.pairwise(units):
        last, first = before.sentences[-1].end, after.sentences[0].start
        is_page_break = not page_starts.isdisjoint(range(last, first + 1))
        line_ends.append(2 if is_page_break else min(2, text.count("\n", last, first)))
    worth = np.zeros(len(units))
    for level, step in ((1, LINE_END), (2, BLANK_LINE - LINE_END)):
        has_it = np.array(line_ends) >= level
        worth += has_it * step * (1 - has_it.sum() / max(1, len(units) - 1))
    return worth


def _most_units(lengths: Sequence[float], maximum: float) -> int:
    """The most neighbouring units that any chunk can hold: no cohesion is needed beyond it."""
    most, first, total = 1, 0, 0.0
    for last, length in enumerate(lengths):
        total += length
        while total > maximum and first < last:
            total -= lengths[first]
            first += 1
        most = max(most, last - first + 1)
    return most


def _chunks(text: str, section: Section, segments: Sequence[Sequence[_Unit]], limits: Lengths, table: WordTable) -> list[Chunk]:
    """Chunks from the first sentence of a segment to the first of the next; what stands between belongs to the earlier."""
    starts = [section.span.start, *(units[0].sentences[0].start for units in segments[1:])]
    chunks = []
    for units, start, end in zip(segments, starts, [*starts[1:], section.span.end], strict=True):
        sentences = tuple(sentence for unit in units for sentence in unit.sentences)
        chunk = Chunk(
            span=Span(start, end),
            sentences=sentences,
            n_heading=sum(sentence.end <= section.heading.end for sentence in sentences),
            length=sum(unit.length for unit in units),
            room=limits.maximum,
            is_bare=False,
        )
        chunks.append(replace(chunk, terms=heaviest_terms(text[start:end], table)) if len(segments) > 1 else chunk)
    return chunks


def heaviest_terms(text: str, table: WordTable) -> tuple[str, ...]:
    """The three terms with the largest count * weight, ties by term; bare numbers name no topic."""
    weighed = ((-count * table.weight(term), term) for term, count in Counter(terms(text)).items() if not term.isdigit())
    return tuple(term for _, term in sorted(weighed)[:N_TERMS])
