"""PDF: lines joined to paragraphs, words mended at line ends, repeated page headers and footers dropped, headings told by their font."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tadarag.documents.building import DocumentBuilder, collapse
from tadarag.documents.pdf_lines import SOFT, Line, Page, read_pages
from tadarag.documents.plain import NUMBERED
from tadarag.documents.text import one_line
from tadarag.errors import DocumentError
from tadarag.values import Document, Span

_EDGE_LINES = 3  # so many lines at the top and bottom of a page may be header or footer
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|p\.|seite|第)?\s*(\d{1,4}|[ivxl]{1,6})\s*(?:(?:of|/|von)\s*\d{1,4}|页|頁|页[,，]?\s*共\s*\d+\s*页)?[-–—|\s]*", re.I
)
_NUMBER = re.compile(r"\d+")
_CJK_END = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]$")
_CJK_START = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SENTENCE_END = (".", "!", "?", ":", ";", "。", "！", "？", "：", "；", ".”", '."', "”", "」")
_ITEM = re.compile(r"(?:[•·▪‣◦●○■–—*-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|[（(][一二三四五六七八九十\d]+[）)])\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """What is usual in this document: body font size and line pitch (points), and each heading size's level."""

    size: float
    pitch: float
    levels: dict[float, int]
    right: float


def parse_pdf(name: str, data: bytes) -> Document:
    """Read a text PDF; `pages` tile the text. A page of pictures gives no text.

    Raises DocumentError for encrypted, damaged or cut-off files, and for a scan (pictures only); a blank PDF gives an empty document.
    """
    pages, stated_title = read_pages(name, data)
    if not any(page.lines for page in pages):
        if any(page.has_images for page in pages):
            raise DocumentError(
                f"{one_line(name)} has pictures of pages but no text", "run text recognition (OCR) on it and ingest the result"
            )
        return Document(text="", media_type="application/pdf", pages=(Span(0, 0),) * len(pages))
    kept = _without_furniture(pages)
    style = _usual(kept)
    words = Counter(word.lower() for lines in kept for line in lines for word in _WORD.findall(line.text.replace(SOFT, " ")))
    kept = [[replace(line, text=_mended(line.text, words)) for line in lines] for lines in kept]
    builder = DocumentBuilder()
    _write(kept, style, words, builder)
    titles = [heading.title for heading in builder.headings if heading.level == 1]
    stated_title = collapse(stated_title).replace("\n", " ")
    is_useful = " " in stated_title and not re.search(r"untitled|anonymous|microsoft word|\.\w{2,4}$", stated_title, re.I)
    return builder.document(media_type="application/pdf", title=titles[0] if titles else stated_title if is_useful else "")


def _write(pages: Sequence[Sequence[Line]], style: _Style, words: Counter[str], builder: DocumentBuilder) -> None:
    """Append the pages' lines; a paragraph that goes on over a page's end stays one paragraph."""
    previous: Line | None = None
    for lines in pages:
        builder.page()
        is_first = True
        for run in _runs(lines, style):
            level = _level(run[0], style)
            if run[0].is_row:
                builder.rows(_table_rows(run))
                previous = None
            elif level:
                builder.heading(_joined(run, words), level)
                previous = None
            else:
                goes_on = previous is not None and is_first and _runs_over(previous, run[0], style)
                joint, cuts_hyphen = _joint(previous.text, run[0].text, words) if previous is not None and goes_on else ("\n\n", False)
                if cuts_hyphen:
                    builder.cut_hyphen()
                builder.paragraph(_joined(run, words), joint=joint)
                previous = run[-1]
            is_first = False


def _runs(lines: Sequence[Line], style: _Style) -> list[list[Line]]:
    """The lines of a page grouped to paragraphs, headings and tables."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and _belongs(runs[-1], line, style):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _belongs(run: Sequence[Line], line: Line, style: _Style) -> bool:
    if run[0].is_row:  # a further row, or a cell that goes on in its column
        is_near = 0 <= run[-1].top - line.top <= 3 * style.pitch
        return is_near and (line.is_row or line.left > run[0].left + line.size)
    return not line.is_row and _level(run[0], style) == _level(line, style) and _goes_on(run[-1], line, style)


def _table_rows(run: Sequence[Line]) -> list[str]:
    rows: list[str] = []
    for line in run:
        text = line.text.rstrip(SOFT)
        if line.is_row:
            rows.append(text)
        else:
            rows[-1] += " " + text
    return rows


def _mended(text: str, words: Counter[str]) -> str:
    """A line with the words that PDFium joined over a line's end written as one, or with their hyphen."""
    head, soft, tail = text.partition(SOFT)
    while soft and tail:
        head = head + _soft_joint(head, tail, words)
        inner, soft, tail = tail.partition(SOFT)
        head += inner
    return head + soft


def _soft_joint(left: str, right: str, words: Counter[str]) -> str:
    """The hyphen when the right part is no small letter, or when the document writes the word only with it; else nothing."""
    head, tail = re.search(r"[^\W\d_]+$", left), re.match(r"[^\W\d_]+", right)
    if not head or not tail or not right[0].islower():
        return "-"
    compound = f"{head[0]}-{tail[0]}".lower()
    return "-" if words[compound] and not words[compound.replace("-", "")] else ""


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        joint, cut = _joint(text, line.text, words)
        text = text.rstrip(SOFT)
        text = (text.removesuffix("-") if cut else text) + joint + line.text
    return text.rstrip(SOFT)


