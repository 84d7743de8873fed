"""What the numbers of a list count: in "500 g plums, 200 g flour" the first is no answer to how much flour is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tadarag.analysis import terms
from tadarag.generation.amounts import amount_places

_ASKED = re.compile(r"\bhow (?:many|much) (?P<noun>[a-z-]{3,})\b", re.IGNORECASE)
_MEMBER = re.compile(r"\s+(?:of\s+)?(?P<words>[a-z-]+(?:\s+[a-z-]+){0,3}?)(?P<end>,(?:\s+and)?\s+|\s+and\s+|\s*[.;)]|\s*$)", re.IGNORECASE)


def counts_another(question: str, sentence: str, start: int, end: int) -> bool:
    """Whether the number at [start, end) of a sentence counts something else than the question asks for, in a list with a number that counts that."""
    asked = _ASKED.search(question)
    noun = set(terms(asked["noun"])) if asked is not None else set()
    if not noun:
        return False
    for members in _lists(sentence):
        of_asked = [noun <= set(terms(words)) for _, words in members]
        own = next((number for number, (place, _) in enumerate(members) if place[0] < end and place[1] > start), None)
        if own is not None and any(of_asked):
            return not of_asked[own]
    return False


def _lists(sentence: str) -> Iterator[Sequence[tuple[tuple[int, int], str]]]:
    """The lists of a sentence, two members or more each: where a member's number stands, and the words of what it counts."""
    members: list[tuple[tuple[int, int], str]] = []
    behind = -1
    for place in amount_places(sentence):
        if place[0] != behind:
            yield from [members] if len(members) > 1 else []
            members = []
        found = _MEMBER.match(sentence, place[1])
        behind = found.end() if found is not None else -1
        if found is not None:
            members.append((place, found["words"]))
    yield from [members] if len(members) > 1 else []
