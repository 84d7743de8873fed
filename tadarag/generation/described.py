"""What passages are about and what they say of it first: how the things that a question names, and those who made them, are found among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from tadarag.analysis import terms
from tadarag.generation.sides import listed_sides, sides_of
from tadarag.values import Passage

_IN_BRACKETS_LAST = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_TOLD_BY = {
    "director": r"direct(?:ed|or)|导演|执导",
    "composer": r"compos|music|score|written|作曲",
    "performer": r"perform|recorded|sung|song by|single by|演唱|歌手",
    "author": r"writ|author|novel by|作者|著",
    "producer": r"produc(?:ed|er)|制片|监制",
    "founder": r"found|创办|创立",
    "creator": r"creat",
    "owner": r"\bown|owned",
    "developer": r"develop",
    "publisher": r"publish",
    "father": r"\b(?:son|daughter|child) of|born to|father|之子|之女|父亲",
    "mother": r"\b(?:son|daughter|child) of|born to|mother|母亲",
    "spouse": r"marri|wife|husband|spouse|consort|widow|妻子|丈夫|结婚",
}
"""Words behind which a passage about a thing names the one who is something to it."""
_SAME_ROLE = {
    "singer": "performer",
    "artist": "performer",
    "writer": "author",
    "husband": "spouse",
    "wife": "spouse",
    "导演": "director",
    "作曲者": "composer",
    "演唱者": "performer",
    "作者": "author",
    "创办者": "founder",
    "父亲": "father",
    "母亲": "mother",
    "妻子": "spouse",
    "丈夫": "spouse",
}
ROLES = (*_TOLD_BY, *_SAME_ROLE)
_ENGLISH_ROLES = "|".join(role for role in ROLES if role.isascii())
_CHINESE_ROLES = "|".join(role for role in ROLES if not role.isascii())
_ASKED_ROLE = re.compile(
    rf"\b(?:whose|has the|have the|have|with the) (?P<of>{_ENGLISH_ROLES})s?\b(?!-)"
    rf"|\b(?P<role>{_ENGLISH_ROLES})s? of\b|['’]s (?P<own>{_ENGLISH_ROLES})\b(?!-)|的(?P<zh>{_CHINESE_ROLES})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The title of a passage, which is what it is about, its sentences, and its number among the passages."""

    title: str
    sentences: tuple[str, ...]
    passage: int


def describe(passages: Sequence[Passage]) -> tuple[Described, ...]:
    """Every passage by its nearest heading, or by its subject where it has none, and behind these the ones by the headings above."""
    told = [tuple(passage.sentence_text(index) for index in own_sentences(passage)) for passage in passages]
    nearest = [
        Described(title=passage.heading_path[-1] if passage.heading_path else passage.subject, sentences=sentences, passage=number)
        for number, (passage, sentences) in enumerate(zip(passages, told, strict=True))
    ]
    above = [
        Described(title=heading, sentences=sentences, passage=number)
        for number, (passage, sentences) in enumerate(zip(passages, told, strict=True))
        for heading in reversed(passage.heading_path[:-1])
    ]
    return (*nearest, *above)


def own_sentences(passage: Passage) -> Sequence[int]:
    """The numbers of a passage's sentences that are not its headings again; of all where no other is left."""
    headings = set(terms(" ".join(passage.heading_path)))
    own = [index for index in range(len(passage.sentences)) if not set(terms(passage.sentence_text(index))) <= headings]
    return own or range(len(passage.sentences))


def bare_title(title: str) -> str:
    """A title without what tells it from others of the same name, "Frozen (2013 film)"."""
    return _IN_BRACKETS_LAST.sub("", title)


def title_terms(one: Described) -> set[str]:
    """The terms of a bare title."""
    return set(terms(bare_title(one.title)))


def as_asked(title: str, question: str) -> str:
    """A title in the question's own letters, with what it puts in brackets behind it, or the side by which the question means it; the bare title
    where it does not hold it letter by letter."""
    for name in (title, bare_title(title)):
        place = question.casefold().find(name.casefold())
        if place >= 0 and len(question.casefold()) == len(question):
            return question[place : place + len(name)]
    own = set(terms(bare_title(title)))
    return next((side for side in sides_of(question) if (words := set(terms(side))) and words < own), bare_title(title))


