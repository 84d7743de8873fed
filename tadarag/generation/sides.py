"""The two sides that a question sets against each other, as it names them, and the one of them that documents decide for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tadarag.analysis import is_cjk

_LEADING = re.compile(
    r"^(?:that of|those of|the|in|at|on|by|of|for|with|between|among|both|is|are|was|were|do|does|did|has|have|had)\s+", re.IGNORECASE
)
_DEGREE = (
    r"(?:more|most|less|least|fewer|fewest|larger|largest|bigger|biggest|greater|smaller|smallest|higher|highest|lower|lowest|longer|longest"
    r"|shorter|shortest|taller|tallest|deeper|wider|heavier|lighter|faster|slower|cheaper|dearer|older|oldest|younger|newer|earlier|later|first|last"
    r"|sooner|further|farther|nearer|closer|richer|stronger)"
)
_UP_TO_DEGREE = re.compile(rf"^.*\b{_DEGREE}\s+(?:[a-z]+\s+)*(?=[A-Z])")
_HELPERS = "a|an|the|have|has|had|is|are|was|were|born|located|situated|built|founded|published|released|employs?|costs?|earns?|weighs?"
_FROM_DEGREE = re.compile(rf"\s+(?:(?:{_HELPERS})\s+)*{_DEGREE}\b(?:\s+[a-z]+)*$")
_ENGLISH_SIDES = re.compile(
    r"(?:(?:^|.*?)[,:]|.*\b(?:between|than))\s+(.+?),?\s+(?:or|and)\s+(.+?)\s*[?.]*$|^(.+?),?\s+or\s+(.+?)\s*[?.]*$",
    re.IGNORECASE | re.DOTALL,
)
_LIST = r"(?P<list>[^:?]+?),? (?:or|and) (?P<last>[^,:?]+?)"
_LISTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:out of|of|between|among)\s+{_LIST},? (?:which|who|what|whose)\b",
        rf"^.*?[:,]\s+{_LIST}\s*[?.]*$",
        rf"^.*\b(?:of|between|among)\s+{_LIST}\s*[?.]*$",
    )
)
_LIST_BEHIND_ZH = re.compile(r"(?:哪|谁|何)[^：:，,]*[：:，,](?P<list>[^？?]+)")
_LIST_BEFORE_ZH = re.compile(
    r"^(?:在)?(?P<list>[^？?：:]+?)(?:[一二三四五六七八九十几]?[个家座条所者部款])?(?:公司|城市|企业|人)?(?:当中|之中|中|里|的)?[，,]?(?:哪|谁|何)"
)
_CHINESE_SIDES = re.compile(r"([^，,。、：:；;？?]{1,20}?)(?:还是|和|与|跟|同|或者?|、)([^，,。、：:；;？?]{1,20})")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedSide:
    """The title of the side that the question asks for.

    told_by: numbers of the passages that say so. said: by passage number, the sentence that says so, where it is known.
    """

    title: str
    told_by: tuple[int, ...]
    said: tuple[tuple[int, str], ...] = ()


def sides_of(question: str) -> tuple[str, ...]:
    """The two things a question compares, or the more of them that it lists, in the language of its letters; none where it compares none."""
    return listed_sides(question) or find_sides(question, "zh" if any(map(is_cjk, question)) else "en") or ()


def listed_sides(question: str) -> tuple[str, ...]:
    """The three or more things of which a question asks for one, as it writes them, "A, B or C"; none where it lists fewer."""
    text = question.strip()
    if any(map(is_cjk, text)):
        found = _LIST_BEHIND_ZH.search(text) or _LIST_BEFORE_ZH.search(text)
        lists = [re.split("、|，|,|以及|还是|或者|[和与]", found["list"])] if found is not None and "、" in found["list"] else []
    else:
        lists = [[*match["list"].split(", "), match["last"]] for pattern in _LISTS if (match := pattern.match(text)) is not None]
    items = next((items for items in lists if len(items) > 2), [])
    named = tuple(side for item in items if (side := _clean(item)))
    return named if len(named) == len(items) else ()


def find_sides(question: str, language: str) -> tuple[str, str] | None:
    """The two things a question compares, as it writes them."""
    if language == "zh":
        match = _CHINESE_SIDES.search(question)
        if match is None:
            return None
        right = re.split(r"哪|谁|何|的|，|,|相比|比", match.group(2))[0]
        left = re.split(r"[中里]，?|：", match.group(1))[-1]
        return (left.strip(), right.strip()) if left.strip() and right.strip() else None
    match = _ENGLISH_SIDES.match(question.strip())
    if match is None:
        return None
    left, right = (match.group(1), match.group(2)) if match.group(1) else (match.group(3), match.group(4))
    shortened = re.split(r"\b(?:in|at)\s", left)[-1] if match.group(3) and re.search(r"\b(?:in|at)\s", left) else left
    return _clean(_FROM_DEGREE.sub("", _UP_TO_DEGREE.sub("", shortened))), _clean(_FROM_DEGREE.sub("", right))


def _clean(side: str) -> str:
    before = ""
    while before != side:
        before, side = side, _LEADING.sub("", side.strip())
    return side
