"""The last question of a conversation, made to stand alone."""

from __future__ import annotations

from collections.abc import Sequence

from tadarag.extraction.rules import find_in_sentence, small_words
from tadarag.memory.follow_ups import MOST_TURNS, NamedThing, Turn, in_context
from tadarag.values import Span

__all__ = ["Turn", "question_in_context"]

_NAMES = frozenset({"person", "organization", "location", "event", "product", "title", "name"})
_DETERMINERS = frozenset("这那该此哪其本某每各")  # "这座大桥" and "哪所大学" name nothing
_OPENERS = frozenset(
    "tell give show list name find say describe explain compare summarise summarize hello hi hey thanks ok okay sure".split()
)


def question_in_context(question: str, earlier: Sequence[Turn]) -> str:
    """The question with the names that it leans on (`memory.follow_ups`), found by the rules of extraction; no model is asked.

    earlier: the turns before it, oldest first.
    """
    turns = earlier[-MOST_TURNS:]
    texts = [question, *(text for turn in turns for text in (turn.question, turn.answer))]
    common = small_words("\n".join(texts)) | _OPENERS
    return in_context(question, turns, lambda text: _names(text, common))


def _names(text: str, common: frozenset[str]) -> list[NamedThing]:
    """The names that rules find. common: words that begin no name though a sentence begins with them."""
    found = find_in_sentence(text, Span(0, len(text)), "", common)
    return [
        NamedThing(text=text[one.start : one.end], start=one.start, kind=one.kind)
        for one in found
        if one.kind in _NAMES and _DETERMINERS.isdisjoint(text[max(0, one.start - 1) : one.start + 1])
    ]
