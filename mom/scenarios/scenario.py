"""What the registry knows of one kind of document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mom.outline import HeadingRules


class UnknownScenario(ValueError):
    """No scenario of that name is registered."""


class BadScenario(ValueError):
    """A scenario's file cannot be used; the message names file and line, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that the core statement should keep: a sentence holds it where `pattern` is found."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How a kind of document is told, cut and condensed.

    linked_template: the graph template that fits it. persona_en, persona_zh: whom a model is asked to be.
    cues: words and phrases in lower case, Chinese ones in simplified characters, that tell the kind; cue_patterns: forms of lines that do.
    headings: which lines are headings here beside or instead of the usual ones. boundaries_en, boundaries_zh: in words where topics shift;
    boundary: what a part begins with there.
    facets: what the core must keep. Lengths of a chunk are in Latin words and in CJK characters, where the caller does not measure.
    """

    name: str
    linked_template: str
    persona_en: str
    persona_zh: str
    cues: tuple[str, ...]
    cue_patterns: tuple[re.Pattern[str], ...]
    headings: HeadingRules
    boundaries_en: str
    boundaries_zh: str
    boundary: re.Pattern[str] | None
    facets: tuple[Facet, ...]
    min_words: int
    max_words: int
    min_characters: int
    max_characters: int
