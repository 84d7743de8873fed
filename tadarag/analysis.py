"""How text becomes the keys that indexes hold: search terms, name tokens, and their 64-bit keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import Stemmer
from numpy.typing import NDArray

from tadarag.chinese import simplify

FINGERPRINT = "analysis-1"  # part of the derived indexes' identity: change it when any function here gives another result

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TERM = re.compile(rf"[{CJK}]+|[^\W{CJK}]+")
_NAME_TOKEN = re.compile(rf"[{CJK}]|[^\W_{CJK}]+(?:['’.-][^\W_{CJK}]+)*")
_TRAILING_PARENTHESIS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_ENGLISH_STEMMER = Stemmer.Stemmer("english")

# Function words, and the verbs that questions are made of; a passage that shares only these shares nothing.
STOP_WORDS = frozenset(
    "a an the of in on at by for to from with and or but as is are was were be been being that this these those it its his her their he she "
    "they who whom whose which what where when why how did do does done has have had not no also into during after before between than then "
    "there both same other another one first second last name named called known".split()
)
# Words that start a sentence with a capital without being part of a name.
LEADING_WORDS = frozenset(
    "the a an in on at he she it they his her its their this that these those after before during while when where as for from by with and "
    "but or who which what how is was are were did does do of to since until although though because if both one two three four five six "
    "first second also however i we you my our your there here not no yes so then such can could may might will would shall should must has "
    "have had be been why whose whom".split()
)
_CONNECTORS = frozenset("of the de la le du van von der den di da del and for in on al bin ibn et y to a".split())


class Token(NamedTuple):
    """A token of a name: a Latin word or one CJK character, folded to lower case and simplified form, with its range in the text."""

    text: str
    start: int
    end: int
    is_capital: bool
    is_cjk: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a text: the range [start, end) and the folded tokens joined by spaces (CJK: without)."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1 << 17)
def _stem(word: str) -> str:
    return str(_ENGLISH_STEMMER.stemWord(word))


def terms(text: str) -> list[str]:
    """Search terms of a text, in order: English words stemmed (Snowball) without function words; CJK runs as character bigrams.

    Traditional Chinese is folded to simplified. A CJK run of one character is its own term.
    """
    found: list[str] = []
    for match in _TERM.finditer(simplify(text).lower()):
        token = match.group()
        if is_cjk(token[0]):
            found.extend(token[i : i + 2] for i in range(len(token) - 1)) if len(token) > 1 else found.append(token)
        elif token not in STOP_WORDS:
            found.append(_stem(token))
    return found


def is_cjk(character: str) -> bool:
    """Whether a character is written without spaces between words (Chinese, Japanese, Korean)."""
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\uac00" <= character <= "\ud7af"
        or "\uf900" <= character <= "\ufaff"
    )


def is_mostly_cjk(found: Sequence[str]) -> bool:
    """Whether at least half of a text's `terms` are of a script without spaces between words."""
    n_cjk = sum(is_cjk(term[0]) for term in found)
    return n_cjk > 0 and 2 * n_cjk >= len(found)


