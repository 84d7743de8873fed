"""Names written with capital letters, and the cues that tell what kind of thing they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tadarag.analysis import CJK, LEADING_WORDS
from tadarag.extraction.found import Found
from tadarag.extraction.gazetteer_en import (
    ADVERBS,
    CALENDAR,
    GIVEN_NAMES,
    HEAD_KINDS,
    HONORIFICS,
    PERSON_PREFIXES,
    PLACE_PREFIXES,
    PLACES,
    ROLES,
    SENTENCE_STARTERS,
)

_WORD = rf"[^\W_{CJK}]+(?:['’.-][^\W_{CJK}]+)*"
# A token that does not begin with a small ASCII letter: the regex engine skips the running words, Python sees the few that are left.
_START = re.compile(rf"(?<![^\W_{CJK}])(?<![^\W_{CJK}]['’.-])(?![a-z\d]){_WORD}")
_NEXT = re.compile(rf"[ \"“”'&]{{1,3}}({_WORD})")
_CONNECTORS = frozenset("of the de la le du van von der den di da del and for in on al bin ibn et y to a".split())
_INITIALS = re.compile(r"(?:[A-Z]\. ?)+(?=[A-Z])")
_DAY = r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?"
_PERSON_AFTER = re.compile(
    r",? (?:who|wrote|argued|was born|died)\b|, \d{1,3},|\s?\((?:born|b\.) "
    rf"|\s?\({_DAY}1\d{{3}} ?[–-] ?{_DAY}\d{{4}}\)"
)
_PLACE_AFTER = re.compile(r", (?:the capital|a (?:city|town|village))")
_ABBREVIATION = re.compile(r"(?:\b[A-Z](?:\.[A-Z])+|\b(?:Jr|Sr|Inc|Ltd|Corp|Co|Bros))$")
_POSSESSIVES = ("'s", "’s", "'", "’")


def find_names(text: str, start: int, end: int, *, is_common: Callable[[str], bool]) -> list[Found]:
    """Names in text[start:end], typed by cues; kind "name" where no cue tells.

    They are the runs of `analysis.capitalised_names`, with initials joined ("J. K. Rowling") and a possessive ending and an honorific
    left out. A single word that opens the sentence counts only if it is not a common word.
    is_common: whether a word (lower case) is known to be an ordinary word in this document.
    """
    found: list[Found] = []
    for first, last in _parted(text, _joined(text, capitalised_runs(text, start, end))):
        first = _skip_honorific(text, first, last)
        if first < 0:
            continue
        before = _word_before(text, first, start)
        is_titled = before[:1].isupper() and before.lower() in HONORIFICS
        last -= next((len(ending) for ending in _POSSESSIVES if text.endswith(ending, first, last)), 0)
        if last - first < 2:
            continue
        words = text[first:last].lower().split()
        if len(words) > 1 and words[0] in ADVERBS and _opens(text, first, start) and text[first + len(words[0]) + 1].isupper():
            first += len(words[0]) + 1  # "Later Mennick left": the adverb owes its capital to the sentence
            words = words[1:]
        if text.startswith(".", last, end) and _ABBREVIATION.search(text, first, last):
            last += 1
        if len(words) == 1 and not is_titled and _opens(text, first, start) and _is_ordinary(words[0], text[first:last], is_common):
            continue
        found.append(Found(first, last, "person" if is_titled else _kind(text, first, last, words, before, end)))
    return found


def capitalised_runs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Ranges of the names that `analysis.capitalised_names` finds in text[start:end], found without looking at every word.

    Besides, an acronym that reads like a leading word ("WHO") is a name of its own.
    """
    runs: list[tuple[int, int]] = []
    position = start
    while match := _START.search(text, position, end):
        word = match.group()
        position = match.end()
        if not word[0].isupper():
            continue
        if word.lower() in LEADING_WORDS:
            if len(word) >= 3 and word.isupper() and not _is_shouted(text, match.end(), end):
                runs.append(match.span())
            continue
        last = cursor = match.end()
        is_upper = True
        while following := _NEXT.match(text, cursor, end):
            token = following.group(1)
            capital = token[0].isupper()
            if capital or (token[0].isdigit() and is_upper):
                last = following.end()
            elif token not in _CONNECTORS:
                break
            is_upper = capital
            cursor = following.end()
        runs.append((match.start(), last))
        position = last
    return runs


