"""A model's reading of a window becomes items: cut where chunks may be cut, as long as chunks may be, each with one core statement."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from mom.alignment import Alignment, Anchors, align
from mom.chunking import merge_short
from mom.core import left_out
from mom.facts import find_facts
from mom.memory_builder import StructuralBuilder, measure_section
from mom.outline import Section
from mom.pairing import Pairing, pair_outline
from mom.reply import OutlineLine, Reply
from mom.scenarios import Scenario
from mom.terms import terms
from mom.values import Heading, Item, Span, SpanLike
from mom.windows import Window, shifted
from mom.word_table import WordTable

JOINT = " / "
ENOUGH = 0.15  # a further sentence must bring so much of a statement's weight to be part of the core
_CLAUSE_END = re.compile(r"[,;:.!?，；：。！？、]\s|[，；：。！？]|$")
CLAUSE_LENGTH = 60
# Empty lists would have lines of a piece read as headings and blocks that the document has not.
_NO_HEADINGS = (Heading(Span(0, 0), 1, ""),)
_NO_BLOCKS = (Span(0, 0),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A reading laid over its window.

    items: tile the window, none when the alignment is rejected. plain: the same chunks, with cores of their own sentences. parents:
    (item, title) of outline lines that head items, in order. n_dropped: cores that stand nowhere in the window.
    """

    items: tuple[Item, ...]
    plain: tuple[Item, ...]
    alignment: Alignment
    parents: tuple[tuple[int, str], ...] = ()
    n_dropped: int = 0


@dataclass(slots=True)
class _Piece:
    """A chunk in the making: where it begins, what the model says of it, and the outline lines that head it."""

    start: int
    end: int
    lines: list[str] = field(default_factory=list)
    cores: list[str] = field(default_factory=list)
    parents: list[OutlineLine] = field(default_factory=list)


def draft_items(window: Window, reply: Reply, *, structural: StructuralBuilder, scenario: Scenario, table: WordTable) -> Draft:
    """Items from a reply.

    Each chunk begins at the border nearest to where the model's anchor stands, and at every wall; one that is too short joins the one
    before it inside its section, one that is too long is cut by the builder without a model. Core statements stay with the part that
    bears them out best; parts without one keep a core of their own sentences.
    """
    scenarios = reply.scenarios
    alignment = align(window.text, [Anchors(one.head, one.tail) for one in scenarios])
    if alignment.is_rejected:
        return Draft(items=(), plain=(), alignment=alignment, n_dropped=len(alignment.dropped))
    pairings = pair_outline(reply.outline, [one.core for one in scenarios], table)
    pieces = _snapped(window, alignment, pairings, [one.core for one in scenarios])
    pieces = [part for piece in pieces for part in _divided(window, piece, window.walls, table)]
    pieces = _without_short(window, pieces, structural, scenario)
    items: list[Item] = []
    plain: list[Item] = []
    parents: list[tuple[int, str]] = []
    for piece in pieces:
        parents.extend((len(items), line.text) for line in piece.parents)
        alone = _plain_items(window, piece, structural, scenario)
        plain.extend(alone)
        items.extend(_with_statement(window.text, alone, piece, table))
    return Draft(items=tuple(items), plain=tuple(plain), alignment=alignment, parents=tuple(parents), n_dropped=len(alignment.dropped))


def _snapped(window: Window, alignment: Alignment, pairings: Sequence[Pairing], cores: Sequence[str]) -> list[_Piece]:
    """Pieces from border to border; items whose anchors lie nearest to one border share its piece."""
    pieces: list[_Piece] = []
    for chunk in alignment.chunks:
        start = _nearest(window.borders, chunk.span.start)
        if not pieces or start > pieces[-1].start:
            if pieces:
                pieces[-1].end = start
            pieces.append(_Piece(start, len(window.text)))
        for item in sorted((chunk.item, *chunk.others)):
            line = pairings[item].line
            pieces[-1].parents.extend(pairings[item].parents)
            if line is not None or cores[item]:
                pieces[-1].lines.append(line.text if line is not None else first_clause(cores[item]))
            if cores[item]:
                pieces[-1].cores.append(cores[item])
    return pieces


def _nearest(borders: Sequence[int], place: int) -> int:
    """The border nearest to a place, the earlier of two."""
    after = bisect_left(borders, place)
    if after == len(borders) or (after and place - borders[after - 1] <= borders[after] - place):
        return borders[after - 1]
    return borders[after]


