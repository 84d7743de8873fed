"""Whether the first of two things that a question names is more, larger, older or earlier than the other: yes or no by the side that is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.analysis import terms
from tadarag.chinese import simplify
from tadarag.generation.dated_sides import side_by_date
from tadarag.generation.described import Described, as_asked, title_terms
from tadarag.generation.measured_sides import side_by_amount
from tadarag.generation.shared_values import Verdict
from tadarag.generation.sides import DecidedSide

_THAN = re.compile(r"\bthan\b(?!\s+\d)", re.IGNORECASE)
_THAN_ZH = re.compile(
    r"^(?P<first>[^，。？?比]+?)(?:的(?P<noun>[\u4e00-\u9fff]{2,6}))?比(?P<second>[^，。？?比]+?)[更要还得]*(?P<degree>[多大高长重贵快深宽少小低短轻慢早晚])吗?[？?]?$"
)
_NOT = re.compile(r"\bnot\b|n['’]t\b|\bnever\b", re.IGNORECASE)


def exceeds(question: str, described: Sequence[Described]) -> Verdict | None:
    """Yes where the first side is the one that dates or amounts decide for, no where it is the other; None where the question sets no side above
    another with "than", denies it, or nothing decides."""
    asked = _THAN.sub("or", question) if _THAN.search(question) and not _NOT.search(question) else _asked_in_chinese(question, described)
    decided = side_by_date(asked, described) or side_by_amount(asked, described) if asked else None
    return None if decided is None else Verdict(yes=_stands_first(decided, asked), sides=decided.told_by, said=decided.said)


def _asked_in_chinese(question: str, described: Sequence[Described]) -> str:
    """The question which of both is more, for one in Chinese whether the first is more than the second; "" for others.

    Where the name of the second ends and what is compared begins is told by the titles: the longest beginning whose words one of them holds.
    """
    found = _THAN_ZH.match(simplify(question.strip()))
    if found is None:
        return ""
    titles = [title_terms(one) for one in described]
    second = found["second"]
    ends = (end for end in range(len(second), 1, -1) if any(set(terms(second[:end])) <= title for title in titles))
    end = next(ends, 0)
    noun = f"{found['noun'] or ''}{second[end:].removeprefix('的')}"
    return f"{found['first']}和{second[:end]}哪个{noun}更{found['degree']}？" if end else ""


def _stands_first(decided: DecidedSide, question: str) -> bool:
    """Whether the side stands before what parts both."""
    place = question.casefold().find(as_asked(decided.title, question).casefold())
    return 0 <= place < max(question.casefold().rfind(" or "), question.find("和"))
