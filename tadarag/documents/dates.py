"""Dates as people write them in English and Chinese become ISO dates; what is ambiguous stays unread."""

from __future__ import annotations

import calendar
import re
from datetime import date

from tadarag.values import Span

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_CHINESE_DIGITS = dict(zip("〇零○Ｏ一二三四五六七八九", (0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NUMERAL = "[〇零○Ｏ一二三四五六七八九十廿卅\uff10-\uff190-9]"

_DATE = re.compile(
    rf"""(?=[\djfmasond民公元\uff10-\uff19〇零○Ｏ一二三四五六七八九十廿卅])(?:
    (?<![\w./-])(?P<iso>(?P<iy>\d{{4}})-(?P<im>\d{{1,2}})-(?P<id>\d{{1,2}}))(?=T\d|(?![\w/-]))
  | (?<![\w./-])(?P<ymd>(?P<yy>\d{{4}})(?P<ys>[/.])(?P<ym>\d{{1,2}})(?P=ys)(?P<yd>\d{{1,2}}))(?![\w/-])
  | (?<![\w./-])(?P<dmy>(?P<d1>\d{{1,2}})(?P<s>[/.-])(?P<d2>\d{{1,2}})(?P=s)(?P<dy>\d{{4}}))(?![\w/-])
  | (?<!\w)(?P<eu>(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?:\ of)?[\ -](?P<em>{_MONTH}),?[\ -](?P<ey>\d{{4}}))(?!\w)
  | (?<!\w)(?P<us>(?P<um>{_MONTH})\ (?P<ud>\d{{1,2}})(?:st|nd|rd|th)?,?\ (?P<uy>\d{{4}}))(?!\w)
  | (?<!\w)(?P<my>(?P<mm>{_MONTH}),?\ (?P<myy>\d{{4}}))(?!\w)
  | (?P<zh>(?P<era>民国|民國|公元)?\s?(?P<zy>{_NUMERAL}{{1,4}}|元)\s?年\s?(?P<zm>{_NUMERAL}{{1,3}})\s?月(?:份|(?:\s?(?P<zd>{_NUMERAL}{{1,3}})\s?[日号號])?)))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Every date that the expression above reads holds one of these.
_YEAR = re.compile(r"\d{4}|年")

_WEEKDAY_OR_TIME = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:gmt|utc|am|pm)\b|(?:星期|周|週)[一二三四五六日天]|T(?=\d)|Z\b",
    re.I,
)
_DATELINE_REACH = 300
_LABEL = re.compile(
    r"\b(?:date|dated|published|updated|posted|issued|effective|sent|created|printed|as of)\b|日期|发布|發布|更新|时间|時間|签订|簽訂", re.I
)
_LIFE = re.compile(r"\b(?:born|died|was|were|is|are|has|founded|killed|since|until|between)\b|生于|生於|出生|逝世|去世|成立于", re.I)
_PREPOSITION_BEFORE = re.compile(r"\b(?:on|in|at|from|to|by|of|and|after|before|the|a)$", re.I)
_RANGE_GOES_ON = re.compile(rf"[-–—]\s*(?:c\.\s*)?(?:\d|{_MONTH})", re.I)
_PLACE_BEFORE = re.compile(r"^[\W_]*(?:[A-Z][\w.'’ -]{1,40}[,.:–—]|[【(（《]?[\u4e00-\u9fff·]{2,20}[】),，、。（）》\s]*)?\W*$")


def find_dates(text: str) -> list[tuple[Span, str]]:
    """Every date in `text` with its span, in order: ISO day (2024-03-12), or ISO month (2024-03) where no day is stated.

    03/04/2024 may be March or April and is left out; 25/12/2024 can only be a day and is read. Years of the Republic of China
    (民国113年) are converted. Impossible dates (30 February) are left out.
    """
    found = []
    for start, end in _windows(text):
        for match in _DATE.finditer(text, start, end):
            iso = _iso_of(match)
            if iso:
                found.append((Span(match.start(), match.end()), iso))
    return found


def _windows(text: str) -> list[tuple[int, int]]:
    """Ranges around each year that hold every date with that year; the whole expression is too slow to try at every character."""
    windows: list[tuple[int, int]] = []
    for year in _YEAR.finditer(text):
        start, end = max(0, year.start() - 32), year.end() + 24
        if windows and start <= windows[-1][1]:
            windows[-1] = windows[-1][0], end
        else:
            windows.append((start, end))
    return windows


def parse_date(text: str) -> str:
    """The ISO date that `text` consists of (a time of day or weekday beside it is allowed), or "" when it is none or ambiguous."""
    text = text.strip()
    dates = find_dates(text)
    if len(dates) != 1:
        return ""
    span, iso = dates[0]
    rest = text[: span.start] + text[span.end :]
    rest = _WEEKDAY_OR_TIME.sub("", rest)
    return "" if re.search(r"[^\W\d]", rest) else iso


def document_date(text: str) -> str:
    """The day that a document states about itself near its beginning, or "".

    A date counts when it stands in a dateline or byline: first in its line or after a place name, at the end of a short line that is no
    sentence about someone's life, or in a line with a label such as "Published". A date inside prose is not the document's own.
    """
    if not _YEAR.search(text, 0, _DATELINE_REACH):
        return ""
    head = text[: _DATELINE_REACH + 40]
    for span, iso in find_dates(head):
        if span.start >= _DATELINE_REACH or len(iso) != 10:
            continue
        line_start = head.rfind("\n", 0, span.start) + 1
        line_end = text.find("\n", span.end)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        if _is_dateline(line, span.start - line_start, span.end - line_start):
            return iso
    return ""


def _is_dateline(line: str, start: int, end: int) -> bool:
    before, after = line[:start].rstrip(), line[end:].strip()
    if _PREPOSITION_BEFORE.search(before):
        return False
    is_life = bool(_LIFE.search(line[:200]))
    if len(line) <= 100 and not is_life:
        return not before or not after.strip("*_.。)）|】 ") or before[-1:] in ",，|·—–:：*>）)】" or bool(_LABEL.search(before))
    # A long line is a paragraph: only "TARNWICK, 9 March 2022. Halvrin said ..." states the day of writing, not "Ann Bell (9 March 1922 – ...".
    if not before and is_life:
        return False
    return bool(_PLACE_BEFORE.match(line[:start])) and after[:1] in tuple(".-–—:)。】），") and not _RANGE_GOES_ON.match(after)


def _iso_of(match: re.Match[str]) -> str:
    part = match.groupdict()
    if part["iso"]:
        return _iso(int(part["iy"]), int(part["im"]), int(part["id"]))
    if part["ymd"]:
        return _iso(int(part["yy"]), int(part["ym"]), int(part["yd"]))
    if part["dmy"]:
        return _iso_of_numbers(int(part["d1"]), int(part["d2"]), int(part["dy"]))
    if part["eu"]:
        return _iso(int(part["ey"]), _month(part["em"]), int(part["ed"]))
    if part["us"]:
        return _iso(int(part["uy"]), _month(part["um"]), int(part["ud"]))
    if part["my"]:
        return _iso(int(part["myy"]), _month(part["mm"]))
    return _iso_of_chinese(part["era"] or "", part["zy"], part["zm"], part["zd"])


def _iso_of_numbers(first: int, second: int, year: int) -> str:
    """Day and month in either order: read only when one of them cannot be a month, or both are equal."""
    if first == second or second > 12:
        return _iso(year, first, second)
    return _iso(year, second, first) if first > 12 else ""


def _iso_of_chinese(era: str, year_text: str, month_text: str, day_text: str | None) -> str:
    is_republic = era in ("民国", "民國")
    year = 1 if year_text == "元" else _digits(year_text)
    if is_republic:
        year = 1911 + (1 if year_text == "元" else _number(year_text))
    elif len(year_text) != 4:  # 三年一月 is a duration, 24年3月 leaves the century open
        return ""
    return _iso(year, _number(month_text), _number(day_text) if day_text else None)


def _digits(numeral: str) -> int:
    """Read digit by digit, as years are: 二〇二四 is 2024; 0 when it cannot be read so."""
    digits = [_digit(c) for c in numeral]
    return int("".join(map(str, digits))) if all(digit >= 0 for digit in digits) else 0


def _number(numeral: str) -> int:
    """Read as a count below a hundred or as plain digits: 十二 is 12, 二十一 is 21, 廿三 is 23; 0 when it is none."""
    expanded = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = expanded.partition("十")
    if not ten:
        return _digits(expanded)
    if "百" in expanded or len(tens) > 1 or len(ones) > 1:
        return 0
    return (_digit(tens) if tens else 1) * 10 + (_digit(ones) if ones else 0)


def _digit(character: str) -> int:
    if character in _CHINESE_DIGITS:
        return _CHINESE_DIGITS[character]
    return int(character) if character.isdecimal() else -1


def _month(name: str) -> int:
    return _MONTHS[name.rstrip(".").lower()]


def _iso(year: int, month: int, day: int | None = None) -> str:
    try:
        checked = date(year, month, 1 if day is None else day)
    except ValueError:
        return ""
    return checked.isoformat()[: 7 if day is None else 10]