def two_named(question: str, described: Sequence[Described]) -> tuple[int, int] | None:
    """The first two of them, from two passages and about different things, whose titles a question names, best those that it names in full; else
    the two whose titles alone hold the words of a side that it sets against another, "Halvrin" for Halvrin Marine Ltd. None where it sets three
    against each other."""
    if listed_sides(question):
        return None
    asked = set(terms(question))
    titles = [title_terms(one) for one in described]
    named = [number for number, title in enumerate(titles) if title and title <= asked and described[number].sentences]
    named.sort(key=lambda number: -len(in_full) if (in_full := set(terms(described[number].title))) <= asked else 0)
    longer = [title for number in named if (title := set(terms(described[number].title))) <= asked] + [titles[number] for number in named]
    named = [one for one in named if not any(titles[one] < other and other != set(terms(described[one].title)) for other in longer)]
    different = [one for place, one in enumerate(named) if all(titles[one] != titles[before] for before in named[:place])]
    sides = different[:2]
    is_pair = len(sides) == 2 and described[sides[0]].passage != described[sides[1]].passage
    return (min(sides), max(sides)) if is_pair else _in_short(question, described)


def sides_named(question: str, described: Sequence[Described]) -> tuple[int, ...] | None:
    """Those of them that a question sets against each other: one for each thing that it lists, in full or in short, else `two_named`. None where
    the titles do not tell which is meant."""
    listed = listed_sides(question)
    if not listed:
        return two_named(question, described)
    meant = (_meant_by(side, described) for side in listed)
    named = tuple(one for one in meant if one is not None)
    is_clear = len(named) == len(listed) == len({frozenset(title_terms(described[one])) for one in named})
    return named if is_clear else None


def _meant_by(side: str, described: Sequence[Described]) -> int | None:
    """The first of those whose title is a side's words; else whose title they hold or are part of, where that is one title."""
    words = set(terms(side))
    told = [(number, title) for number, one in enumerate(described) if one.sentences and (title := title_terms(one))]
    same = [number for number, title in told if title == words]
    alike = [number for number, title in told if words and (words < title or title < words)]
    titles = {frozenset(title_terms(described[number])) for number in alike}
    return same[0] if same else alike[0] if len(titles) == 1 else None


def _in_short(question: str, described: Sequence[Described]) -> tuple[int, int] | None:
    titles = [title_terms(one) for one in described]
    found = []
    for side in sides_of(question):
        words = set(terms(side))
        meant = [number for number, title in enumerate(titles) if words and words <= title and described[number].sentences]
        if not meant or any(titles[number] != titles[meant[0]] for number in meant):
            return None
        found.append(meant[0])
    is_pair = len(found) == 2 and described[found[0]].passage != described[found[1]].passage and titles[found[0]] != titles[found[1]]
    return (min(found), max(found)) if is_pair else None


def asked_role(question: str) -> str:
    """What those who are asked about are to the things named: "director", "father" and so on; "" where the things themselves are asked about."""
    match = _ASKED_ROLE.search(question)
    found = next((name for name in match.groups() if name), "") if match is not None else ""
    return _SAME_ROLE.get(found, found)


def asked_about(question: str, described: Sequence[Described]) -> str:
    """The title of the one thing that a question names, or of the one whom it asks about by a role to that, "the director of Get Low"; "" where it
    names none or two, or the passage about the thing does not tell."""
    role = asked_role(question)
    if two_named(question, described) is not None:
        return ""
    asked = set(terms(question))
    named = [number for number, one in enumerate(described) if (title := title_terms(one)) and title <= asked]
    if not named:
        return ""
    thing = max(named, key=lambda number: (len(set(terms(described[number].title)) & asked), -number))
    if not role:
        return described[thing].title
    told = told_of(thing, role, described)
    return described[told].title if told is not None else ""


def told_of(side: int, role: str, described: Sequence[Described]) -> int | None:
    """The passage about the one who is something to a thing: whom the passage about the thing names first behind a word for it, else first;
    None where it names none of the titles."""
    text = _folded(" ".join(described[side].sentences))
    match = re.search(_TOLD_BY[role], text)
    own = title_terms(described[side])
    others = [
        (number, _folded(bare_title(one.title)))
        for number, one in enumerate(described)
        if one.passage != described[side].passage and one.sentences and (title := title_terms(one)) and not (title <= own or own <= title)
    ]
    behind = [(place, number) for number, name in others if match and (place := text.find(name, match.start())) >= 0]
    anywhere = [(place, number) for number, name in others if (place := text.find(name)) >= 0]
    return min(behind or anywhere)[1] if behind or anywhere else None


def sentence_naming(one: Described, other: Described) -> str:
    """The first sentence about `other` that names `one`; its first where none does."""
    name = _folded(bare_title(one.title))
    return next((sentence for sentence in other.sentences if name in _folded(sentence)), other.sentences[0])


def _folded(text: str) -> str:
    """Without case, accents and the difference between dashes and spaces around them."""
    plain = "".join(character for character in normalize("NFD", text.casefold()) if not combining(character))
    return re.sub(r"\s*-\s*", "-", plain)
