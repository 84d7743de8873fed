"""Which of two or more named things has more of something, or is larger, taller, longer or dearer: the amounts that their passages state decide it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.amounts import Amount, Wanted, amounts_of, measures, same_words
from tadarag.generation.described import Described, sides_named, title_terms
from tadarag.generation.sides import DecidedSide

_MORE, _LESS = ("more", "most", "greater", "greatest"), ("less", "least", "fewer", "fewest")
_BEFORE_NOUN = r"(?:total |overall |annual |average )?(?:number of |amount of )?"
_NOUN = r"(?P<noun>(?!(?:or|and|than|in|by|the|often|\w+ly)\b)[a-z]+)"
_CHINESE = re.compile(
    r"(?:更|最|较|比较)?(?P<degree>[多大高长重贵快深宽少小低短轻慢浅窄]|便宜)(?:一些|一点|些|点)?(?:呢|吗)?(?=[？?。\s]*$|[，,：:])"
)
_WHICH_ZH = re.compile(r"哪一?[个家座条所部款只栋支项位]?|谁")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a question compares, and whether it asks for the side with less of it."""

    of: Wanted
    less: bool


def side_by_amount(question: str, described: Sequence[Described]) -> DecidedSide | None:
    """The one of the named things that has most or least of what the question asks for.

    None where the question does not ask so, names no two of the titles, or an amount is missing, of another measure, or that of two is the same.
    """
    compared = read_comparison(question)
    sides = sides_named(question, described) if compared is not None else None
    if compared is None or sides is None:
        return None
    stated = [amount for side in sides if (amount := _stated(compared.of, described[side], described)) is not None]
    if len(stated) < len(sides) or len({one.amount.measure for one in stated}) > 1:
        return None
    values = [one.amount.value for one in stated]
    most = min(values) if compared.less else max(values)
    if values.count(most) > 1:
        return None
    said = tuple((one.passage, one.sentence) for one in stated)
    return DecidedSide(title=described[sides[values.index(most)]].title, told_by=tuple(one.passage for one in stated), said=said)


def read_comparison(question: str) -> Comparison | None:
    """What a question compares; None where it compares no amounts."""
    text = simplify(question)
    return _read_chinese(text) if _WHICH_ZH.search(text) else _read_english(text)


def _read_english(question: str) -> Comparison | None:
    for found in _english().finditer(question):
        degree, noun = found["degree"].lower(), found["noun"] or ""
        less = degree in _LESS or (degree not in _MORE and _adjectives()[degree].less)
        if noun == "expensive" or (not noun and re.search(r"\bcosts?\b", question)):
            return Comparison(of=Wanted(measure="money"), less=less)
        if noun and terms(noun):
            return Comparison(of=Wanted(nouns=same_words(noun)), less=less)
        if not noun and degree in _adjectives():
            return _adjectives()[degree]
    return None


def _read_chinese(question: str) -> Comparison | None:
    found = _CHINESE.search(question)
    if found is None:
        return None
    degree, noun = found["degree"], _chinese_noun(question[: found.start()])
    if len(noun) > 1:
        return Comparison(of=Wanted(nouns=same_words(noun)), less=degree == "少" or (degree != "多" and _adjectives()[degree].less))
    return _adjectives().get(degree)


def _chinese_noun(before: str) -> str:
    """What the words before "more" in Chinese name: what follows "which" and "of", or stands between these: "公司的营收哪家"."""
    *earlier, last = _WHICH_ZH.split(before)
    named = last.split("的")[-1]
    if not named and earlier and "的" in earlier[-1]:
        named = earlier[-1].split("的")[-1]
    return named.strip("，、 ")


@cache
def _adjectives() -> dict[str, Comparison]:
    found = {}
    for row in measures()["adjectives"]:
        for name in ("more", "less"):
            one = Comparison(of=Wanted(measure=row["measure"], beside=row["beside"]), less=name == "less")
            found.update(dict.fromkeys(row[name], one))
    return found


@cache
def _english() -> re.Pattern[str]:
    degrees = "|".join(degree for degree in (*_MORE, *_LESS, *_adjectives()) if degree.isascii())
    return re.compile(rf"\b(?P<degree>{degrees})\b(?:[ -]{_BEFORE_NOUN}{_NOUN})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    amount: Amount
    passage: int
    sentence: str


def _stated(wanted: Wanted, side: Described, described: Sequence[Described]) -> _Stated | None:
    """The first amount of what is wanted that a passage about a side states."""
    own = title_terms(side)
    for one in described:
        if title_terms(one) == own:
            for sentence in one.sentences:
                for amount in amounts_of(wanted, sentence):
                    return _Stated(amount=amount, passage=one.passage, sentence=sentence)
    return None
