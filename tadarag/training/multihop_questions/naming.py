"""How passages name their subject: the plain form of a title, its key, and where a sentence begins with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tadarag.analysis import capitalised_names, name_tokens
from tadarag.chinese import simplify

_SECTION = re.compile(r"\s+-(?:\s.*)?$")
_PARENTHESIS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_OPENING = re.compile(r"[\"“”'‘ ]*(?:The (?=[\"“A-Z]))?[\"“”]? ?")
_CLOSING = re.compile(r" ?[\"”]")
_PRONOUN = {"person": re.compile(r"(?:He|She)\b(?!')"), "organization": re.compile(r"(?:It|They)\b(?!')"), "": re.compile(r"It\b(?!')")}
_ADVERBIAL = re.compile(r"(?:In|On) (?:[A-Z][a-z]+ )?(?:\d{1,2}, )?\d{4},? ")
_CHINESE_PRONOUN = {
    "person": re.compile("[他她]"),
    "": re.compile("它|该[片剧书校镇村县市岛河山站桥线路社](?![\u4e00-\u9fff]*的)|本[片剧作书校专辑]|本专辑|该专辑|该公司|该大学"),
}
_BETWEEN = re.compile(r"[\s-]+")
_GOES_ON = re.compile(r" (?:[a-z]|\()")
_SHORTEST_WORD, _SHORTEST_SHARED = 4, 3
_FIRST_NAME_WITHIN = 6


def plain_title(title: str) -> str:
    """The name in a title: without a section's name after " - " and without a trailing parenthesis."""
    title = _SECTION.sub("", title).strip()
    return _PARENTHESIS.sub("", title) or title


def name_key(name: str) -> str:
    """What equal names share: their tokens, small and in simplified characters, without a leading article."""
    tokens = [token.text for token in name_tokens(name)]
    return " ".join(tokens[1:] if len(tokens) > 1 and tokens[0] == "the" else tokens)


def named_at_start(sentence: str, title: str, language: str, *, is_first: bool, kind: str = "", noun: str = "") -> tuple[int, int] | None:
    """The range in which a sentence begins by naming the subject; None when it begins otherwise.

    is_first: the passage begins with this sentence, which may give the name in full. kind, noun: class and noun of the subject as the first
    sentence told; with them a later sentence may say "He", "It" or "The film".
    """
    if language == "zh":
        return _chinese(simplify(sentence), simplify(plain_title(title)), is_first=is_first, kind=kind)
    adverbial = None if is_first else _ADVERBIAL.match(sentence)
    at = adverbial.end() if adverbial else 0
    rest = sentence[at : at + 1].upper() + sentence[at + 1 :]
    found = _english(rest, plain_title(title), is_first=is_first, kind=kind, noun=noun)
    return None if found is None else (found[0] + at, found[1] + at)


def _english(sentence: str, name: str, *, is_first: bool, kind: str, noun: str) -> tuple[int, int] | None:
    opening = _OPENING.match(sentence)
    start = opening.end() if opening else 0
    words = tuple(word.lower() for word in _BETWEEN.split(name) if word)
    ends = [end for at in {start, 0} if (end := _end_of_words(sentence, at, words)) > 0]
    if is_first:
        first = next(iter(capitalised_names(sentence[:120])), None)
        if first is not None and first.start <= _FIRST_NAME_WITHIN and _share(name_key(name), first.text):
            ends.append(first.end)
    else:
        pronoun = _PRONOUN.get(kind, _PRONOUN[""]).match(sentence)
        ends += [pronoun.end()] if pronoun else []
        if noun and (end := _end_of_words(sentence, 0, ("the", noun))) > 0:
            ends.append(end)
        last = name.split()[-1]
        if kind == "person" and len(last) >= _SHORTEST_WORD and sentence.startswith(last) and _GOES_ON.match(sentence, len(last)):
            ends.append(len(last))
    if not ends:
        return None
    end = max(ends)
    closing = _CLOSING.match(sentence, end)
    return (min(start, end), closing.end() if closing else end)


def _chinese(sentence: str, name: str, *, is_first: bool, kind: str) -> tuple[int, int] | None:
    at = 1 if sentence[:1] in '《「『“"' else 0
    if name and sentence.startswith(name, at):
        end = at + len(name)
        return (at, end + 1 if sentence[end : end + 1] in ("》", "」", "』", "”", '"') else end)
    pronoun = _CHINESE_PRONOUN["person" if kind == "person" else ""].match(sentence)
    return (0, pronoun.end()) if pronoun and not is_first else None


def _end_of_words(sentence: str, at: int, words: Sequence[str]) -> int:
    """Where the words end that sentence[at:] begins with, whatever spaces and hyphens stand between them; 0 when it begins otherwise."""
    for word in words:
        while sentence[at : at + 1] in (" ", "-") and at < len(sentence):
            at += 1
        if sentence[at : at + len(word)].lower() != word:
            return 0
        at += len(word)
    return 0 if sentence[at : at + 1].isalnum() or sentence.startswith(("'s", "’s"), at) else at


def _share(name: str, other: str) -> bool:
    return any(len(word) >= _SHORTEST_SHARED for word in set(name.split()) & set(other.split()))
