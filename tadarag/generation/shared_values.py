"""Yes or no where two named things are asked to have something in common: what the first sentence about each says decides it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from tadarag.analysis import capitalised_names, terms
from tadarag.generation.described import Described, asked_role, bare_title, title_terms, told_of, two_named
from tadarag.generation.question_form import chinese_terms

_SAME = re.compile(
    r"\bsame (?P<what>country|nationality|state|province|county|region|city|town)\b"
    r"|(?P<zh>同一个?国家|同一个?国籍|国籍(?:是否|是不是)?(?:相同|一样)|相同的?国籍|同一国)"
)
_OF_COUNTRIES = ("country", "nationality")
_BOTH = re.compile(r"\bboth\b|都是|均为")
_ASIDE = frozenset(term for word in "both located situated considered called known based kind type".split() for term in terms(word))
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_BEFORE_PLACE = re.compile(r"(?:\b(?:in|at|near|of|from|to)(?: [a-z-]+)*|,) $")
_MONTH = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_BOTH_COVER = 0.5
"""Least share of the other words of a question that each first sentence must hold for "both are"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Yes or no, and the numbers of the passages that say so: by their first sentences, or by those that `said` gives by passage number.

    likely: how likely these passages answer the question, as the network reads them; 1 where their sentences alone decide.
    """

    yes: bool
    sides: tuple[int, ...]
    said: tuple[tuple[int, str], ...] = ()
    likely: float = 1.0


def share_it(question: str, language: str, described: Sequence[Described]) -> Verdict | None:
    """Whether the two things that a question names have in common what it asks; None when it asks nothing of this form, names other than two
    of the passages' titles, or their first sentences do not tell.

    "the same country": countries are told by their names and by adjectives of nationality, other places by a place named in both sentences.
    "both ...": each first sentence must hold half of what else is asked, and a country of the question.
    """
    same = _SAME.search(question)
    if same is None and not _BOTH.search(question):
        return None
    sides = _sides(question, described)
    if sides is None:
        return None
    left, right = (described[side] for side in sides)
    if same is not None:
        is_yes = _in_common(left, right, of_countries=same["what"] is None or same["what"] in _OF_COUNTRIES)
    else:
        is_yes = _both_are(question, language, left, right)
    return None if is_yes is None else Verdict(yes=is_yes, sides=(left.passage, right.passage))


def _sides(question: str, described: Sequence[Described]) -> tuple[int, int] | None:
    """The passages about the two things that a question names, or about those who made them where it asks for these."""
    sides = two_named(question, described)
    role = asked_role(question)
    if sides is None or not role:
        return sides
    makers = [maker for side in sides if (maker := told_of(side, role, described)) is not None]
    return (makers[0], makers[1]) if len(set(makers)) == 2 else None


def _in_common(left: Described, right: Described, *, of_countries: bool) -> bool | None:
    countries = _countries(left.sentences), _countries(right.sentences)
    if of_countries and any(countries):
        return bool(countries[0] & countries[1]) if all(countries) else None
    own = title_terms(left) | title_terms(right)
    names = [_places(one.sentences[0]) - own for one in (left, right)]
    return bool(names[0] & names[1]) if all(names) else None


def _both_are(question: str, language: str, left: Described, right: Described) -> bool | None:
    rest = question
    for one in (left, right):
        rest = re.sub(re.escape(bare_title(one.title)), " ", rest, flags=re.IGNORECASE)
    countries = _countries([rest])
    rest = _BOTH.sub(" ", _country_pattern().sub(" ", rest))
    wanted = set(chinese_terms(rest) if language == "zh" else terms(rest)) - _ASIDE - title_terms(left) - title_terms(right)
    if not wanted and not countries:
        return None
    return all(_is_such(one, countries, wanted) for one in (left, right))


def _is_such(one: Described, countries: frozenset[str], wanted: set[str]) -> bool:
    if countries and not countries & _countries(one.sentences):
        return False
    return len(wanted & set(terms(one.sentences[0]))) >= _BOTH_COVER * len(wanted)


def _countries(sentences: Sequence[str]) -> frozenset[str]:
    """The countries of the first sentence that names any."""
    for sentence in sentences:
        found = [_country_by_word()[match["latin"] or match["chinese"]] for match in _country_pattern().finditer(sentence)]
        if found:
            return frozenset(found)
    return frozenset()


def _places(sentence: str) -> set[str]:
    """The terms of names that stand where places do, out of brackets, other than those of countries and months."""
    text = _IN_BRACKETS.sub(" ", sentence)
    text = _country_pattern().sub(lambda word: " " if word.group() in _country_by_word().values() else word.group(), text)
    names = [name for name in capitalised_names(text) if _BEFORE_PLACE.search(text[: name.start])]
    return {term for name in names for term in terms(text[name.start : name.end]) if not _MONTH.match(text[name.start : name.end])}


@cache
def _country_by_word() -> Mapping[str, str]:
    """Country by each word that stands for it or for what comes from it."""
    words: dict[str, list[str]] = yaml.safe_load(files("tadarag.generation").joinpath("countries.yaml").read_text("utf-8"))
    return {word: country for country, others in words.items() for word in (country, *others)}


@cache
def _country_pattern() -> re.Pattern[str]:
    words = sorted(_country_by_word(), key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(word for word in words if not word.isascii())
    return re.compile(rf"(?<![\w-])(?P<latin>{latin})(?!\w)|(?P<chinese>{chinese})人?")
