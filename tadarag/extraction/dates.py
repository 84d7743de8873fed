"""Dates of English and Chinese text, normalised to ISO 8601 where they are unambiguous."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from tadarag.extraction.found import Found
from tadarag.extraction.numerals import chinese_digits, chinese_integer

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?:Jan(?:uary|\b\.?)|Feb(?:ruary|\b\.?)|Mar(?:ch|\b\.?)|Apr(?:il|\b\.?)|May|June?|July?|Aug(?:ust|\b\.?)|Sept?(?:ember|\b\.?)|Oct(?:ober|\b\.?)"
    r"|Nov(?:ember|\b\.?)|Dec(?:ember|\b\.?))"
)
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_ENGLISH = re.compile(
    rf"\b(?:{_WEEKDAY}(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})(?:,? (?P<y1>\d{{4}})(?!\d))?(?!\w)"
    rf"|{_WEEKDAY}(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d\w])(?:,? (?P<y2>\d{{4}})(?!\d))?"
    rf"|(?P<m3>{_MONTH}),? (?P<y3>\d{{4}})(?!\d)"
    r"|(?P<y4>\d{4})[-/.](?P<m4>\d{1,2})[-/.](?P<d4>\d{1,2})(?![\d-])"
    r"|(?P<a5>\d{1,2})[-/.](?P<b5>\d{1,2})[-/.](?P<y5>\d{4})(?![\d-])"
    r"|(?:Q(?P<q6>[1-4]),? ?|(?P<w6>first|second|third|fourth) quarter(?: of|,)? )(?P<y6>\d{4})(?!\d)"
    r"|(?P<decade>\d{3}0)s\b|(?P<century>\d{1,2})(?:st|nd|rd|th)[- ]century)"
)
_YEAR = re.compile(r"(?<![\w.,#$€£¥￥/-])(?P<y>1[5-9]\d\d|20\d\d)(?![\w/%]|[.,]\d|-\w| (?:million|billion|thousand|percent|per cent))")
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}

_ZH_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
# First year of each era is the number plus one: 民国三十八年 is 1911 + 38.
_ERAS: dict[str, int] = {
    name: int(year)
    for name, year in (
        era.split(":")
        for era in (
            "民国:1911 宣统:1908 光绪:1874 同治:1861 咸丰:1850 道光:1820 嘉庆:1795 乾隆:1735 雍正:1722 康熙:1661 顺治:1643 崇祯:1627 万历:1572 "
            "嘉靖:1521 永乐:1402 洪武:1367 开元:712 贞观:626 明治:1867 大正:1911 昭和:1925 平成:1988 令和:2018"
        ).split()
    )
}
_CHINESE = re.compile(
    rf"(?P<y1>(?<!\d)\d{{4}}|[〇零○一二三四五六七八九]{{4}})年(?:第?(?P<q1>[一二三四1-4])季度|(?P<m1>{_ZH_NUMBER})月(?:(?P<d1>{_ZH_NUMBER})[日号])?)?"
    rf"|(?P<era>{'|'.join(_ERAS)})(?P<n2>元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})年"
    rf"|(?P<relative>去年|今年|明年|前年)(?P<m3>{_ZH_NUMBER})月(?:(?P<d3>{_ZH_NUMBER})[日号])?"
    rf"|(?P<m4>{_ZH_NUMBER})月(?P<d4>{_ZH_NUMBER})[日号]"
    rf"|(?<![\d一二三四五六七八九十])(?P<m6>{_ZH_NUMBER})月(?![\d一二三四五六七八九十])"
    rf"|(?P<c5>{_ZH_NUMBER})世纪(?:(?P<decade5>\d0|[二三四五六七八九]十)年代)?"
)
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tomorrow|(?:last|this|next) (?:year|month))\b|昨[天日]|今[天日]|明[天日](?!报)|去年|今年|明年|前年|上个?月|本月|下个?月",
    re.IGNORECASE,
)
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1}
_YEARS = {"last year": -1, "this year": 0, "next year": 1, "前年": -2, "去年": -1, "今年": 0, "明年": 1}
_MONTH_STEPS = {"last month": -1, "this month": 0, "next month": 1, "上月": -1, "上个月": -1, "本月": 0, "下月": 1, "下个月": 1}


def find_dates(text: str, start: int, end: int, *, stated: str, has_digits: bool, has_chinese: bool) -> list[Found]:
    """Dates in text[start:end]; kind "time".

    stated: the ISO date that the document states about itself, against which relative dates are read; without it they are not reported,
    for they would tell nothing. A day without a year becomes "--MM-DD", a decade "198X", a century "18XX" (EDTF), a quarter "2024-Q3".
    An ambiguous date such as 03/04/2024 is reported with an empty normal form.
    """
    found: list[Found] = []
    if has_digits:
        found.extend(Found(match.start(), match.end(), "time", _english(match)) for match in _ENGLISH.finditer(text, start, end))
        found.extend(Found(match.start(), match.end(), "time", match["y"]) for match in _YEAR.finditer(text, start, end))
    if has_chinese:
        found.extend(Found(match.start(), match.end(), "time", _chinese(match, stated)) for match in _CHINESE.finditer(text, start, end))
    if stated:
        for match in _RELATIVE.finditer(text, start, end):
            normal = _relative(match.group().lower(), stated)
            if normal:
                found.append(Found(match.start(), match.end(), "time", normal))
    return found


def _english(match: re.Match[str]) -> str:
    part = match.groupdict()
    for index in ("1", "2"):
        if part["m" + index]:
            return _iso(part["y" + index], _month_number(part["m" + index]), int(part["d" + index]))
    if part["m3"]:
        return _iso(part["y3"], _month_number(part["m3"]), None)
    if part["y4"]:
        return _iso(part["y4"], int(part["m4"]), int(part["d4"]))
    if part["y5"]:
        return _day_or_month_first(part["y5"], int(part["a5"]), int(part["b5"]))
    if part["y6"]:
        return f"{part['y6']}-Q{part['q6'] or _QUARTERS[part['w6']]}"
    return part["decade"][:3] + "X" if part["decade"] else _century(int(part["century"]))


def _chinese(match: re.Match[str], stated: str) -> str:
    part = match.groupdict()
    if part["y1"]:
        year = chinese_digits(part["y1"])
        if part["q1"]:
            return f"{year}-Q{_number(part['q1'])}"
        month = _number(part["m1"]) if part["m1"] else None
        return _iso(year, month, _number(part["d1"]) if part["d1"] else None)
    if part["era"]:
        return f"{_ERAS[part['era']] + (1 if part['n2'] == '元' else _number(part['n2'])):04d}"
    if part["relative"]:
        year = _relative(part["relative"], stated)
        return _iso(year, _number(part["m3"]), _number(part["d3"]) if part["d3"] else None) if year else ""
    if part["m4"]:
        return _iso(None, _number(part["m4"]), _number(part["d4"]))
    if part["m6"]:
        return _iso(None, _number(part["m6"]), None)
    century = _number(part["c5"])
    return f"{century - 1:02d}{_number(part['decade5']) // 10}X" if part["decade5"] else _century(century)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else chinese_integer(text) or 0


def _century(number: int) -> str:
    return f"{number - 1:02d}XX" if 1 <= number <= 30 else ""


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower().rstrip(".")[:3]))


def _day_or_month_first(year: str, first: int, second: int) -> str:
    if first == second or second > 12:
        return _iso(year, first, second)
    return _iso(year, second, first) if first > 12 else ""


def _iso(year: str | None, month: int | None, day: int | None) -> str:
    """The ISO form, or "" when there is no such day."""
    if month is None:
        return f"{int(year or 0):04d}"
    if not 1 <= month <= 12 or (year is not None and int(year) < 1):
        return ""
    if day is None:
        return f"{int(year):04d}-{month:02d}" if year else f"--{month:02d}"
    longest = monthrange(int(year) if year else 2024, month)[1]  # 2024 is a leap year: 29 February without a year is possible
    if not 1 <= day <= longest:
        return ""
    return f"{int(year):04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _relative(words: str, stated: str) -> str:
    """The date that the words mean on the stated day; "" when the stated date is too coarse for them."""
    if words in _YEARS and len(stated) >= 4:
        return f"{int(stated[:4]) + _YEARS[words]:04d}"
    if words in _MONTH_STEPS and len(stated) >= 7:
        months = int(stated[:4]) * 12 + int(stated[5:7]) - 1 + _MONTH_STEPS[words]
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    if words in _DAYS and len(stated) == 10:
        return (date.fromisoformat(stated) + timedelta(days=_DAYS[words])).isoformat()
    return ""
