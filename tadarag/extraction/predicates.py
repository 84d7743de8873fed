"""The predicate that a turn of phrase between two names states, when it is short enough to be one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENGLISH = re.compile(r"[a-z]+(?:['’-][a-z]+)*(?: [a-z]+(?:['’-][a-z]+)*){0,4}")
_TRAILING_ARTICLE = re.compile(" (?:the|an?|its|their|his|her)$")
_EDGES = frozenset("the a an its their his her this that also then now still just only".split())
_AUXILIARIES = frozenset("is are was were be been being has have had will would can could may might must shall should do does did".split())
# Words that join or place names without saying what one does to the other.
_EMPTY = frozenset(
    "of in on at by for to from with and or but as into over under about between through during before after until since near than per via "
    "not who which where when while what how that it they he she we you i there here so if".split()
)
_CHINESE = re.compile("[\u4e00-\u9fff]{2,6}")
_CHINESE_EMPTY = re.compile("^[的和与及或在于等是为了也都又并而以从到向对其该这那有之至、]+$")
_CHINESE_EDGES = "的了着也都又并还曾已将其该"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate as a name ("built_by"), the words it was read from, and their language."""

    name: str
    phrase: str
    language: str


def predicate_between(gap: str) -> Predicate | None:
    """The predicate that the whole text between two neighbouring names states; None when it is long, empty, or holds no content word."""
    text = gap.strip()
    if _CHINESE.fullmatch(text) and not _CHINESE_EMPTY.match(text):
        name = text.strip(_CHINESE_EDGES)
        return Predicate(name, text, "zh") if len(name) >= 2 else None
    if not gap.startswith(" ") or not gap.endswith(" ") or not _ENGLISH.fullmatch(text):
        return None
    words = [word for word in text.split() if word not in _EDGES and word not in _AUXILIARIES]
    if not words or words[0] in _EMPTY or not any(word not in _EMPTY for word in words):
        return None
    return Predicate("_".join(re.sub("['’-]", "_", word) for word in words), _TRAILING_ARTICLE.sub("", text), "en")
