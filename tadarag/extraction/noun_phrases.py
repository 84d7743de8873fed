"""Heads of noun phrases and of definitions ("X is a Y", "X是一种Y"), told by function words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tadarag.analysis import CJK

_DETERMINER = r"(?:the|a|an|this|these|those|each|every|its|their|our|your|his|her|some|any|all|both|no)"
_STOP = frozenset(
    "a an the of in on at by for to from with without and or nor but as is are was were be been being has have had do does did can could may "
    "might must shall should will would that which who whom whose where when while if than then this these those it its their our your his "
    "her they he she we you i not no only also very each every some any all both so into "
    "onto over under above below between through during before after until since about against within per via up down out off".split()
)
_NO_HEAD = frozenset(
    "more most much many few other another such same own one two three four five six seven eight nine ten first second third last next new "
    "old good great large small long short high low early late main own whole several different largest smallest "
    "highest lowest longest shortest oldest latest best worst biggest greatest".split()
)
# Nouns that any text uses; they tell nothing about its domain.
_GENERIC = frozenset(
    "way time number part thing lot kind type sort set case example end use day year month week hour minute people person man woman result "
    "point place area side form name word term group order level rate amount value total rest half pair range list line fact reason "
    "question answer problem change year's day's world life hand head top bottom front back start beginning middle member variety series "
    "purpose method process version state situation condition period century page section table figure chapter text note".split()
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PHRASE = re.compile(rf"\b{_DETERMINER}\s+(?=(?P<words>[a-z][a-z-]*(?:\s+[a-z][a-z-]*){{0,3}}))", re.IGNORECASE)
_DEFINITION = re.compile(
    r"(?:\s\([^()]{0,60}\))?,?\s(?:is|was|are|were)\s(?:(?:a|an|the|one of the)\s)(?P<words>[a-z][a-z-]*(?:\s+[a-z][a-z-]*){0,5})"
)
_KIND_OF = re.compile(r"^(?:[a-z-]+ )?(?:kind|type|form|species|sort|class|variety) of (?:the )?")
_HAN = "\u4e00-\u9fff"
_CHINESE_DEFINITION = re.compile(
    rf"(?:[（(][^（()）]{{0,40}}[）)])?(?:是|为)一(?:种|个|家|位|名|座|部|项|款|条|类|只|本|所|支)(?P<words>[{_HAN}]{{2,20}})"
)
_CHINESE_ATTRIBUTE = re.compile(rf"是[{_HAN}]{{1,20}}?的(?P<words>[{_HAN}]{{2,4}})(?=[，。；！？、])")
_CHINESE_PHRASE = re.compile(rf"(?:该|这种|这类|每个|每种|每台|每只|各个|各种)(?P<word>[{_HAN}]{{2}})")
_LONGEST_CHINESE = 4
_HAS_CHINESE = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Noun:
    """A head noun (singular, lower case), its language, and where in the sentence its construction begins."""

    head: str
    language: str
    start: int


def noun_heads(sentence: str) -> Iterator[Noun]:
    """The last words of noun phrases that a determiner opens and a function word or punctuation closes; generic nouns are left out."""
    for match in _PHRASE.finditer(sentence):
        if head := _head(match["words"]):
            yield Noun(head, "en", match.start())
    if _HAS_CHINESE.search(sentence):
        for match in _CHINESE_PHRASE.finditer(sentence):
            yield Noun(match["word"], "zh", match.start())


def defined_nouns(sentence: str) -> Iterator[Noun]:
    """What sentences call a thing: Y of "X is a Y", "X is a kind of Y", "X是一种Y", "X是最大的Y，"; `start` is where X ends."""
    for match in _DEFINITION.finditer(sentence):
        if head := _head(_KIND_OF.sub("", match["words"])):
            yield Noun(head, "en", match.start())
    if _HAS_CHINESE.search(sentence):
        found = {match.start(): match for pattern in (_CHINESE_ATTRIBUTE, _CHINESE_DEFINITION) for match in pattern.finditer(sentence)}
        for start, match in sorted(found.items()):
            head = match["words"].rpartition("的")[2]
            if len(head) >= 2:
                yield Noun(head[-_LONGEST_CHINESE:], "zh", start)


def _head(words: str) -> str:
    """The noun that a phrase ends with: the last word before the first function word; "" for none, a generic one, an adverb or participle."""
    phrase: list[str] = []
    for word in words.split():
        if word in _STOP:
            break
        phrase.append(word)
    if not phrase or not _WORD.fullmatch(phrase[-1]) or len(phrase[-1]) < 3 or phrase[-1].endswith(("ly", "ed", "ing")):
        return ""
    head = _singular(phrase[-1])
    return "" if head in _GENERIC or head in _NO_HEAD else head


def last_noun(name: str) -> str:
    """The noun that a name ends with in lower case ("Ysk River": river), "" for a name of one word or one that ends otherwise."""
    words = name.split()
    last = words[-1].lower() if len(words) > 1 else ""
    return _singular(last) if _WORD.fullmatch(last) else ""


def _singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("ches", "shes", "sses", "xes", "zes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) else noun
