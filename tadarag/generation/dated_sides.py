"""Which of two or more named things came first, last or lived longer: the dates that stand in what is said first about each decide it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.generation.described import Described, asked_role, sentence_naming, sides_named, told_of
from tadarag.generation.sides import DecidedSide

Date = tuple[int, int, int]
"""Year, month and day; 0 for what is not said."""
Said = tuple[Date, str]
"""A date and the sentence that states it."""
MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<{{0}}>{'|'.join(month[:3] + '[a-z]*' for month in MONTHS)})"
DATE = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH.format('month')},? (?P<year>\d{{4}}|\d{{3}}\b)"
    rf"|{_MONTH.format('month2')} (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})"
    rf"|{_MONTH.format('month3')},? (?P<year3>\d{{4}})"
    r"|(?P<year4>\d{3,4})年(?:\s*(?P<month4>\d{1,2})月(?:\s*(?P<day4>\d{1,2})[日号])?)?"
    r"|(?<![\d,.])(?P<year5>1\d{3}|20\d\d|[5-9]\d\d)(?![\d,%]|\.\d)",
    re.IGNORECASE,
)
BRACKET = re.compile(r"[(（]([^()（）]*(?:\([^()]*\)[^()（）]*)*)[)）]")
OPENING = 300
"""Characters in which the dates of a life stand."""
DEATH_OPENS = re.compile(r"\s*(?:died|d\.|†|–|—|－|-)", re.IGNORECASE)
BORN_IN_TEXT = re.compile(r"\b[Bb]orn\b|出生于|生于")
DIED_IN_TEXT = re.compile(r"\bdied\b|去世|逝世")
_OF_PEOPLE = re.compile(r"\bwho\b|谁", re.IGNORECASE)
_SETS_AGAINST = re.compile(r"\b(?:or|and|between|out of)\b|还是|[和与跟、]", re.IGNORECASE)
_LONGER = re.compile(r"\b(?:lived|live) (?:a )?longer\b|活得更?[长久]|更长寿")
_DIED = re.compile(r"\b(?:died|die|passed away)\b|去世|逝世")
_BORN = re.compile(r"\b(?:born|older|oldest|elder|younger|youngest)\b|出生|年长|年轻")
_MADE = re.compile(
    r"\b(?:released?|came out|come out|came first|published|founded|established|formed|started|launched|opened|built|created|premiered|made|began"
    r"|issued)\b|上映|发行|出版|成立|创办|创立|建立|建成|开通|开业"
)
_LATE = re.compile(
    r"\b(?:later|last|latest|younger|youngest|more recently|most recent(?:ly)?|newer|newest)\b"
    r"|更晚|较晚|更年轻|较年轻|后(?:来)?(?:上映|发行|出版|成立)"
)
_EARLY = re.compile(r"\b(?:first|earlier|earliest|older|oldest|elder|before|sooner)\b|更早|较早|先|更年长|较年长|最早")


def side_by_date(question: str, described: Sequence[Described]) -> DecidedSide | None:
    """The one of the named things, or the one of whose makers, that was born, died, was released or founded first or last or lived longer.

    None where the question does not ask so, names no two of the titles, or the dates are missing or do not differ.
    """
    is_longer = _LONGER.search(question) is not None
    is_late = _LATE.search(question) is not None
    event = next((name for name, pattern in (("died", _DIED), ("born", _BORN), ("made", _MADE)) if pattern.search(question)), "")
    is_asked = is_longer or (event and (is_late or _EARLY.search(question)))
    sides = sides_named(question, described) if is_asked and _SETS_AGAINST.search(question) else None
    if sides is None:
        return None
    role = asked_role(question)
    told_by = [told_of(side, role, described) if role else side for side in sides]
    if None in told_by or len(set(told_by)) < len(sides):
        return None
    about = [described[number] for number in told_by if number is not None]
    dates = [_age(one) if is_longer else _date_of(event, one) for one in about]
    if (
        event == "born"
        and None in dates
        and not _OF_PEOPLE.search(question)
        and not any(BORN_IN_TEXT.search(text) for text in (question, *(sentence for one in about for sentence in one.sentences)))
    ):
        dates = [_date_of("made", one) for one in about]  # "older" of two firms
    stated = [date for date in dates if date is not None]
    wanted = _extreme([date for date, _ in stated], last=is_late or is_longer) if len(stated) == len(sides) else None
    if wanted is None:
        return None
    said = {one.passage: sentence for one, (_, sentence) in zip(about, stated, strict=True)}
    for side, one in zip(sides, about, strict=True):
        said.setdefault(described[side].passage, sentence_naming(one, described[side]))
    return DecidedSide(title=described[sides[wanted]].title, told_by=tuple(said), said=tuple(said.items()))


def _extreme(dates: Sequence[Date], *, last: bool) -> int | None:
    """The number of the date that is later, or earlier, than each of the others; None where that cannot be told."""
    sign = 1 if last else -1
    return next(
        (
            number
            for number, one in enumerate(dates)
            if all(_order(one, other) == sign for place, other in enumerate(dates) if place != number)
        ),
        None,
    )


def _order(left: Date, right: Date) -> int:
    """-1 when the left one is earlier, 1 when it is later, 0 when that cannot be told."""
    for one, other in zip(left, right, strict=True):
        if not one or not other:
            return 0
        if one != other:
            return -1 if one < other else 1
    return 0


def _age(one: Described) -> Said | None:
    born, died = _date_of("born", one), _date_of("died", one)
    if born is None or died is None:
        return None
    (start, sentence), (end, _) = born, died
    days = (end[0] - start[0]) * 372 + ((end[1] - start[1]) * 31 + end[2] - start[2] if all((*start, *end)) else 0)
    return ((days, 1, 1), sentence) if days > 0 else None


def _date_of(event: str, one: Described) -> Said | None:
    """When something was born or died, by the first bracket with a date or a sentence that says so; when it was made, by the first date of the
    first sentence, else of one that says so."""
    if event == "made":
        return _date_in(one.sentences[0]) or _date_said(_MADE, one)
    opening = " ".join(one.sentences)[:OPENING]
    for match in BRACKET.finditer(opening):
        dates = [_read(found) for found in DATE.finditer(match.group(1))]
        sentence = next((sentence for sentence in one.sentences if match.group() in sentence), one.sentences[0])
        if len(dates) >= 2:
            return dates[0] if event == "born" else dates[-1], sentence
        if dates:
            is_death = DEATH_OPENS.match(match.group(1)) is not None
            return (dates[0], sentence) if is_death == (event == "died") else None
    said = _date_said(BORN_IN_TEXT if event == "born" else DIED_IN_TEXT, one)
    return said or (_date_in(one.sentences[0]) if event == "born" else None)


def _date_said(event: re.Pattern[str], one: Described) -> Said | None:
    """The first date behind the words for an event in one sentence."""
    for sentence in one.sentences:
        if (place := event.search(sentence)) and (date := _first_date(sentence[place.start() :])):
            return date, sentence
    return None


def _date_in(sentence: str) -> Said | None:
    date = _first_date(sentence)
    return None if date is None else (date, sentence)


def _first_date(text: str) -> Date | None:
    match = DATE.search(text)
    return None if match is None else _read(match)


def _read(match: re.Match[str]) -> Date:
    found = {name.rstrip("2345"): value for name, value in match.groupdict().items() if value}
    month = found.get("month", "")
    number = (
        int(month) if month.isdigit() else next((n for n, name in enumerate(MONTHS, 1) if month and name.startswith(month[:3].lower())), 0)
    )
    return int(found["year"]), number, int(found.get("day", 0))
