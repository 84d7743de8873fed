"""Plain text: kept as it is, with the headings that its lines suggest."""

from __future__ import annotations

import re

from tadarag.documents.dates import document_date, find_dates
from tadarag.documents.language import detect_language
from tadarag.documents.text import decode
from tadarag.values import Document, Heading, Span

NUMBERED = re.compile(
    r"(?:(?:chapter|section|part|article|clause|appendix|annex|schedule)\s+[\dIVXLC]+\b|(?P<dotted>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s"
    r"|第[〇零一二三四五六七八九十百\d]{1,5}[章节節条條部分篇]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])",
    re.IGNORECASE,
)
_CHINESE_LEVELS = {"章": 1, "部": 1, "分": 1, "篇": 1, "节": 2, "節": 2, "条": 2, "條": 2}
_END_OF_SENTENCE = tuple(".!?;,:，。！？；、：")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_BYLINE = re.compile(r"^[\W_]*(?:by\s+[A-Z]|text:|words:|author:|记者|記者|作者|文[/／])", re.IGNORECASE)
_HEAD_REACH = 800


def parse_plain(name: str, data: bytes) -> Document:
    """Decode and normalise; the text is exactly what stands in the file. Raises DocumentError for binary data."""
    text = decode(name, data)
    title = _title_line(text)
    headings = [Heading(span=title, level=1, title=title.of(text).strip())] if title else []
    headings += [heading for heading in plain_headings(text) if not headings or heading.span.start > headings[0].span.end]
    return Document(
        text=text,
        title=headings[0].title if title else "",
        headings=tuple(headings),
        language=detect_language(text),
        date=document_date(text),
    )


def plain_headings(text: str) -> list[Heading]:
    """Short lines after a blank line that end like no sentence: numbered or in capitals, or with a long paragraph below them."""
    headings = []
    position = 0
    lines = text.split("\n")
    for index, line in enumerate(lines[:-1]):
        stripped = line.strip()
        if stripped and (index == 0 or not lines[index - 1].strip()):
            is_alone = not lines[index + 1].strip()
            below = next((later.strip() for later in lines[index + 1 : index + 4] if later.strip()), "")
            level = heading_level(stripped)
            if not (level and (is_alone or _is_paragraph(below, stripped))):
                level = 2 if _is_label(stripped) and _is_paragraph(below, stripped) else 0
            if level:
                start = position + line.index(stripped)
                headings.append(Heading(span=Span(start, start + len(stripped)), level=level, title=stripped))
        position += len(line) + 1
    return headings


def _is_paragraph(text: str, heading: str) -> bool:
    """Whether `text` is so long that the line above it can be its heading."""
    return len(text) >= max(2 * len(heading), 25 if _CJK.search(text) else 70)


def _is_label(line: str) -> bool:
    """A few words that begin with a capital, or a few Chinese characters; no date, no speaker, no end of a sentence."""
    if line.endswith(_END_OF_SENTENCE) or find_dates(line) or _BYLINE.match(line):
        return False
    if _CJK.match(line):
        return len(line) <= 12
    return line[0].isupper() and len(line.split()) <= 6 and len(line) <= 60


def heading_level(line: str) -> int:
    """The level that a line's numbering or capitals suggest, counted from 1; 0 when it looks like no heading."""
    longest = 40 if _CJK.search(line) else 90
    if len(line) > longest or line.endswith(_END_OF_SENTENCE):
        return 0
    match = NUMBERED.match(line)
    if match:
        if match["dotted"]:
            return 1 + match["dotted"].count(".") if re.search(r"[^\W\d]", line[match.end() : match.end() + 2]) else 0
        return _CHINESE_LEVELS.get(match.group()[-1], 2 if match.group()[0] in "（(" else 1)
    return 1 if line.isupper() and len(line) >= 4 and len(line.split()) <= 12 and not find_dates(line) else 0


def _title_line(text: str) -> Span | None:
    """The line that names the text: short lines at its head, the last before a byline or date where there is one, else the first.

    A newspaper's name stands above the headline; dates, bylines and lines that end like sentences are no titles.
    """
    candidates: list[Span] = []
    has_byline = has_date = False
    position = 0
    for line in text[:_HEAD_REACH].split("\n"):
        stripped = line.strip()
        start = position + line.find(stripped)
        position += len(line) + 1
        if not stripped:
            continue
        if _BYLINE.match(stripped):
            has_byline = True
            break
        if len(stripped) > (60 if _CJK.search(stripped) else 120) or stripped.endswith(_END_OF_SENTENCE):
            break
        if find_dates(stripped):
            has_date = True
        elif len(candidates) < 4 and re.search(r"[^\W\d]", stripped):
            candidates.append(Span(start, start + len(stripped)))
    else:
        if position > len(text):  # nothing but short lines: a list, an address, a poem
            return None
    if not candidates:
        return None
    return candidates[-1] if has_byline or (has_date and len(candidates) <= 2) else candidates[0]
