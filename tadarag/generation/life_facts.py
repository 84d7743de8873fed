"""When and where someone was born, died or is buried, as a passage about the one who is asked about states it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tadarag.analysis import is_cjk, terms
from tadarag.generation.dated_sides import BORN_IN_TEXT, BRACKET, DATE, DEATH_OPENS, DIED_IN_TEXT, OPENING
from tadarag.generation.described import ROLES, Described, asked_about, title_terms

_WHERE = "(?:哪里|哪儿|何处|什么地方)"
_WHEN = "(?:什么时候|何时|哪一?天)"
_ASKED = {
    ("died", "place"): (
        "^(?:what|which) (?:is|was) the (?:place of death|death place) of",
        "^where (?:did|had) .* die\\b",
        "^where was the place of death of",
        "^in (?:what|which) (?:city|town|country|state|place) did .* die",
        f"{_WHERE}(?:去世|逝世)",
    ),
    ("died", "date"): (
        "^(?:what|which) (?:is|was) the date of death of",
        "^when (?:did|had) .* die\\b",
        "^on (?:what|which) (?:date|day) did .* die",
        f"{_WHEN}(?:去世|逝世)",
        "(?:去世|逝世)(?:时间|日期)",
    ),
    ("born", "place"): (
        "^(?:what|which) (?:is|was) the (?:place of birth|birth ?place) of",
        "^where (?:was|were) .* born",
        "^in (?:what|which) (?:city|town|country|state|place) (?:was|were) .* born",
        f"{_WHERE}出生|出生[于在]?{_WHERE}|出生地",
    ),
    ("born", "date"): (
        "^(?:what|which) (?:is|was) the (?:date of birth|birth ?da(?:y|te)) of",
        "^when (?:was|were) .* born",
        "^when is .* birthday",
        "^on (?:what|which) (?:date|day) (?:was|were) .* born",
        f"{_WHEN}出生|出生(?:时间|日期)|出生于{_WHEN}",
    ),
    ("buried", "place"): (
        "^where (?:was|is) (?:the place of burial of|.* buried)",
        "^what (?:is|was) the (?:place of burial|burial place) of",
        f"葬在?{_WHERE}",
    ),
}
_PATTERNS = tuple((event, what, re.compile("|".join(forms), re.IGNORECASE)) for (event, what), forms in _ASKED.items())
_WORDS_OF_THE_FORM = (
    "born birth birthday birthplace date place die died death dead burial buried day city town country state "
    "film movie song album book novel play series show band his her"
)
_OF_THE_FORM = frozenset(term for word in _WORDS_OF_THE_FORM.split() for term in terms(word)) | {"s"}
"""Terms of a question for a fact of a life that are neither the name nor the role of anyone."""
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WORD = rf"(?!(?:{_MONTHS})\b)[A-Z][\w'’-]*(?:(?<=\bSt)\.)?"
_NAME = rf"{_WORD}(?:(?: (?:of|de|la|le|du|am|an|der|upon|sur|on|the|and) | |-){_WORD})*"
_PLACE = re.compile(rf"{_NAME}(?:, {_NAME})*")
_IN = r"(?:\s*,)?\s*(?:in|at|near)\s+(?:the )?(?:(?:city|town|village|municipality|community|suburb) of )?"
_DASH = re.compile(r"\s*(?:–|—|－|～|至|&ndash;|;)\s*|\s+-\s+|-\s|\s-")
_OF_A_CITY = re.compile(r"^in (?:what|which) (?:city|town)\b", re.IGNORECASE)
_NAME_GIVEN = re.compile(r"(?:\bborn|\bn[ée]e|\bné|\bname|\bas)\W*$")
"""What stands before a name that somebody had, not before a place."""
_IN_PLACE = re.compile(rf"{_IN}(?P<place>{_PLACE.pattern})")
_ZH_PLACE = re.compile(r"[在于]?(?P<place>[\u4e00-\u9fff]{2,12})(?=[，。、；（(]|$)")
_BURIED = re.compile(r"\bburied\b|\binterred\b|葬于|葬在")
_NO_PLACE = re.compile(r"^(?:He|She|His|Her|Age)\b")
_NEAR = 60
"""Characters between the word for an event and the place where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """A fact: the number of the passage that states it, and where in its text [start, end)."""

    passage: int
    start: int
    end: int


