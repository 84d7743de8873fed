"""The text of a passage as HTML: core sentences marked, headings, tables, code and page breaks shown as what they are.

The text content of what is drawn is the passage's text, character for character: nothing is left out or put in.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from tadarag.values import Chunk, Document, Span

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_GAP = re.compile(r"\A\s+|\s*\n\s*\n\s*|\s+\Z")
_BAR = re.compile(r"\A\||\|\Z| \|(?=\s|\Z)")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")


@dataclass(frozen=True, slots=True)
class _Structure:
    """A heading or an uncut block; `level` is 0 for a block."""

    span: Span
    level: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Ink:
    """What is marked inside running text: core sentences, and where pages begin (with the pages' numbers)."""

    core: tuple[Span, ...]
    page_starts: tuple[tuple[int, int], ...]


def draw_texts(document: Document, chunks: Sequence[Chunk]) -> Iterator[str]:
    """HTML of each passage, in order. The chunks are in the order of the text."""
    structures = _structures(document)
    starts = [structure.span.start for structure in structures]
    ends = [structure.span.end for structure in structures]
    pages = [(page.start, number) for number, page in enumerate(document.pages, start=1)]
    for chunk in chunks:
        first, stop = bisect_right(ends, chunk.span.start), bisect_left(starts, chunk.span.end)
        breaks = tuple(pages[bisect_left(pages, (chunk.span.start, 0)) : bisect_left(pages, (chunk.span.end, 0))])
        yield "".join(_passage(document.text, chunk.span, structures[first:stop], _Ink(chunk.core, breaks)))


def escaped(text: str) -> str:
    """Text that is safe in an element and in a quoted attribute; what HTML cannot hold is shown as U+FFFD."""
    return escape(_UNSHOWABLE.sub("\ufffd", text))


def _structures(document: Document) -> list[_Structure]:
    """Headings and blocks in order; of two that overlap the first stays."""
    found = [_Structure(heading.span, heading.level, heading.title) for heading in document.headings]
    found += [_Structure(block, 0) for block in document.blocks]
    kept: list[_Structure] = []
    for structure in sorted(found, key=lambda one: (one.span, -one.level)):
        if structure.span.start < structure.span.end and (not kept or structure.span.start >= kept[-1].span.end):
            kept.append(structure)
    return kept


def _passage(text: str, span: Span, structures: Sequence[_Structure], ink: _Ink) -> Iterator[str]:
    place = span.start
    for structure in structures:
        start, end = max(structure.span.start, span.start), min(structure.span.end, span.end)
        yield from _prose(text, Span(place, start), ink)
        place = start + len(text[start:end].rstrip("\n"))  # a block that a passage border cuts may end in a line end
        yield _heading(text, structure, Span(start, place), ink) if structure.level else _block(text, Span(start, place), ink)
    yield from _prose(text, Span(place, span.end), ink)


def _prose(text: str, span: Span, ink: _Ink) -> Iterator[str]:
    """Running text; blank lines become gaps, which style sheets can size."""
    place = span.start
    for gap in _GAP.finditer(span.of(text)):
        start, end = span.start + gap.start(), span.start + gap.end()
        yield _inked(text, Span(place, start), ink)
        yield f'{_page_breaks(Span(start, end), ink)}<div class="gap">{escaped(text[start:end])}</div>'
        place = end
    yield _inked(text, Span(place, span.end), ink)


def _heading(text: str, heading: _Structure, span: Span, ink: _Ink) -> str:
    """A heading; the marks around its title (such as ##) are set apart, so that they can be drawn faintly."""
    found = span.of(text).find(heading.title) if heading.title else -1
    title = Span(span.start + found, span.start + found + len(heading.title)) if found >= 0 else span
    marks = [_faint(text, Span(span.start, title.start), ink), _inked(text, title, ink), _faint(text, Span(title.end, span.end), ink)]
    return f'<div class="heading h{min(heading.level, 6)}">{"".join(marks)}</div>'


def _faint(text: str, span: Span, ink: _Ink) -> str:
    return f'<span class="marks">{_inked(text, span, ink)}</span>' if span.start < span.end else ""


def _block(text: str, span: Span, ink: _Ink) -> str:
    """A table if every line has the same cells, a quotation if every line is quoted, else text as it was set."""
    lines = _lines(text, span)
    n_bars = {len(_bars_between_cells(line.of(text))) for line in lines if not _RULE.fullmatch(line.of(text))}
    if len(n_bars) == 1 and n_bars != {0}:
        rows = "\n".join(_row(text, line, ink) for line in lines)
        return f'<div class="scroll" tabindex="0"><table><tbody>{rows}</tbody></table></div>'
    if all(line.of(text).startswith(">") for line in lines):
        return f'<div class="quotation">{_inked(text, span, ink)}</div>'
    return f'<div class="scroll set" tabindex="0">{_inked(text, span, ink)}</div>'


def _lines(text: str, span: Span) -> list[Span]:
    lines: list[Span] = []
    place = span.start
    for line in span.of(text).split("\n"):
        lines.append(Span(place, place + len(line)))
        place += len(line) + 1
    return lines


def _bars_between_cells(line: str) -> list[re.Match[str]]:
    return [bar for bar in _BAR.finditer(line) if bar.start() > 0 and bar.end() < len(line)]


def _row(text: str, line: Span, ink: _Ink) -> str:
    """A row of a table; bars, and the rule under a header, stay in the text, out of sight."""
    content = line.of(text)
    if _RULE.fullmatch(content):
        return f'<tr class="rule"><td>{_inked(text, line, ink)}</td></tr>'
    ends = {bar.end() for bar in _bars_between_cells(content)}
    parts: list[str] = []
    place = line.start
    for bar in _BAR.finditer(content):
        parts.append(_inked(text, Span(place, line.start + bar.start()), ink))
        parts.append(f'<span class="bar">{bar[0]}</span>' + ("</td><td>" if bar.end() in ends else ""))
        place = line.start + bar.end()
    parts.append(_inked(text, Span(place, line.end), ink))
    return f"<tr><td>{''.join(parts)}</td></tr>"


def _inked(text: str, span: Span, ink: _Ink) -> str:
    """The text with its core sentences marked and page breaks before the characters that begin a page."""
    cuts = {span.start, span.end}
    cuts.update(place for core in ink.core for place in (core.start, core.end) if span.start < place < span.end)
    cuts.update(place for place, _ in ink.page_starts if span.start < place < span.end)
    ordered = sorted(cuts)
    parts: list[str] = []
    for start, end in pairwise(ordered):
        shown = escaped(text[start:end])
        is_core = any(core.start <= start and end <= core.end for core in ink.core)
        parts.append(_page_breaks(Span(start, end), ink) + (f"<mark>{shown}</mark>" if is_core else shown))
    return "".join(parts)


def _page_breaks(span: Span, ink: _Ink) -> str:
    """Marks for the pages that begin in the span; where the first one begins needs no mark."""
    starts = (number for place, number in ink.page_starts if span.start <= place < span.end and number > 1)
    return "".join(f'<span class="break" data-page="{number}"></span>' for number in starts)
