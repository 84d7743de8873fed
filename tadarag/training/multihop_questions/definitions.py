"""What a passage's first sentence says that its subject is: class and noun."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DEFINITION = re.compile(r"(?:is|was|are|were) (?:an?|the|one of the) (?:first |second |third |fourth |fifth )?")
_WORD = re.compile(r"[^ ]+")
_STOP = frozenset(
    "of in on at by for to from with who which that whose and or where when about as located situated based formed set".split()
)
_BORN = re.compile(r"^§,? ?\([^()]*?(?:\bborn\b|\bb\.|⟨\d+⟩[^()]{0,30}? ?(?:[–—-]|&ndash;) ?(?:[a-z.]+ )*⟨\d+⟩)")
_LIFE = re.compile(r"^§ (?:was born|died|married|graduated|attended|studied|was raised|grew up)\b")
_CHINESE_DEFINITION = re.compile(r"(?:是|为|即)(?P<words>[^。；]{1,60})")
_CLAUSE = re.compile(r"[，、]|（[^（）]*）")
_CHINESE_LIFE = re.compile(r"^§[（(][^（）()]*⟨\d+⟩[^（）()]*?(?:[－—–-]|至|～|出生)")
_CHINESE_PERSON = re.compile(r"^§(?:（[^（）]*）)?[，；]?(?:字[\u4e00-\u9fff]{1,3}[，。]|[\u4e00-\u9fff]{2,9}人[。，（]|[男女]，)")
_CHINESE_ROLE = re.compile(r"[，）](?P<words>[^，。；]{2,24})(?=[，。；])")
_NO_HEAD = re.compile(r"[),;:.]+$")


def defined_as(typed: str, classes: Mapping[str, str], language: str) -> tuple[str, str]:
    """(class, noun) of the subject § of a typed first sentence; "" each when the sentence does not tell."""
    return _chinese(typed, classes) if language == "zh" else _english(typed, classes)


def _english(typed: str, classes: Mapping[str, str]) -> tuple[str, str]:
    is_person = _BORN.search(typed) is not None or _LIFE.search(typed) is not None
    definition = _DEFINITION.search(typed)
    noun = _last_noun(typed[definition.end() :], classes) if definition else ""
    if is_person and classes.get(noun) != "person":
        return ("person", "")
    return (classes.get(noun, ""), noun)


def _last_noun(words: str, classes: Mapping[str, str]) -> str:
    """The last word with a class before the first word that ends a noun phrase."""
    noun = ""
    for match in _WORD.finditer(words):
        word = match.group()
        bare = _NO_HEAD.sub("", word)
        if bare in _STOP or word.startswith("("):
            break
        if bare in classes:
            noun = bare
        if bare != word:
            break
    return noun


def _chinese(typed: str, classes: Mapping[str, str]) -> tuple[str, str]:
    is_person = _CHINESE_LIFE.search(typed) is not None or _CHINESE_PERSON.search(typed) is not None
    definition = _CHINESE_DEFINITION.search(typed)
    clauses = _CLAUSE.split(definition["words"]) if definition else []
    clauses += [match["words"] for match in _CHINESE_ROLE.finditer(typed)]
    nouns = [noun for clause in clauses if (noun := _ending(clause.strip(" ”」》"), classes))]
    noun = next((one for one in nouns if classes[one] == "person"), "") if is_person else ""
    noun = noun or (nouns[0] if nouns else "")
    return (classes[noun], noun) if noun else ("person" if is_person else "", "")


def _ending(clause: str, classes: Mapping[str, str]) -> str:
    return next((clause[-length:] for length in (6, 5, 4, 3, 2, 1) if clause[-length:] in classes and len(clause) >= length), "")
