"""A document's beginning as hashed words: what its domain is told from, before anything is encoded."""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

from tadarag.analysis import CJK, LEADING_WORDS, STOP_WORDS
from tadarag.chinese import simplify
from tadarag.values import Document

N_BUCKETS = 1 << 15
MAX_TOKENS = 1_000
"""So many words and Chinese characters are read (router design)."""
_CHARACTERS = 8_000  # they hold as many tokens, or nearly
_CHINESE_FUNCTION = frozenset("的了是在和与及或也都而其之于为以等着被把将并就这那有不一个上中下他她它我你们")
_FUNCTION_WORDS = STOP_WORDS | LEADING_WORDS
_RUN = re.compile(rf"[a-z]+|[{CJK}]+")


def beginning(document: Document) -> str:
    """The title and the part of the text that routing reads."""
    return f"{document.title}\n{document.text[:_CHARACTERS]}"


def word_buckets(text: str) -> tuple[int, ...]:
    """Buckets of the words and of pairs of neighbouring Chinese characters, without function words: each once, ascending."""
    found: set[str] = set()
    n_left = MAX_TOKENS
    for match in _RUN.finditer(simplify(text.lower())):
        run = match.group()
        if run.isascii():
            found |= {run} if len(run) > 2 and run not in _FUNCTION_WORDS else set()
            n_left -= 1
        else:
            found |= {first + second for first, second in pairwise(run[:n_left]) if not {first, second} & _CHINESE_FUNCTION}
            n_left -= len(run)
        if n_left <= 0:
            break
    return tuple(sorted({crc32(word.encode()) % N_BUCKETS for word in found}))