def _divided(window: Window, piece: _Piece, walls: Sequence[int], table: WordTable) -> list[_Piece]:
    """The piece cut at walls; lines and cores go to the part that bears the cores out best, parents to the first."""
    inner = walls[bisect_right(walls, piece.start) : bisect_left(walls, piece.end)]
    if not inner:
        return [piece]
    edges = [piece.start, *inner, piece.end]
    parts = [_Piece(start, end) for start, end in pairwise(edges)]
    parts[0].parents = piece.parents
    best = best_support(" ".join(piece.cores), [window.text[part.start : part.end] for part in parts], table)
    parts[best].lines, parts[best].cores = piece.lines, piece.cores
    return parts


def _without_short(window: Window, pieces: Sequence[_Piece], structural: StructuralBuilder, scenario: Scenario) -> list[_Piece]:
    """Pieces of each section, the short ones joined to their neighbours: lines with " / ", cores one after the other (mom.md 4.5)."""
    kept: list[_Piece] = []
    walls = [*window.walls, len(window.text)]
    for start, end in pairwise(walls):
        section = [piece for piece in pieces if start <= piece.start < end]
        whole = window.item_at(start)
        described = Section(Span(start, end), Span(0, 0), whole.path, whole.level)
        measured = measure_section(window.text, described, scenario, structural.measure, structural.max_length)
        lengths = [float(measured.measure(window.text[piece.start : piece.end])) for piece in section]
        for group in merge_short(lengths, measured.limits):
            first, *others = section[group.start : group.stop]
            for other in others:
                first.end = other.end
                first.lines += other.lines
                first.cores += other.cores
                first.parents += other.parents
            kept.append(first)
    return kept


def _plain_items(window: Window, piece: _Piece, structural: StructuralBuilder, scenario: Scenario) -> list[Item]:
    """The items of a piece without the model's words: one, or several where it is too long."""
    whole = window.item_at(piece.start)
    headings = [moved for span in window.headings if (moved := _inside(span, piece)) is not None]
    alone = structural.build(
        window.text[piece.start : piece.end],
        title=JOINT.join(whole.path[:-1] if headings else whole.path),
        headings=[Heading(span, 1, whole.path[-1] if whole.path else "") for span in headings] or _NO_HEADINGS,
        blocks=[moved for block in window.blocks if (moved := _inside(block, piece)) is not None] or _NO_BLOCKS,
        scenario=scenario.name,
    )
    return [shifted(replace(item, path=whole.path, level=whole.level), piece.start) for item in alone.items]


def _with_statement(text: str, items: Sequence[Item], piece: _Piece, table: WordTable) -> list[Item]:
    """The items of a piece; the one that bears the model's core statement out best has it."""
    core = " ".join(piece.cores)
    best = best_support(core, [item.span.of(text) for item in items], table) if core else -1
    line = JOINT.join(dict.fromkeys(piece.lines))
    return [
        replace(
            item,
            core=supporting_sentences(text, item.sentences, core, table),
            outline=line,
            terms=(),
            left_out=left_out(text, item.span.start, find_facts(item.span.of(text)), [{fact.key for fact in find_facts(core)}]),
            statement=core,
        )
        if index == best and item.sentences
        else item
        for index, item in enumerate(items)
    ]


def _inside(span: SpanLike, piece: _Piece) -> Span | None:
    """The part of a span that lies in a piece, counted from the piece's start."""
    start, end = max(span.start, piece.start), min(span.end, piece.end)
    return Span(start - piece.start, end - piece.start) if start < end else None


def supporting_sentences(text: str, sentences: Sequence[Span], statement: str, table: WordTable) -> tuple[Span, ...]:
    """The fewest sentences that hold most of a statement's weight, in text order: greedy, ties to the earlier, at least one."""
    open_terms = set(terms(statement))
    whole = _weight(open_terms, table)
    bags = {sentence: set(terms(sentence.of(text))) for sentence in sentences}
    chosen: list[Span] = []
    while len(chosen) < len(bags):
        gains = [(-_weight(bags[sentence] & open_terms, table), sentence) for sentence in sentences if sentence not in chosen]
        gain, best = min(gains)
        if chosen and -gain < ENOUGH * whole:
            break
        chosen.append(best)
        open_terms -= bags[best]
    return tuple(sorted(chosen))


def best_support(statement: str, texts: Sequence[str], table: WordTable) -> int:
    """The index of the text that holds most of a statement's weight, the first of several."""
    wanted = set(terms(statement))
    return max(range(len(texts)), key=lambda index: (_weight(wanted & set(terms(texts[index])), table), -index))


def first_clause(core: str) -> str:
    """A core's first clause, as the outline line that a model forgot; at most 60 characters."""
    match = _CLAUSE_END.search(core)
    clause = core[: match.start()] if match else core
    return clause if len(clause) <= CLAUSE_LENGTH else clause[:CLAUSE_LENGTH].rsplit(" ", 1)[0]


def _weight(found: Iterable[str], table: WordTable) -> float:
    return math.fsum(table.weight(term) for term in found)