@lru_cache(maxsize=1 << 18)
def key(text: str) -> int:
    """The 64-bit key of a term or name token: what indexes hold in place of the string, so that no dictionary can leak a deleted word."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def name_tokens(text: str) -> list[Token]:
    """Tokens of which names are made, with their places in `text`."""
    tokens: list[Token] = []
    for match in _NAME_TOKEN.finditer(simplify(text)):
        word = match.group()
        first = word[0]
        tokens.append(
            Token(word.lower(), match.start(), match.end(), first.isupper() or first.isdigit(), first > "\u303f" and is_cjk(first))
        )
    return tokens


def name_words(text: str) -> list[str]:
    """The words of `name_tokens`, as they stand in the text but in simplified form; quicker where their places do not matter."""
    return _NAME_TOKEN.findall(simplify(text))


def subject_tokens(subject: str) -> list[str]:
    """Folded tokens of a subject without a trailing parenthesis: what a sentence must contain to name it."""
    return [token.text for token in name_tokens(_TRAILING_PARENTHESIS.sub("", subject))]


_BASE = 0x9E3779B97F4A7C15 | 1
_MASK = (1 << 64) - 1
_INVERSE = pow(_BASE, -1, 1 << 64)
MAX_NAME_TOKENS = 24
_POWERS = np.array([pow(_BASE, k, 1 << 64) for k in range(4096)], dtype=np.uint64)
_INVERSE_POWERS = np.array([pow(_INVERSE, k, 1 << 64) for k in range(4096)], dtype=np.uint64)


def name_key(tokens: Sequence[str]) -> int:
    """Key of a token sequence: sum of key(token_k) * B^k modulo 2^64, so that the keys of all windows of a text come from one cumulative sum."""
    return sum(key(token) * int(_POWERS[k]) for k, token in enumerate(tokens)) & _MASK


def window_keys(tokens: Sequence[str], longest: int) -> NDArray[np.uint64]:
    """Keys of all windows of `tokens`: uint64[n, longest]; entry [i, l-1] is name_key(tokens[i:i+l]), 0 past the end."""
    tokens = tokens[: len(_POWERS) - 1]
    n = len(tokens)
    sums = np.zeros(n + 1, dtype=np.uint64)
    hashes = np.fromiter((key(token) for token in tokens), dtype=np.uint64, count=n)
    np.cumsum(hashes * _POWERS[:n], out=sums[1:])
    ends = np.arange(n)[:, None] + np.arange(1, longest + 1)
    windows: NDArray[np.uint64] = (sums[np.minimum(ends, n)] - sums[:n, None]) * _INVERSE_POWERS[:n, None]
    windows[ends > n] = 0
    return windows


def part_keys(tokens: Sequence[str], *, cjk: bool) -> dict[int, int]:
    """Keys of the proper parts of a subject (contiguous token runs, not single short words), each with its length in tokens."""
    n = min(len(tokens), MAX_NAME_TOKENS)
    parts: dict[int, int] = {}
    for start in range(n):
        for end in range(start + 1, n + 1):
            length = end - start
            if length < len(tokens) and (length >= 2 or (not cjk and len(tokens[start]) > 3)):
                parts.setdefault(name_key(tokens[start:end]), length)
    return parts


def capitalised_names(text: str) -> list[Name]:
    """Runs of capitalised words, with connectors ("of", "von", …) allowed inside and leading function words left out.

    Source of the rule: retrieval design 1.1; a digit group may follow a capitalised word ("Apollo 11").
    """
    tokens = [token for token in name_tokens(text) if not token.is_cjk]
    names: list[Name] = []
    index = 0
    while index < len(tokens):
        first = tokens[index]
        if not text[first.start].isupper() or first.text in LEADING_WORDS:
            index += 1
            continue
        last = _end_of_run(text, tokens, index)
        names.append(Name(" ".join(token.text for token in tokens[index : last + 1]), first.start, tokens[last].end))
        index = last + 1
    return names


def _end_of_run(text: str, tokens: Sequence[Token], first: int) -> int:
    last = first
    for index in range(first + 1, len(tokens)):
        token, before = tokens[index], tokens[index - 1]
        gap = text[before.end : token.start]
        if gap.strip(" \"“”'&") or len(gap) > 3:
            break
        word = text[token.start : token.end]
        if word[0].isupper() or (word[0].isdigit() and text[before.start].isupper()):
            last = index
        elif word not in _CONNECTORS:
            break
    return last


def is_acronym(short: str, full: str) -> bool:
    """Whether the letters of `short` are the initials of the words of `full`, small words counted or left out ("WHO", "MoD")."""
    tokens = [token for token in name_tokens(full) if not token.is_cjk]
    letters = short.replace(".", "").lower()
    every, capitals = "".join(token.text[0] for token in tokens), "".join(token.text[0] for token in tokens if token.is_capital)
    return len(letters) >= 2 and letters in (every, capitals)


def count_terms(text_terms: Iterable[str]) -> dict[int, int]:
    """Term frequencies by key."""
    counts: dict[int, int] = {}
    for term in text_terms:
        term_key = key(term)
        counts[term_key] = counts.get(term_key, 0) + 1
    return counts
