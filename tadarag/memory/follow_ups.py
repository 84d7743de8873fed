"""A question that leans on the turns before it gets the names that it leans on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tadarag.analysis import CJK

MOST_TURNS = 8
"""How many turns back names are looked for."""
MOST_NAMES = 4
"""How many names a question is given; the latest count."""
_NAMES_OF_ANSWER = 2
_READ_CHARACTERS = 600  # of a question or an answer
_LONGEST_NAME = 80

_OF_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b|(?<!其)[他她](?!们)", re.IGNORECASE)
_OF_THING = re.compile(r"\b(?:its|it)\b|(?<!其)它(?!们)", re.IGNORECASE)
_OF_ANY = re.compile(r"\b(?:they|them|their|theirs)\b|[他她它]们|(?<![尤与极])其(?![他它次实余])", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:this|these|those)\b|(?<!应)该|(?<![因由至就])此(?![外])|[这那]", re.IGNORECASE)
_ELLIPSIS = re.compile(r"\s*(?:and|but|or|so|what about|how about)\b|.*呢[?？]?\s*$", re.IGNORECASE | re.DOTALL)
_PRONOUN = re.compile(
    r"\b(?P<own>his|its|their|her(?=\s+\w))\b|\b(?P<alone>he|she|it|they|him|them|her)\b|(?<!其)(?P<chinese>[他她它])(?!们)", re.IGNORECASE
)
_INTRODUCES = re.compile(r"\bit\b.*\b(?:that|to)\b", re.IGNORECASE | re.DOTALL)  # "Is it safe to …" is about what follows
_EXPLETIVE = re.compile(r"\bit\b", re.IGNORECASE)  # "Is it true that …" stands for nothing
_UNKNOWN = "name"
_CHINESE = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was answered, "" where nothing was."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """A name in a text, where it begins, and what kind of thing it names as far as that is known ("person", "location", …, "name")."""

    text: str
    start: int
    kind: str


NamesOf = Callable[[str], Sequence[NamedThing]]


def in_context(question: str, earlier: Sequence[Turn], names_of: NamesOf) -> str:
    """The question itself; one that leans on what was said before gets the names that it leans on.

    The one name that a pronoun can stand for takes its place ("When did Ilse Mennick retire?"); where there are several, or none that fits, the
    last ones stand in front ("Dusk, Quillen: And in 2025?"). It leans where a pronoun has no name before it in the question, or where it goes
    on without a name ("And in 2025?", "费用呢？"). A turn whose question leans in its turn passes on what it got. "She" gets the person that was
    named last, "it" what is no person, as far as kinds are known. earlier: oldest first. names_of: the names of a text, in order of place.
    """
    known: list[NamedThing] = []
    for turn in earlier[-MOST_TURNS:]:
        asked = turn.question[:_READ_CHARACTERS]
        own = names_of(asked)
        given = _short_names(names_of(turn.answer[:_READ_CHARACTERS]))[:_NAMES_OF_ANSWER]
        known = _latest([*(known if _leans(asked, own) else ()), *_short_names(own), *given])
    read = question[:_READ_CHARACTERS]
    if not known or not _leans(read, names_of(read)):
        return question
    fitting, pronoun = _fitting(known, read), _PRONOUN.search(read)
    if len(fitting) == 1 and pronoun is not None and not _INTRODUCES.match(read, pronoun.start()):
        return question[: pronoun.start()] + fitting[0].text + "'s" * (pronoun["own"] is not None) + question[pronoun.end() :]
    names = [one.text for one in fitting or known]
    return f"{'、'.join(names)}：{question}" if _CHINESE.search(question) else f"{', '.join(names)}: {question}"


def _leans(question: str, names: Sequence[NamedThing]) -> bool:
    """Whether something before the question has to be known to read it."""
    if not names:
        return any(cue.search(question) for cue in (_OF_PERSON, _OF_THING, _OF_ANY, _LOOSE)) or _ELLIPSIS.match(question) is not None
    first = min(name.start for name in names)
    pronouns = (match for cue in (_OF_PERSON, _OF_THING, _OF_ANY) for match in cue.finditer(question, 0, first))
    return any(_EXPLETIVE.fullmatch(match.group()) is None for match in pronouns)


def _fitting(known: Sequence[NamedThing], question: str) -> Sequence[NamedThing]:
    """The names that the pronoun can stand for, of persons the one that was named last; none where the question has no such pronoun."""
    if _OF_PERSON.search(question):
        persons = [one for one in known if one.kind == "person"]
        return (persons or [one for one in known if one.kind == _UNKNOWN])[-1:]
    if _OF_THING.search(question):
        return [one for one in known if one.kind != "person"]
    return []


def _short_names(names: Sequence[NamedThing]) -> list[NamedThing]:
    return [one for one in names if len(one.text) <= _LONGEST_NAME]


def _latest(names: Sequence[NamedThing]) -> list[NamedThing]:
    """The last distinct names, in the order in which they came last."""
    last = {one.text: one for one in reversed(names)}
    return list(last.values())[:MOST_NAMES][::-1]
