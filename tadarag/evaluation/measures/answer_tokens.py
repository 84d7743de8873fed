"""How an answer is cut into comparable tokens: SQuAD's rule for words, single characters for Chinese."""

import re
import string
import unicodedata

from tadarag.analysis import is_cjk
from tadarag.chinese import simplify

_ARTICLES = re.compile(r"\b(a|an|the)\b")


def answer_tokens(text: str) -> list[str]:
    """Lower case, no punctuation, no English articles; words between spaces, and every CJK character (simplified) by itself.

    Sources: the official evaluation script of SQuAD 1.1 (Rajpurkar et al., EMNLP 2016) and, for the characters, that of CMRC 2018
    (Cui et al., EMNLP 2019). Departures: NFKC first, so that full-width digits compare; Unicode punctuation counts as punctuation.
    """
    folded = simplify(unicodedata.normalize("NFKC", text)).lower()
    kept = "".join(character for character in folded if not _is_punctuation(character))
    spaced = "".join(f" {character} " if is_cjk(character) else character for character in _ARTICLES.sub(" ", kept))
    return spaced.split()


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
