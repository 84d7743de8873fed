"""The prompts of the extractor that asks a language model, one text file a prompt and language; their fields stand in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files

LANGUAGES = ("en", "zh")
_FIELD = re.compile(r"\{\{(\w+)\}\}")


@cache
def load_prompt(name: str, language: str) -> str:
    """The text of `NAME.LANGUAGE.txt`. Raises FileNotFoundError for a prompt that does not ship."""
    return files("tadarag.extraction.prompts").joinpath(f"{name}.{language}.txt").read_text("utf-8").rstrip("\n")


def filled(prompt: str, fields: Mapping[str, str]) -> str:
    """The prompt with every `{{field}}` replaced in one pass, so that a value that looks like a field stays a value. Raises KeyError."""
    return _FIELD.sub(lambda match: fields[match[1]], prompt)


@cache
def prompts_version(*names: str) -> str:
    """Changes whenever one of the named prompts does, in any language."""
    texts = (load_prompt(name, language) for name in names for language in LANGUAGES)
    return sha256("\0".join(texts).encode()).hexdigest()[:8]
