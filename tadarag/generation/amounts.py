"""Amounts that sentences state: numbers of things counted, and numbers with a unit beside the word for what is measured. English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.readable_values import NUMBER_WORDS, read_number

_NUMBER_WORDS = "|".join(word for word, value in NUMBER_WORDS.items() if 2 <= value <= 20)
_YEAR_BEFORE = re.compile(r"\b(?:in|since|from|by|until|till|of|to|around|between|and)\s*$", re.IGNORECASE)
_YEAR_BEHIND = re.compile(
    r"年|\s*(?:census|season|election|edition|fiscal|olympics?|survey|estimates?|world|tax|annual)\b|(?!\s*[a-z%\u4e00-\u9fff])",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\blives?\b|\bliving\b|home to|populat|employ|work|staff")
"""Beside these words people are who lives or works there."""
_NOT_ITSELF = re.compile(r"\s*(?:density|growth|rate|loss|change|decline|密度|增长|增速|率)")
_SMALL_WORDS = frozenset(("in", "of", "and", "or", "to", "by", "with", "for", "from", "at"))
N_WORDS, N_CHARACTERS = 4, 6
"""Behind a number, among which stands what it counts: words, characters in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What amounts are wanted of: terms of a thing that is counted or measured; or else a measure, and a pattern that stands in the sentence."""

    nouns: frozenset[str] = frozenset()
    measure: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number in the first unit of its measure, "" for what is counted or has no unit that is known."""

    value: float
    measure: str


def amounts_of(wanted: Wanted, sentence: str) -> Iterator[Amount]:
    """The amounts of what is wanted that a sentence states; those behind the number's noun first. Numbers that are years are none."""
    text = simplify(sentence)
    found = [one for one in _pattern().finditer(text) if not _is_year(one, text)]
    if wanted.measure:
        if re.search(wanted.beside, text, re.IGNORECASE):
            yield from (amount for amount in map(_read, found) if amount.measure.startswith(wanted.measure))
        return
    is_of_people = wanted.nouns & same_words("population employee") and _PEOPLE.search(text)
    nouns = wanted.nouns | set(terms("people")) if is_of_people else wanted.nouns
    for one in found:
        if nouns & set(terms(_counted(text, one))):
            yield Amount(value=_read(one).value, measure="")
    for end in _ends(wanted.nouns, text):
        behind = next((one for one in found if one.start() >= end), None)
        if behind is not None and not re.search("[;；。]", text[end : behind.start()]):
            yield _read(behind)


def amount_places(sentence: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a sentence stand, each with its sign, scale and unit; years are none."""
    found = (one for one in _pattern().finditer(sentence) if not _is_year(one, sentence))
    yield from ((one.start() + len(one.group()) - len(one.group().lstrip()), one.start() + len(one.group().rstrip(" -"))) for one in found)


def same_words(text: str) -> frozenset[str]:
    """The terms of a text and of the words that state the same amounts."""
    own = set(terms(text))
    rows = (set(terms(" ".join(row))) for row in measures()["words"])
    return frozenset(own.union(*(row for row in rows if own & row)))


@cache
def measures() -> dict[str, Any]:
    """measures.yaml: units by measure, words, adjectives."""
    found: dict[str, Any] = yaml.safe_load(files("tadarag.generation").joinpath("measures.yaml").read_text("utf-8"))
    return found


@cache
def _measure_of() -> dict[str, tuple[str, float]]:
    return {unit: (measure, factor) for measure, units in measures()["units"].items() for unit, factor in units.items()}


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, _measure_of()), key=len, reverse=True))
    return re.compile(
        rf"(?P<sign>[$€£¥])?\s?(?<![\dA-Za-z.,])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b(?:{_NUMBER_WORDS})\b)"
        rf"(?P<scale>\s*(?:hundred|thousand|million|billion|trillion|[百千万亿]+))?(?:\s*多)?[\s-]*(?:(?P<unit>{units})(?:s|es)?(?![a-z²2/]))?",
        re.IGNORECASE,
    )


def _read(found: re.Match[str]) -> Amount:
    number = read_number(f"{found['number']}{found['scale'] or ''}")
    measure, factor = _measure_of().get((found["unit"] or found["sign"] or "").lower(), ("", 1.0))
    return Amount(value=(number.amount if number is not None else 0.0) * factor, measure=measure)


def _counted(text: str, found: re.Match[str]) -> str:
    """What a number may count: the words behind it up to a mark, another number or a small word; none where it is so many per something."""
    rest: str = re.split(r"[,.;:()，。；：（）、\d]", text[found.end("scale") if found["scale"] else found.end("number") :])[0]
    if re.match(r"\s*多?[\u4e00-\u9fff]", rest):
        return rest[:N_CHARACTERS]
    words: Sequence[str] = rest.split()[:N_WORDS]
    if "per" in words or rest.startswith("/"):
        return ""
    cut = next((place for place, word in enumerate(words) if place and word in _SMALL_WORDS), len(words))
    return " ".join(words[:cut])


def _ends(nouns: frozenset[str], text: str) -> Iterator[int]:
    """Where one of the terms ends in a text, unless it is said of something else, as in "population density"."""
    ends = [place.end() for place in re.finditer("[A-Za-z]+", text) if nouns & set(terms(place.group()))]
    ends += [place.end() for noun in sorted(nouns) if not noun.isascii() for place in re.finditer(re.escape(noun), text)]
    yield from (end for end in sorted(ends) if not _NOT_ITSELF.match(text[end:]))


def _is_year(found: re.Match[str], text: str) -> bool:
    number = found["number"]
    if not (number.isdigit() and len(number) == 4 and 1000 <= int(number) <= 2100) or found["sign"] or found["scale"]:
        return False
    return bool(_YEAR_BEHIND.match(text[found.end("number") :]) or _YEAR_BEFORE.search(text[: found.start("number")]))
