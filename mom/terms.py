"""How text becomes terms: English words without plural endings, Chinese character bigrams."""

from __future__ import annotations

import re
from functools import lru_cache

# Han, kana and Hangul: scripts whose words are counted by characters and bigrams.
CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f"
FIRST_CJK = "\u3005"

_TERM = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_ASCII_TERM = re.compile(r"[a-z0-9]+")
_UNIT = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_ONE_CJK = re.compile(f"[{CJK}]")


def terms(text: str) -> list[str]:
    """Terms of a text in order: words in lower case without plural ending; each CJK run as its bigrams, or its one character."""
    return list(_terms(text))


@lru_cache(maxsize=1 << 14)  # cohesion, core and scores each ask for the terms of the same sentences
def _terms(text: str) -> list[str]:
    if text.isascii():
        return list(map(_singular, _ASCII_TERM.findall(text.lower())))
    found: list[str] = []
    for token in _TERM.findall(text.lower()):
        if token[0] < FIRST_CJK or not _ONE_CJK.match(token):
            found.append(_singular(token))
        elif len(token) == 1:
            found.append(token)
        else:
            found.extend([token[i : i + 2] for i in range(len(token) - 1)])
    return found


def count_units(text: str) -> int:
    """Length of a text: Latin words plus CJK characters."""
    return len(_UNIT.findall(text))


def count_cjk(text: str) -> int:
    """How many CJK characters a text has."""
    return 0 if text.isascii() else len(_ONE_CJK.findall(text))


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    """Strip a plural ending. Source: the S stemmer, Harman, JASIS 1991, table 1; departure: "-is" stays ("this", "analysis")."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word if word.endswith(("us", "ss", "is")) else word[:-1]
