"""Identifiers: model and ticket numbers, clause numbers, versions, e-mail addresses."""

from __future__ import annotations

import re

from tadarag.extraction.found import Found
from tadarag.extraction.numerals import chinese_integer

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2,10}(?:-[A-Z0-9]+)*-\d[\w]*(?:-\w+)*|[A-Z]{1,6}-?\d{2,}[A-Z0-9]*(?:-\w+)*|#\d{2,}|v\d+(?:\.\d+)+)(?![\w-])",
    re.ASCII,
)
_CLAUSE = re.compile(
    r"(?:\b(?:Sections?|Clauses?|Articles?|Schedule|Annex|Appendix|Chapter|Rule|Paragraph) |§ ?)\d+(?:\.\d+)*(?:\([a-z0-9]+\))*"
)
_CHINESE_CLAUSE = re.compile(r"第(?P<number>\d+(?:\.\d+)*|[一二三四五六七八九十百千零〇]+)(?P<part>条|款|项|章|节)")


def find_identifiers(text: str, start: int, end: int, *, has_digits: bool, has_chinese: bool, has_mail: bool) -> list[Found]:
    """Identifiers in text[start:end]; codes are normalised to upper case, addresses and clause names to lower case."""
    found: list[Found] = []
    if has_mail:
        found.extend(Found(match.start(), match.end(), "identifier", match.group().lower()) for match in _MAIL.finditer(text, start, end))
    if has_digits:
        found.extend(Found(match.start(), match.end(), "identifier", match.group().upper()) for match in _CODE.finditer(text, start, end))
        found.extend(Found(match.start(), match.end(), "identifier", match.group().lower()) for match in _CLAUSE.finditer(text, start, end))
    if has_chinese:
        found.extend(
            Found(match.start(), match.end(), "identifier", _clause(match)) for match in _CHINESE_CLAUSE.finditer(text, start, end)
        )
    return found


def _clause(match: re.Match[str]) -> str:
    number = match["number"]
    value = number if number[0].isdecimal() else chinese_integer(number)
    return match.group() if value is None else f"第{value}{match['part']}"