def _joint(left: str, right: str, words: Counter[str]) -> tuple[str, bool]:
    """What goes between two lines of a paragraph, and whether the hyphen at the end of the left one is dropped.

    A hyphen is dropped when the next line goes on in lower case, unless the document writes that word with the hyphen elsewhere.
    """
    if left.endswith(SOFT):
        return _soft_joint(left.rstrip(SOFT), right, words), False
    if re.search(r"[^\W\d_]-$", left) and right[:1].islower():
        return "", not _soft_joint(left[:-1], right, words)
    return ("" if _CJK_END.search(left) and _CJK_START.match(right) else " "), False


def _goes_on(previous: Line, line: Line, style: _Style) -> bool:
    """Whether `line` belongs to the paragraph of `previous`, the line before it on the page."""
    if _ITEM.match(line.text) or abs(line.size - previous.size) > 0.6:
        return False
    if line.top > previous.top + 0.3 * style.pitch:  # the next column: a paragraph goes on there unless the last line ended one
        return not previous.text.endswith(_SENTENCE_END)
    gap = previous.top - line.top
    if gap < 0.3 * style.pitch:  # the same row: cells of a table, or pieces of one line
        return True
    if gap > 1.45 * max(style.pitch, line.size):
        return False
    is_indented = line.left > previous.left + 1.2 * line.size and previous.text.endswith(_SENTENCE_END)
    ends_short = previous.right < style.right - 0.2 * style.right and previous.text.endswith(_SENTENCE_END)
    return not (is_indented or ends_short)


def _runs_over(previous: Line, line: Line, style: _Style) -> bool:
    """Whether the first line of a page goes on with the paragraph that ended the page before."""
    return not previous.text.endswith(_SENTENCE_END) and not _ITEM.match(line.text) and abs(line.size - previous.size) <= 0.6


def _usual(pages: Sequence[Sequence[Line]]) -> _Style:
    sizes: Counter[float] = Counter()
    pitches: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
        for above, below in pairwise(lines):
            if abs(above.size - below.size) < 0.6 and above.top > below.top + 0.5:
                pitches[round((above.top - below.top) * 2) / 2] += 1
    size = min(sizes, key=lambda known: (-sizes[known], known)) if sizes else 10.0
    pitch = min(pitches, key=lambda known: (-pitches[known], known)) if pitches else 1.2 * size
    total = sum(sizes.values())
    larger = sorted((known for known in sizes if known >= size + 1 and sizes[known] <= 0.2 * total), reverse=True)
    right = max((line.right for lines in pages for line in lines), default=0.0)
    return _Style(
        size=size, pitch=min(pitch, 2.2 * size), levels={known: min(level, 6) for level, known in enumerate(larger, start=1)}, right=right
    )


def _level(line: Line, style: _Style) -> int:
    """A larger font makes a heading, a bold short line too, one level below the larger ones."""
    if len(line.text) > 160 or not re.search(r"[^\W\d_]", line.text):
        return 0
    level = style.levels.get(round(line.size * 2) / 2, 0)
    if level:
        return level
    is_short = len(line.text) <= 80 and not line.text.endswith((".", ",", ";", "。", "，", "；", ":", "："))
    if is_short and line.is_bold and line.size >= style.size - 0.6 and line.right < 0.85 * style.right:
        match = NUMBERED.match(line.text)
        below = len(style.levels)
        return min(6, below + (1 + match["dotted"].count(".") if match and match["dotted"] else 1))
    return 0


def _without_furniture(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages without page numbers and without lines that stand at the edge of most pages, alike or but for the page's number."""
    seen: defaultdict[tuple[str, int], set[tuple[int, str]]] = defaultdict(set)
    filled = [index for index, page in enumerate(pages) if page.lines]
    for index in filled:
        for line in _edge(pages[index].lines):
            seen[_place(line)].add((index, line.text))
    threshold = max(2, (len(filled) + 1) // 2)
    repeated = {key for key, places in seen.items() if len({index for index, _ in places}) >= threshold and _counts_pages(places)}
    kept = []
    for page in pages:
        edge = _edge(page.lines)
        numbers = {id(line) for line in (*page.lines[:1], *page.lines[-1:]) if _PAGE_NUMBER.fullmatch(line.text) and len(page.lines) > 1}
        dropped = numbers | {id(line) for line in edge if _place(line) in repeated}
        kept.append([line for line in page.lines if id(line) not in dropped])
    return kept


def _place(line: Line) -> tuple[str, int]:
    """What repeats from page to page: the text without numbers, at the same height (to 8 points)."""
    return _NUMBER.sub("#", line.text), round(line.top / 8)


def _edge(lines: Sequence[Line]) -> list[Line]:
    """The highest and lowest lines of a page; the order of the file may put a footer first."""
    by_height = sorted(lines, key=lambda line: -line.top)
    return by_height if len(by_height) <= 2 * _EDGE_LINES else by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _counts_pages(places: set[tuple[int, str]]) -> bool:
    """Whether the lines are the same, or differ by one number that rises with the pages ("Table 1", "Table 7" do not)."""
    if len({text for _, text in places}) == 1:
        return True
    offsets = [{int(number) - index for number in _NUMBER.findall(text)[:6] if len(number) < 6} for index, text in places]
    return bool(set.intersection(*offsets))
