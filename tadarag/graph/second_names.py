"""Second names that a text states of a name beside it: in parentheses, or by a turn of phrase such as "formerly" or 简称."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tadarag.analysis import is_acronym, is_cjk
from tadarag.graph.name_forms import abbreviates
from tadarag.values import Mention

_LONGEST_GAP = 60
_LANGUAGE = r"(?:English|Chinese|Latin|French|German|Spanish|Japanese)"
_IS_LANGUAGE = re.compile(_LANGUAGE)  # an extractor may take the word in "(Chinese: X)" for a name
_ENGLISH = re.compile(
    r"(?: (?:plc|Inc|Ltd|LLC|Corp|GmbH|AG|Co)\.?)?[\"”*_]*,? ?\(?(?:"
    r"(?:which (?:is|was) |which until [\w ]{1,20} )?(?:also |formerly |better |commonly |previously |then |now |generally )?"
    r"(?:known|called|named|trading|traded|marketed|sold|styled) (?:simply )?(?:as )?"
    r"|(?:formerly|previously|until \d{4},?|before \d{4},?|alias|a\.k\.a\.|aka|née|abbreviated(?: as)?|short(?: form)?:?) "
    rf"|(?:in )?{_LANGUAGE}:? ?"
    r"|(?:was|were|has been|is) (?:later |then |since )?renamed (?:as |to )?"
    r"|(?:changed|has changed) its name to "
    r")(?:the )?[\"“*_]*"
)
_CHINESE = re.compile(
    "[”」》]?[（(,，;；、]?(?:(?:以下)?简称|又称|又名|亦称|也称|俗称|原名|曾用名|别名|全称|缩写|商品名|通用名|(?:英|中|日|拉丁)[语文](?:名称?)?)"
    "(?:为|是|作)?[:：]?[“「《]?"
)
_NEEDS_AN_END = re.compile(r"[\"“(（ ]*(?:formerly|previously|until|before|alias|in |English|Chinese|Latin|French|German|Spanish|Japanese)")
_OPENS = re.compile(r"[\"”」》* ]*[（(][\"“「《*]?")
_CLOSES = re.compile(r"[\"”」》*]*[)）]")
_ENDS = re.compile(r"[\"”」》*]*(?:[,，;；.。)）]|$)")


def second_names(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """Pairs of indexes of neighbouring mentions, names both, of which the text says that the second is another name of the first.

    mentions: of one sentence, sorted by span; dates and numbers left out. What counts: a turn of phrase as the whole text between the two,
    ended by a comma, bracket or full stop where the phrase alone leaves it open ("formerly"); and a name that stands alone in parentheses
    and abbreviates the first, is of another script, or an identifier with letters and digits.
    """
    names = [(place, mention) for place, mention in enumerate(mentions) if not _IS_LANGUAGE.fullmatch(mention.text)]
    for (place, left), (following, right) in pairwise(names):
        gap = text[left.span.end : right.span.start]
        if not gap or len(gap) > _LONGEST_GAP:
            continue
        if _CHINESE.fullmatch(gap) or _ENGLISH.fullmatch(gap):
            opens_bracket = "(" in gap
            if not (opens_bracket or _NEEDS_AN_END.search(gap)) or _ENDS.match(text, right.span.end):
                yield place, following
        elif _OPENS.fullmatch(gap) and _CLOSES.match(text, right.span.end) and _names_in_brackets(left.text, right):
            yield place, following


def _names_in_brackets(left: str, right: Mention) -> bool:
    if right.kind == "identifier":
        return any(character.isdigit() for character in right.text) and any(character.isalpha() for character in right.text)
    return is_cjk(left[0]) != is_cjk(right.text[0]) or is_acronym(right.text, left) or abbreviates(right.text, left)
