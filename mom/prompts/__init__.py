"""The prompts of the builder with a model, one text file a prompt and language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

LANGUAGES = ("en", "zh")


@cache
def load_prompt(name: str, language: str) -> str:
    """The text of `NAME.LANGUAGE.txt`, English where there is none in that language; its fields stand in braces."""
    folder = files("mom.prompts")
    own = folder.joinpath(f"{name}.{language}.txt")
    return (own if own.is_file() else folder.joinpath(f"{name}.en.txt")).read_text("utf-8").rstrip("\n")


@cache
def prompts_version(names: Sequence[str]) -> str:
    """Changes whenever a named prompt does, in any language. names: a tuple."""
    texts = (load_prompt(name, language) for name in names for language in LANGUAGES)
    return sha256("\0".join(texts).encode()).hexdigest()[:8]