def stated_fact(question: str, described: Sequence[Described], texts: Sequence[str]) -> StatedFact | None:
    """The date or place that a question asks for of one person, the one named or the one told of by a role ("the father of"), where a passage
    about that person states it; None where it asks for something else or none does. texts: of the passages."""
    asked = next(((event, what) for event, what, pattern in _PATTERNS if pattern.search(question)), None)
    title = asked_about(question, described) if asked is not None else ""
    if asked is None or not title or not _says_no_more(question, described):
        return None
    for one in described:
        text = texts[one.passage]
        if one.title == title and (span := _stated(*asked, text)) is not None:
            start, end = _city_alone(text, *span) if _OF_A_CITY.search(question) else span
            if asked[1] == "date" or not set(terms(text[start:end])) & title_terms(one):
                return StatedFact(passage=one.passage, start=start, end=end)
    return None


def _city_alone(text: str, start: int, end: int) -> tuple[int, int]:
    """A place without the larger ones behind it."""
    comma = text.find(",", start, end)
    return start, comma if comma > start else end


def _says_no_more(question: str, described: Sequence[Described]) -> bool:
    """Whether a question holds nothing but the name of a thing, a role to it, and the fact that is wanted."""
    if any(map(is_cjk, question)):
        return True
    rest = set(terms(question)) - _OF_THE_FORM - {term for role in ROLES for term in terms(role)}
    titles = [set(terms(one.title)) for one in described]
    return any(rest <= title for title in titles)


def _stated(event: str, what: str, text: str) -> tuple[int, int] | None:
    bracket = _life_bracket(text)
    part = _part_of(event, text, bracket) if bracket is not None and event != "buried" else None
    if part is not None and (found := _in_part(what, text, part)) is not None:
        return found
    said = {"born": BORN_IN_TEXT, "died": DIED_IN_TEXT, "buried": _BURIED}[event]
    for match in said.finditer(text):
        end = min((place for mark in (". ", "; ", "。") if (place := text.find(mark, match.end())) >= 0), default=len(text))
        if (found := _in_part(what, text, (match.end(), end), after_word=True)) is not None:
            return found
    return None


def _life_bracket(text: str) -> tuple[int, int] | None:
    """The inside of the first bracket with a date in what opens a text."""
    for match in BRACKET.finditer(text[:OPENING]):
        if DATE.search(match.group(1)):
            return match.span(1)
    return None


def _part_of(event: str, text: str, bracket: tuple[int, int]) -> tuple[int, int] | None:
    """The part of a bracket of a life that tells its beginning or its end."""
    dates = list(DATE.finditer(text, *bracket))
    if len(dates) == 1:
        is_death = DEATH_OPENS.match(text, *bracket) is not None
        return bracket if is_death == (event == "died") else None
    dash = _DASH.search(text, dates[0].end(), dates[-1].start())
    border = dash.start() if dash is not None else dates[-1].start()
    return (bracket[0], border) if event == "born" else (border, bracket[1])


def _in_part(what: str, text: str, part: tuple[int, int], *, after_word: bool = False) -> tuple[int, int] | None:
    if what == "date":
        match = DATE.search(text, *part)
        return match.span() if match is not None else None
    if after_word:
        found = _IN_PLACE.search(text, *part) or _ZH_PLACE.match(text, *part)
        return (
            found.span("place") if found is not None and found.start() - part[0] < _NEAR and not _NO_PLACE.match(found["place"]) else None
        )
    date = DATE.search(text, *part)
    places = [match for match in _PLACE.finditer(text, *part) if not (_NO_PLACE.match(match.group()) or DATE.search(match.group()))]
    behind = [match for match in places if date is not None and match.start() >= date.end()]
    before = [match for match in places if not _NAME_GIVEN.search(text, part[0], match.start())]
    return (behind or before)[0].span() if behind or before else None
