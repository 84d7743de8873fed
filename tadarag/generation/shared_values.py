"""Whether two things have in common what a question asks after: the names at the beginning of their passages decide between yes and no.

A definition names a thing's country, place or people in its first sentences, so that two things of one country share such a name and two of different
ones do not. The network's verdict between yes and no hardly depends on the question (decision 020).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from tadarag.analysis import STOP_WORDS, capitalised_names, name_tokens, terms
from tadarag.generation.demonyms import demonyms
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.read_hits import ReadHit

FIRST_SENTENCES = 2
LEAST_SHARED = 0.15
"""Share of the names of the side with fewer that the other side must have too."""
_SAME = re.compile(r"\b(?:same|shares?|shared|in common)\b", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")
_THROUGH = re.compile(
    r"\b(?:director|performer|composer|founder|author|creator|writer|singer|producer|husband|wife|father|mother|spouse|owner|publisher)s?\b",
    re.IGNORECASE,
)
"""Words by which a question names a thing through another one."""
_SAID_OTHERWISE = {
    "us": "united states",
    "usa": "united states",
    "america": "united states",
    "uk": "united kingdom",
    "england": "united kingdom",
    "scotland": "united kingdom",
    "wales": "united kingdom",
}
_COUNTRY = re.compile(r"\b(?:country|nationality|nation)\b", re.IGNORECASE)
_COMMON = STOP_WORDS | frozenset("county district province region central rural city state township municipality university school".split())
"""Words of names that many names have."""
_MONTHS = frozenset("january february march april may june july august september october november december".split())


def share_it(form: QuestionForm, read: Sequence[ReadHit]) -> bool | None:
    """Whether both sides of a question share what it asks after; None where that is not asked, or not both sides have a passage that was read.

    Asked are "the same X", "share an X", and whether both are, say, American. English only.
    """
    if form.asks != "yesno" or form.language != "en":
        return None
    sides = sides_of(form, read)
    if sides is None:
        return None
    left, right = (_names_of(one) for one in sides)
    if not _SAME.search(form.text):
        return False if _nationalities_asked(form) - (left & right) else None
    _, countries = _countries()
    if _COUNTRY.search(form.text):
        of_left, of_right = left & countries, right & countries
        return bool(of_left & of_right) if of_left and of_right else _share_names(left, right)
    return _share_names(left - countries, right - countries)


def _nationalities_asked(form: QuestionForm) -> set[str]:
    """The countries whose adjectives "are both … American …" holds."""
    by_adjective, _ = _countries()
    words = [token.text for token in name_tokens(form.text)] if _BOTH.search(form.text) else []
    return {by_adjective[word] for word in words if word.capitalize() in demonyms()}


def _share_names(left: frozenset[str], right: frozenset[str]) -> bool:
    left, right = left - _COMMON, right - _COMMON
    fewer = min(len(left), len(right))
    return fewer > 0 and len(left & right) / fewer >= LEAST_SHARED


def sides_of(form: QuestionForm, read: Sequence[ReadHit]) -> tuple[ReadHit, ReadHit] | None:
    """The passages of the two things that the question names first, or of what they lead to where it asks through a role ("directors of")."""
    asked = set(terms(form.text))
    named: dict[str, int] = {}
    for number, one in enumerate(read):
        title = set(terms(_IN_BRACKETS.sub("", _title(one))))
        if title and title <= asked:
            named.setdefault(_title(one), number)
    if len(named) < 2:
        return None
    led: dict[str, int] = {}
    if _THROUGH.search(form.text):
        for number, one in enumerate(read):
            source = _source_of_lead(one, read)
            if source is not None and _title(one) not in named and _title(source) in named:
                led.setdefault(_title(source), number)
    first, second = (read[led.get(title, number)] for title, number in list(named.items())[:2])
    return first, second


def _source_of_lead(one: ReadHit, read: Sequence[ReadHit]) -> ReadHit | None:
    if one.lead is None:
        return None
    return next((other for other in read if one.lead.sentence in other.hit.passage.text), None)


def _title(one: ReadHit) -> str:
    passage = one.hit.passage
    return " ".join(passage.heading_path) or passage.subject


def _names_of(one: ReadHit) -> frozenset[str]:
    """The countries and the words of names in a passage's first sentences, but for its own title's; a nationality is its country."""
    passage = one.hit.passage
    found: set[str] = set()
    for number in range(min(FIRST_SENTENCES, len(passage.sentences))):
        for name in capitalised_names(passage.sentence_text(number)):
            found |= _countries_and_words(name.text)
    return frozenset(found - _MONTHS - {token.text for token in name_tokens(_title(one))})


def _countries_and_words(name: str) -> set[str]:
    """Of a name in lower case: the countries in it, and its other words. "austrian town of graz" has austria, town, of and graz."""
    by_adjective, countries = _countries()
    found = {country for country in countries if " " in country and country in name}
    for country in found:
        name = name.replace(country, " ")
    return found | {by_adjective.get(word, word) for word in name.split()}


@cache
def _countries() -> tuple[Mapping[str, str], frozenset[str]]:
    """Countries by adjective or other name, and all of them; in lower case."""
    known = {adjective.lower(): _SAID_OTHERWISE.get(country.lower(), country.lower()) for adjective, country in demonyms().items()}
    known |= _SAID_OTHERWISE
    return known, frozenset(known.values())
