"""The word lists that names and sentences are put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """parts: what names are put together from, by list. common: words that name nothing, by the mark that frames have for them."""

    parts: Mapping[str, tuple[str, ...]]
    common: Mapping[str, tuple[str, ...]]


@cache
def shipped_words() -> Words:
    """The lists of words.yaml, each without repetitions."""
    lists = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    common = lists.pop("words")
    return Words(_split(lists), _split(common))


def _split(lists: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(words.split())) for name, words in lists.items()}
