"""Markdown: the text stays as it was written, and its headings, code, tables and quotations are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tadarag.documents.dates import document_date, parse_date
from tadarag.documents.language import detect_language
from tadarag.documents.text import decode
from tadarag.values import Document, Heading, Span

_ATX = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<title>.*?))?(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(?:(=+)|(-{2,}))[ \t]*$")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_QUOTE = re.compile(r" {0,3}>")
_TABLE_RULE = re.compile(r" {0,3}\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t]*:?-{1,}:?[ \t]*)*\|?[ \t]*$")
_NOT_PARAGRAPH = re.compile(r" {0,3}(?:[-*+>|#]|\d+[.)]|`{3}|~{3})| {4}|\t")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<fields>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_FIELD = re.compile(r"(?P<key>[^\s:#][^:\n]*):[ \t]*(?P<value>.*)$")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_DATE_KEYS = ("date", "published", "publication_date", "pubdate", "updated", "日期", "发布日期")


def parse_markdown(name: str, data: bytes) -> Document:
    """`document.text` is the normalised source; front matter becomes fields, title and date. Raises DocumentError for binary data."""
    text = decode(name, data)
    fields, body_start = _front_matter(text)
    headings, blocks = _structure(text, body_start)
    if body_start:
        blocks.insert(0, Span(0, body_start))
    named = {key.lower(): value for key, value in fields}
    stated = next((iso for key in _DATE_KEYS if (iso := parse_date(named.get(key, "")))), "")
    first = headings[0].title if headings and headings[0].level == 1 else ""
    body = text[body_start:]
    return Document(
        text=text,
        title=named.get("title", "") or first,
        media_type="text/markdown",
        language=detect_language(body),
        headings=tuple(headings),
        blocks=tuple(blocks),
        date=stated or document_date(body.lstrip()),
        fields=fields,
    )


def _front_matter(text: str) -> tuple[tuple[tuple[str, str], ...], int]:
    """The simple `key: value` lines between two rules at the top, and where the body begins (0 without front matter)."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return (), 0
    lines = [_FIELD.match(line) for line in match["fields"].splitlines()]
    fields = tuple((line["key"].strip(), line["value"].strip().strip("\"'")) for line in lines if line)
    return (fields, match.end()) if fields else ((), 0)


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    for line in text[start:].split("\n"):
        yield start, line
        start += len(line) + 1


def _structure(text: str, body_start: int) -> tuple[list[Heading], list[Span]]:
    """Headings and blocks of the body in one pass; a heading inside a code fence is code."""
    headings: list[Heading] = []
    blocks: list[Span] = []
    fence, fence_start = "", 0
    run_kind, run_start, run_end = "", 0, 0  # a quotation or table that is going on
    previous_start, previous = body_start, ""
    for start, line in _lines(text, body_start):
        end = start + len(line)
        if fence:
            closing = _FENCE.match(line)
            if closing and closing["fence"].startswith(fence) and not closing["info"].strip():
                blocks.append(Span(fence_start, end))
                fence = ""
            previous_start, previous = start, ""
            continue
        kind = "quote" if _QUOTE.match(line) else "table" if run_kind == "table" and "|" in line else ""
        if not kind and "|" in previous and _TABLE_RULE.match(line) and "|" in line:
            kind, run_kind, run_start = "table", "table", previous_start
        if run_kind and kind != run_kind:
            blocks.append(Span(run_start, run_end))
        if kind:
            run_start = run_start if kind == run_kind else start
            run_end = end
        run_kind = kind
        opening = _FENCE.match(line)
        if opening and not ("`" in opening["info"] and opening["fence"][0] == "`"):
            fence, fence_start = opening["fence"], start
        elif not kind:
            heading = _heading(start, line, previous_start, previous)
            if heading:
                headings.append(heading)
        previous_start, previous = start, line
    if run_kind:
        blocks.append(Span(run_start, run_end))
    if fence:  # never closed: code up to the end
        blocks.append(Span(fence_start, len(text)))
    return headings, blocks


def _heading(start: int, line: str, previous_start: int, previous: str) -> Heading | None:
    atx = _ATX.match(line)
    if atx:
        title = _plain(atx["title"] or "")
        return Heading(span=Span(start, start + len(line)), level=len(atx["marks"]), title=title) if title else None
    setext = _SETEXT.match(line)
    if setext and previous.strip() and not _NOT_PARAGRAPH.match(previous):
        span = Span(previous_start, start + len(line))
        return Heading(span=span, level=1 if setext[1] else 2, title=_plain(previous))
    return None


def _plain(title: str) -> str:
    """A heading's text without the marks of emphasis, code and links."""
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", title)).strip()
