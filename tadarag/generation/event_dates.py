"""When something begins or ends, as a sentence that names it states: the date behind the verb that is asked for, not that behind its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.dated_sides import DATE, MONTHS
from tadarag.generation.described import Described, bare_title
from tadarag.generation.life_facts import StatedFact

_STARTS, _ENDS = (
    r"beg[iau]ns?|starts?|started|opens?|opened|commences?|commenced",
    r"ends?|ended|finish(?:es|ed)?|closes?|closed|expires?|expired|concludes?|concluded",
)
_STARTS_ZH, _ENDS_ZH = "开始|开门|开放|开学|开幕|启动|开工", "结束|截止|到期|关门|闭幕|关闭|期满|放假"
_VERB = {
    "start": re.compile(rf"\b(?:{_STARTS})\b|{_STARTS_ZH}", re.IGNORECASE),
    "end": re.compile(rf"\b(?:{_ENDS})\b|{_ENDS_ZH}", re.IGNORECASE),
}
_ASKED = re.compile(
    rf"^(?:when|on (?:what|which) (?:date|day)|at what time|what time) (?:does|do|did|will|is|was|are|were|has|have|had) (?P<thing>.+?) "
    rf"(?:(?:due|expected|planned|going|scheduled|supposed) to )?(?:(?P<start>{_STARTS})|(?P<end>{_ENDS}))\s*\??\s*$",
    re.IGNORECASE,
)
_ASKED_ZH = re.compile(
    rf"^(?P<thing>.+?)(?:是|在|将|会)?(?:什么时候|何时|哪一?天|几月几[日号]|几点钟?|什么时间)(?:(?P<start>{_STARTS_ZH})|(?P<end>{_ENDS_ZH}))的?\s*[？?]?\s*$"
)
_MONTH = f"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*"
_CLOCK = (
    r"\d{1,2}(?:[:.]\d\d)?\s*(?:a\.m\.|p\.m\.|am\b|pm\b|o['’]clock)|\d{1,2}:\d\d|\bnoon\b|\bmidnight\b"
    r"|(?:清晨|早上|上午|中午|下午|傍晚|晚上)?[\d一二三四五六七八九十]{1,3}点(?:半|整|[\d一二三四五六七八九十]{1,3}分)?"
)
_TIME = re.compile(
    rf"{DATE.pattern}|\d{{1,2}} {_MONTH}\b|\b{_MONTH} \d{{1,2}}\b|\d{{1,2}}月\d{{1,2}}[日号]|{_CLOCK}|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\s*(?:to|until|till|and|[-–—~～至到])\s*", re.IGNORECASE)
_ENDS_WITH_UP_TO = re.compile(r"(?:\b(?:to|until|till|through)|[-–—~～至到])\s*$", re.IGNORECASE)
NEAR = 30
"""Characters between a verb and its date."""


def event_date(question: str, described: Sequence[Described], texts: Sequence[str]) -> StatedFact | None:
    """The date or time at which the thing that a question names begins or ends; None where it asks nothing of this form, no sentence that has all
    words of the thing (or its passage's title has them) says so, or sentences say different ones. texts: of the passages."""
    asked = _asked(question)
    if asked is None:
        return None
    event, wanted = _event(asked), set(terms(asked["thing"]))
    found = [
        StatedFact(passage=one.passage, start=start, end=end)
        for one in described
        for start, end in _stated(event, wanted - set(terms(bare_title(one.title))), one.sentences, texts[one.passage])
    ]
    said = {texts[one.passage][one.start : one.end] for one in found}
    return found[0] if len(said) == 1 else None


def is_of_opposite(question: str, before: str) -> bool:
    """Whether a time is not the one that a question asks for: behind the words `before` of its sentence it is when a thing begins, and the end is asked
    for, or the other way round."""
    asked = _asked(question)
    verbs = [(verb.end(), name) for name, pattern in _VERB.items() for verb in pattern.finditer(before)]
    return asked is not None and bool(verbs) and max(verbs)[1] != _event(asked) and not _ENDS_WITH_UP_TO.search(before)


def _asked(question: str) -> re.Match[str] | None:
    return _ASKED.match(question.strip()) or _ASKED_ZH.match(simplify(question.strip()))


def _event(asked: re.Match[str]) -> str:
    return "start" if asked["start"] else "end"


def _stated(event: str, wanted: set[str], sentences: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where in a text the times stand at which an event happens, by the sentences that have all terms that are wanted."""
    for sentence in sentences:
        place = text.find(sentence)
        if place >= 0 and wanted <= set(terms(sentence)):
            for start, end in _in_sentence(event, sentence):
                yield place + start, place + end


def _in_sentence(event: str, sentence: str) -> Iterator[tuple[int, int]]:
    text = simplify(sentence)
    if len(text) != len(sentence):
        return
    verbs = sorted((verb.end(), name) for name, pattern in _VERB.items() for verb in pattern.finditer(text))
    for number, (end, name) in enumerate(verbs):
        limit = min(end + NEAR, verbs[number + 1][0] if number + 1 < len(verbs) else len(text))
        times = list(_TIME.finditer(text, end))
        first = times[0] if times and times[0].start() <= limit else None
        if first is None:
            continue
        if name == event:
            yield first.span()
        elif event == "end" and len(times) > 1 and _UP_TO.fullmatch(text, first.end(), times[1].start()):
            yield times[1].span()
