"""Yes or no about one thing: what rules say of it counts where the passage that answers best bears it out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.clauses import is_across_clauses
from tadarag.generation.dated_sides import MONTHS
from tadarag.generation.described import Described, own_sentences, two_named
from tadarag.generation.question_form import QuestionForm
from tadarag.generation.read_hits import ReadHit, title_terms
from tadarag.generation.readable_values import NUMBER_WORDS
from tadarag.generation.shared_values import Verdict
from tadarag.generation.yes_no import WORDS
from tadarag.values import Draft, Hit

LEAST_ANSWERED = 0.5
"""Chance, as the network reads it, that a passage answers: below it nothing is decided."""
MOST_LACKING = 0.5
"""Share of a question's words, but those of the headings, that the best sentence lacks, from which on it bears out no yes."""
_UNASKED = frozenset(
    terms("is was are were do does did can could may must will would should has have had there it who 吗 的 了 是 有 在 会 能 可以 被 也")
)
_OF_TWO = re.compile(
    r"\b(?:both|same|than|either|and|or)\b|(?<![首成])都|(?<![合共])同|比(?![例赛率重])|(?<!总)和(?!平|解|谐)|(?<![参给])与(?!会)|跟",
    re.IGNORECASE,
)
"""Words that set two things side by side; in Chinese not inside words like 合同 and 首都."""
_MONTHS = "|".join(month for month in MONTHS if month != "may")
_VALUE = re.compile(
    rf"\d+(?:[.,:]\d+)*|\b(?:{_MONTHS}|{'|'.join(NUMBER_WORDS)}|hundred|thousand|million|half|twice"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:north|south|east|west)(?:ern)?"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
    r"|days?|weeks?|months?|years?|hours?|minutes?)\b"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|[一二三四五六七八九十百千万两]+(?=[个位座年月日号楼天次点元岁层块倍折米])|[东西南北](?=[边部门侧岸])",
    re.IGNORECASE,
)
"""Values that a question can name; not "may", which is mostly no month."""
_RANGE = re.compile(
    r"\b(?:to|until|till|between|through|within|before|after|up|over|under|than|least|most|every|daily|any|all)\b|[-–—~～]\s*\d"
    r"|[至到每]|以[内上下前后]|超过|最[多少]|不[少多]于|任何|全[年天]",
    re.IGNORECASE,
)
"""Marks of a sentence that a value which it does not name may lie within what it says: "open from Tuesday to Sunday"."""


def is_about_one(question: str, described: Sequence[Described]) -> bool:
    """Whether a question for yes or no sets no two things side by side."""
    return _OF_TWO.search(question) is None and two_named(question, described) is None


def read_verdict(
    form: QuestionForm, read: Sequence[ReadHit], quoted: Draft, described: Sequence[Described], hits: Sequence[Hit]
) -> Verdict | None:
    """Yes or no by the one passage, of those read alone, that answers a question best; None where none answers or nothing is clear.

    A value of the question (a number, month, weekday, ordinal or direction) that the passage does not have makes it a no, unless the rules say yes
    or it may lie in a range: then nothing is said. Else what the rules say counts, a yes only where the best sentence has more than half of the
    question's words and all of its values, and does not say it of something else.
    """
    best = max(read, key=lambda one: one.alone.answered, default=None)
    if best is None or best.alone.answered < LEAST_ANSWERED:
        return None
    number = next(number for number, hit in enumerate(hits) if hit is best.hit)
    sentence = _deciding(form.text, best.hit)
    asked, own, around = simplify(form.text).rstrip("吗？?"), simplify(sentence), simplify(best.text)
    of_rules = next((is_yes for is_yes in (True, False) if quoted.short == WORDS[form.language, is_yes]), None)
    is_near = _lacking(set(terms(asked)) - _UNASKED - title_terms(best.hit), own) < MOST_LACKING and not is_across_clauses(asked, own)
    near = _values(own) if is_near else None
    said = _borne_out(of_rules, values=_values(asked), near=near, around=_values(around), is_range=_RANGE.search(own) is not None)
    return Verdict(yes=said, sides=(number,), said=((number, sentence),), likely=best.alone.answered) if said is not None else None


def _borne_out(of_rules: bool | None, *, values: set[str], near: set[str] | None, around: set[str], is_range: bool) -> bool | None:
    """What is left of the rules' word. values: of the question; near: of the best sentence, None where it is not near the question; around: of the passage;
    is_range: whether that sentence has a mark of one."""
    if values - around:
        return None if of_rules or is_range else False
    if of_rules and (near is None or values - near):
        return None
    return of_rules


def _lacking(wanted: set[str], sentence: str) -> float:
    return len(wanted - set(terms(sentence))) / max(len(wanted), 1)


def _deciding(question: str, hit: Hit) -> str:
    """The sentence with most of the question's terms that are not in the headings; the first of equal ones."""
    asked = set(terms(question))
    rest = asked - title_terms(hit) or asked
    sentences = [hit.passage.sentence_text(index) for index in own_sentences(hit.passage)]
    return max(sentences, key=lambda sentence: len(rest & set(terms(sentence))))


def _values(text: str) -> set[str]:
    return {value.casefold().removesuffix("s") for value in _VALUE.findall(text)}