def _is_shouted(text: str, position: int, end: int) -> bool:
    following = _NEXT.match(text, position, end)
    return following is not None and following.group(1).isupper()


def _joined(text: str, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs with initials put together: "J", "K", "Rowling" of "J. K. Rowling" become one."""
    joined: list[tuple[int, int]] = []
    for run in runs:
        if joined:
            first, last = joined[-1]
            gap = text[last : run[0]]
            if gap in (". ", ".") and (last - first == 1 or text[last - 2] in " .") and text[last - 1].isupper():
                joined[-1] = (first, run[1])
                continue
        joined.append(run)
    return joined


def _parted(text: str, runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs cut at " and " where both sides are names by themselves, and at " in " before a place: "Port Hesk and Quillen Bay"."""
    for first, last in runs:
        if (inside := text.find(" in ", first, last)) > 0 and _is_place(text[inside + 4 : last]):
            yield first, inside
            first = inside + 4 + (4 if text.startswith("the ", inside + 4) else 0)
        middle = text.find(" and ", first, last)
        if middle < 0 or " of " in text[first:middle] or not (_stands_alone(text[first:middle]) and _stands_alone(text[middle + 5 : last])):
            yield first, last
        else:
            yield first, middle
            yield middle + 5, last


def _is_place(name: str) -> bool:
    folded = name.lower().removeprefix("the ")
    return folded in PLACES or HEAD_KINDS.get(folded.split()[-1]) == "location"


def _stands_alone(name: str) -> bool:
    words = name.lower().split()
    return name[:1].isupper() and (" ".join(words) in PLACES or (len(words) > 1 and words[-1] not in _CONNECTORS))


def _skip_honorific(text: str, first: int, last: int) -> int:
    """Where the name begins after a leading "Mr"; -1 when the run is nothing else."""
    head, _, rest = text[first:last].partition(" ")
    if head.lower() not in HONORIFICS:
        return first
    return first + len(head) + 1 if rest[:1].isupper() else -1


def _word_before(text: str, first: int, start: int) -> str:
    """The word that stands before a place of the sentence, without the comma or dot after it."""
    return text[max(start, first - 24) : first].rstrip(' "“(').rstrip(",.").rpartition(" ")[2]


def _opens(text: str, first: int, start: int) -> bool:
    """Whether only quotes, brackets or the end of another sentence stand before."""
    before = text[max(start, first - 2) : first].strip(" \"“'(*_#>-")
    return first - start <= 2 or not before or before[-1] in ".!?:\n"


def _is_ordinary(folded: str, word: str, is_common: Callable[[str], bool]) -> bool:
    if word.isupper() and len(word) > 1:
        return False
    return folded in SENTENCE_STARTERS or folded.endswith(("ing", "ly", "n't")) or is_common(folded) or is_common(folded.removesuffix("s"))


def _kind(text: str, first: int, last: int, words: list[str], before: str, end: int) -> str:
    folded = " ".join(words)
    if folded in PLACES:
        return "location"
    if words[-1] in CALENDAR and len(words) == 1:
        return "time"
    head = words[words.index("of") - 1] if "of" in words[1:] else words[-1]
    if len(words) > 1 and (kind := HEAD_KINDS.get(head.rstrip("."))):
        return kind
    if len(words) > 1 and words[0] in PLACE_PREFIXES and (words[0] in HEAD_KINDS or " ".join(words[1:]) in PLACES):
        return "location"
    if len(words) > 1 and words[0] in HEAD_KINDS and "of" not in words and HEAD_KINDS[words[0]] == "organization" and words[0] != "works":
        return "organization"
    if len(words) > 1 and (words[0] in PERSON_PREFIXES or (words[0] in GIVEN_NAMES and len(words) <= 4 and "of" not in words)):
        return "person"
    return _kind_by_context(text, first, last, words, before, end)


def _kind_by_context(text: str, first: int, last: int, words: list[str], before: str, end: int) -> str:
    name = text[first:last]
    if _PERSON_AFTER.match(text, last, end) and not name.isupper() and len(words) <= 4:
        return "person"
    if _INITIALS.match(name):
        return "person"
    if before in ROLES and 1 < len(words) <= 4:
        return "person"
    if _PLACE_AFTER.match(text, last, end):
        return "location"
    return "name"
