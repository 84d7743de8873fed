"""Where sentences begin and end, in English, Chinese and what stands between."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from mom.terms import CJK, count_cjk, count_units
from mom.values import Span

MAX_WORDS, MAX_CJK = 80, 200
SHORT_FRAGMENT, SHORT_CJK_FRAGMENT = 15, 4
# A run without spaces counts as one word however long it is; what it costs an encoder depends on its characters.
MAX_CHARACTERS = 1000
# A wrapped line is nearly as long as the page is wide; a line that stops short of this ends what it says.
WRAPPED_LINE, WRAPPED_CJK_LINE = 45, 20

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st rev hon gen col lt sgt capt maj gov sen rep pres vs no vol co inc ltd corp dept univ assn bros mt ft jan "
    "feb mar apr jun jul aug sep sept oct nov dec etc al ca approx fig ed eds pp u.s u.k d.c e.g i.e a.k.a".split()
)
_CLOSERS = "\"'”’」』»)）\\]】》〉"
_END = re.compile(
    rf"[.!?][\"'”’»)\]]*\s+(?=[\"'“‘«(\[「『《（【]*(?![a-z])[^\W_])"  # Latin: then white space, then no small letter
    rf"|[。！？；｡][。！？；…!?]*[{_CLOSERS}]*\s*"
    rf"|(?<=[{CJK}])(?:[!?]+[{_CLOSERS}]*|\.)\s*(?=[{CJK}“「『《（])"  # Chinese with ASCII marks
    r"|…+[”’」』]+\s*|[؟۔।॥]+\s*"
)
_INITIALS = re.compile(r"[a-z]|(?:[a-z]\.)+[a-z]")
_LIST_MARKER = (
    r"[-*+•·◦▪–]\s|\d{1,3}[.)]\s|(?:[a-zA-Z]|[ivxIVX]{1,4})\)\s"
    r"|[(（][0-9a-zA-Z一二三四五六七八九十]{1,3}[)）]|[①-⑳]|\d{1,3}[、．]|[一二三四五六七八九十]{1,3}、"
)
_MARKER = re.compile(rf"(?P<heading>\#{{1,6}}\s|\||```|~~~)|{_LIST_MARKER}")
_NUMBER_ONLY = re.compile(r"\s*[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})")
_FIELD = re.compile(rf"[ \t]*(?:[^\W\d_][\w()/&.'-]*(?: [\w()/&.'-]+){{0,4}}: *\S|[{CJK}]{{1,10}}：\s*\S)")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SEPARATORS = (re.compile(r"[;；]\s*"), re.compile(r"[，、：]\s*|[,:–—]\s+"), re.compile(r"\s+"))


def split_sentences(text: str, *, start: int = 0) -> list[Span]:
    """Sentences of a text, in order: stripped of white space, not overlapping, together all that is not white space.

    start: is added to every offset, for a text that is a part of a longer one.
    A blank line always ends a sentence; a heading line, a list item and a "column: value" line begin and end one. A fragment under
    15 characters (4 when Chinese) joins the sentence before it on its line. A sentence over 80 words or 200 CJK characters is cut.
    """
    spans: list[Span] = []
    for first, last, may_split in _stretches(text):
        for begin, end in _sentences(text, first, last) if may_split else ((first, last),):
            if end - begin <= MAX_CJK:
                spans.append(Span(begin + start, end + start))
            else:
                spans.extend(Span(a + start, b + start) for a, b in cut_to_fit(text, begin, end, _is_readable))
    return spans


def cut_to_fit(text: str, start: int, end: int, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Halve [start, end) until every part fits: at ; or , or white space near the middle, else anywhere. Parts are stripped."""
    start, end = _strip(text, start, end)
    if end - start <= 1 or fits(text[start:end]):
        if end > start:
            yield start, end
        return
    middle = _cut_near_middle(text, start, end)
    yield from cut_to_fit(text, start, middle, fits)
    yield from cut_to_fit(text, middle, end, fits)


def _is_readable(sentence: str) -> bool:
    if len(sentence) <= MAX_CJK:
        return True
    n_cjk = count_cjk(sentence)
    return n_cjk <= MAX_CJK and count_units(sentence) - n_cjk <= MAX_WORDS and len(sentence) <= MAX_CHARACTERS


def _cut_near_middle(text: str, start: int, end: int) -> int:
    middle, quarter = (start + end) // 2, (end - start) // 4
    for separator in _SEPARATORS:
        ends = [match.end() for match in separator.finditer(text, middle - quarter, middle + quarter) if match.end() < end]
        if ends:
            return min(ends, key=lambda cut: abs(cut - middle))
    cut = middle
    while cut < end - 1 and unicodedata.combining(text[cut]):
        cut += 1
    return max(cut, start + 1)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of a stretch without hard line ends. The rules for English are those the retrieval figures were measured with."""
    found: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        mark, stop = match.start(), match.end()
        if stop >= end or _goes_on(text, begin, mark, stop) or (begin == start and _NUMBER_ONLY.fullmatch(text, begin, mark)):
            continue
        if text[mark] in "。！？；｡" and text.count('"', begin, mark) % 2 == 0 and (quote := text.find('"', mark, stop)) >= 0:
            stop = quote  # an even number of quotes before it: this one opens
        _add(found, text, begin, stop)
        begin = stop
    _add(found, text, begin, end)
    return found


def _goes_on(text: str, begin: int, mark: int, stop: int) -> bool:
    """Whether the mark at `mark` ends an abbreviation or an initial, or a small letter of another alphabet follows."""
    if text[mark] not in ".!?":
        return False
    if text[stop].islower():
        return True
    if text[mark] != ".":
        return False
    words = text[max(begin, mark - 24) : mark].rsplit(None, 1)
    if not words or text[mark - 1].isspace():
        return False
    word = words[-1].lower().strip("(\"'“‘")
    return word in ABBREVIATIONS or _INITIALS.fullmatch(word) is not None


def _add(found: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    begin, end = _strip(text, begin, end)
    length = end - begin
    if length == 0:
        return
    if found and length < SHORT_FRAGMENT and (length < SHORT_CJK_FRAGMENT or not count_cjk(text[begin:end])):
        begin = found.pop()[0]
    found.append((begin, end))


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    """Ranges that no sentence crosses, stripped, and whether they may hold several sentences (a heading line may not)."""
    if "\n" not in text:
        first, last = _strip(text, 0, len(text))
        if first < last:
            yield first, last, True
        return
    begin = end = 0  # the open stretch; empty when begin == end
    before = ""
    for match in _LINE.finditer(text):
        first, last = _strip(text, *match.span())
        line = text[first:last]
        marker = _MARKER.match(line) if line else None
        is_heading = marker is not None and marker["heading"] is not None
        if begin < end and (not line or marker is not None or not _wraps(before, line)):
            yield begin, end, True
            begin = end = first
        if is_heading:
            yield first, last, False
            begin = end = last
        elif line:
            begin, end = (first, last) if begin == end else (begin, last)
        before = line
    if begin < end:
        yield begin, end, True


def _wraps(before: str, line: str) -> bool:
    """Whether `line` goes on with what `before` began, the line break being only the edge of the page."""
    if _FIELD.match(line) and _FIELD.match(before):
        return False
    if line[0].islower():
        return True
    if before[-1] in ".!?。！？；:：":
        return False
    return len(before) >= WRAPPED_LINE or count_cjk(before) >= WRAPPED_CJK_LINE
