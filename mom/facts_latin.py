"""Facts written in Latin letters and in digits: capitalised names, numbers, dates, English negations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from mom.fact_kinds import Reading
from mom.terms import CJK

LETTER = rf"[^\W_{CJK}]"
_WORD = rf"{LETTER}+(?:[-'’&/.]{LETTER}+)*"
_UPPER = "A-ZÀ-ÖØ-ÞĀ-Ž"
_CAPITALISED = re.compile(
    rf"[{_UPPER}](?<!{LETTER}.)(?<!{LETTER}['’&/-].)(?:(?:(?<=[A-Z])\. ?[A-Z])+(?:\. (?=[A-Z]))?)?(?:{_WORD}|[-'’&/.]{_WORD})?"
)
_GOES_ON = re.compile(rf"(?: (?:of|de|la|le|du|van|von|der|den|di|da|del|al|bin|ibn|&)){{0,2}} (?:[A-Z]\. ?)*(?=[{_UPPER}\d]){_WORD}")
_OPENER = re.compile(r"(?:^|[.!?:;。！？：；\n][\"'”’)\]]?)[\s\"'“‘«(\[「『《（*•·–—-]*$")
_REACH = 6  # characters before a word in which the end of a sentence is looked for
_POSSESSIVE = re.compile(r"['’]s?$")

_NOT_NAMES = frozenset(
    (
        "i i'm i'd i'll i've a an the this that these those he she it we you they his her its our your their my in on at by for from to of "
        "with and or but nor so yet if when while where who whom whose which what why how as after before since until because although "
        "though there here then thus also however moreover meanwhile both each every some any all most many much more few other another "
        "such no not never yes ok is are was were be been do does did has have had can could may might must shall should will would one "
        "two three mr mrs ms dr prof sir it's he's she's they're we're you're that's there's don't"
    ).split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_BEFORE_MONTH = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?: of)? $")
_AFTER_MONTH = re.compile(r"\.?(?: \d{1,2}(?:st|nd|rd|th)?(?![\d.:%]))?(?:,? \d{4}(?!\d))?")

_DIGITS = re.compile(
    rf"\d(?<!{LETTER}.)(?<!\d[.,].)\d*(?:[.,:/–-]\d+)*(?: ?[%％‰]|(?:st|nd|rd|th)(?!{LETTER})|[A-Za-z]{{1,3}}(?!{LETTER}))?"
    r"(?: (?:hundred|thousand|million|billion|trillion|dozen)\b)?"
)
_IS_DATE = re.compile(r"(?:1\d|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2})?|\d{1,2}/\d{1,2}/\d{2,4}")
_SPELLED = re.compile(
    r"\b(?:[tT](?:wo|hree|en|welve|hirteen|wenty|hirty|housands?|wice)|[fF](?:our|ive|ourteen|ifteen|orty|ifty)|[sS](?:ix|even)(?:teen|ty)?"
    r"|[eE](?:ight(?:een|y)?|leven)|[nN]ine(?:teen|ty)?|[hH](?:alf|undreds?)|[mM]illions?|[bB]illions?|[dD]ozens?)\b"
    r"(?:[- ](?:and )?(?:two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|dozen)\b)*"
)
_NEGATION = re.compile(
    rf"(?:\b(?:[nN](?:ot(?! only)|ever|either|or|one|obody|othing|o(?!\.| doubt))|[wW]ithout|[cC]annot)\b|n['’]t\b)(?: {LETTER}+)?"
)


def find_latin(text: str) -> Iterator[Reading]:
    """Start, end and kind of each reading; a date or a name comes before the numbers that it may hold."""
    yield from _names_and_dates(text)
    for match in _DIGITS.finditer(text):
        yield *match.span(), "date" if _IS_DATE.fullmatch(match.group()) else "number"
    for match in _SPELLED.finditer(text):
        yield *match.span(), "number"
    for match in _NEGATION.finditer(text):
        start = match.start()
        while start > 0 and text[start - 1].isalpha() and text[match.start()] == "n" and text[match.start() + 1] in "'’":
            start -= 1  # the verb of "didn't"
        yield start, match.end(), "negation"


def _names_and_dates(text: str) -> Iterator[Reading]:
    opening: list[tuple[int, int]] = []
    inside: set[str] = set()
    position = 0
    while match := _CAPITALISED.search(text, position):
        start, first_end = match.span()
        end = position = first_end
        is_opening = _OPENER.search(text, max(0, start - _REACH), start) is not None
        word = match.group().lower()
        if word in _MONTHS:
            date = _date(text, start, first_end, is_opening)
            if date:
                position = date[1]
                yield date
            continue
        if word in _WEEKDAYS:
            yield start, end, "date"
            continue
        while following := _GOES_ON.match(text, end):
            if text[following.start() : following.end()].split()[-1].lower() in _MONTHS | _WEEKDAYS:
                break
            end = following.end()
        position = end
        if word in _NOT_NAMES:
            start = _after_first(text, first_end, end)
            if start < 0:
                continue
            is_opening = False
        if text[start:end].isupper() and end - start < 2:
            continue
        possessive = _POSSESSIVE.search(text, start, end)
        end = possessive.start() if possessive and possessive.start() > start else end
        if is_opening and " " not in text[start:end] and not (_is_acronym(text[start:end]) or text.startswith(": ", end)):
            opening.append((start, end))
            continue
        inside.update(text[start:end].split())
        yield start, end, "name"
    twice = {word for word, count in Counter(text[start:end] for start, end in opening).items() if count > 1 and not word.endswith("ly")}
    for start, end in opening:
        if text[start:end] in inside or text[start:end] in twice:
            yield start, end, "name"


def _after_first(text: str, first_end: int, end: int) -> int:
    """Where the name begins in a run whose first word is none; -1 if nothing with a capital is left."""
    start = first_end
    while start < end and not text[start].isupper():
        start += 1
    return start if start < end else -1


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and sum(character.isupper() or character.isdigit() for character in word) > 1


def _date(text: str, start: int, end: int, is_opening: bool) -> Reading | None:
    before = _BEFORE_MONTH.search(text, max(0, start - 9), start)
    after = _AFTER_MONTH.match(text, end)
    last = after.end() if after and after.group() != "." else end
    if text[start:end] in ("May", "March") and before is None and last == end and is_opening:
        return None
    return before.start() if before else start, last, "date"
