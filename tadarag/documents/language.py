"""The language of a text, told by its script and its function words."""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    "the of and to in a is was for that on with as by at from his her it are were be an or which this not have has had but who its their will "
    "would can if you we they i he she into after than also been".split()
)
_LOOK_AT = 400


def detect_language(text: str) -> str:
    """ "en", "zh", or "und" for any other or no language, from the first few hundred characters. Deterministic."""
    sample = text[:_LOOK_AT]
    if sample.isascii():
        return "en" if _is_english(_WORD.findall(sample.lower())) else "und"
    n_han = len(_HAN.findall(sample))
    if n_han:
        n_others = len(_KANA_OR_HANGUL.findall(sample))
        words = [word for word in _WORD.findall(sample.lower()) if word.isascii()]
        if n_others > 0.1 * n_han:
            return "und"
        if n_han >= len(words):  # one Han character carries about as much as one Latin word
            return "zh"
    return "en" if _is_english(_WORD.findall(sample.lower())) else "und"


def _is_english(words: list[str]) -> bool:
    """Function words make up a third of English prose and under a tenth of other Latin languages; a title of a few words has none."""
    n_function = sum(map(_ENGLISH.__contains__, words))
    if len(words) < 12:
        return bool(words) and all(word.isascii() for word in words)
    return n_function >= 0.12 * len(words)
