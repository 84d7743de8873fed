"""Whether the first of two things that a question names is more, larger, older or earlier than the other: yes or no by the side that is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.generation.dated_sides import side_by_date
from tadarag.generation.described import Described, as_asked
from tadarag.generation.measured_sides import side_by_amount
from tadarag.generation.shared_values import Verdict
from tadarag.generation.sides import DecidedSide

_THAN = re.compile(r"\bthan\b(?!\s+\d)", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|n['’]t\b|\bnever\b", re.IGNORECASE)


def exceeds(question: str, described: Sequence[Described]) -> Verdict | None:
    """Yes where the first side is the one that dates or amounts decide for, no where it is the other; None where the question sets no side above
    another with "than", denies it, or nothing decides."""
    if not _THAN.search(question) or _NOT.search(question):
        return None
    asked = _THAN.sub("or", question)
    decided = side_by_date(asked, described) or side_by_amount(asked, described)
    return None if decided is None else Verdict(yes=_stands_first(decided, asked), sides=decided.told_by, said=decided.said)


def _stands_first(decided: DecidedSide, question: str) -> bool:
    """Whether the side stands before "or"."""
    place = question.casefold().find(as_asked(decided.title, question).casefold())
    return 0 <= place < question.casefold().rfind(" or ")
