"""A scenario's YAML read and checked, so that a mistake is reported with its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mom.outline import HEADING_KINDS, HeadingForm, HeadingRules
from mom.scenarios.scenario import BadScenario, Facet, Scenario

_LANGUAGES = ("en", "zh")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class _Node:
    """A YAML node and the file it stands in."""

    file: str
    node: Any

    def wrong(self, happened: str, do: str) -> BadScenario:
        return BadScenario(f"{self.file}, line {self.node.start_mark.line + 1}: {happened}\n{do}")


def read_scenario(file: str, content: str) -> Scenario:
    """The scenario that a file states. file: its name in messages. Raises BadScenario with file, line and remedy."""
    import yaml  # here, because a build with a scenario that was read before needs none

    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadScenario(f"{file}{line}: this is not YAML ({getattr(error, 'problem', None) or error})\nmend the file") from error
    if root is None:
        raise BadScenario(f"{file}, line 1: the file is empty\nwrite at least name and lengths; the shipped files show the rest")
    top = _mapping(
        _Node(file, root), ("name", "linked_template", "persona", "cues", "outline", "boundaries", "facets", "lengths"), ("name", "lengths")
    )
    name = _text(top["name"])
    if not _NAME.fullmatch(name):
        raise top["name"].wrong(f"{name!r} is no name of a scenario", "use small letters, digits and _, a letter first")
    persona, boundaries = _part(top, "persona", _LANGUAGES), _part(top, "boundaries", (*_LANGUAGES, "patterns"))
    cues, outline = _part(top, "cues", (*_LANGUAGES, "patterns")), _part(top, "outline", ("headings", "forms", "never"))
    words, characters = (_range(_part(top, "lengths", ("words", "characters"), is_required=True)[unit]) for unit in ("words", "characters"))
    starts = _patterns(boundaries.get("patterns"))
    return Scenario(
        name=name,
        linked_template=_text(top["linked_template"]) if "linked_template" in top else "general_knowledge",
        persona_en=_text(persona["en"]) if "en" in persona else "",
        persona_zh=_text(persona["zh"]) if "zh" in persona else "",
        cues=tuple(cue.lower() for language in _LANGUAGES for cue in _texts(cues.get(language))),
        cue_patterns=tuple(re.compile(pattern, re.MULTILINE) for pattern in _patterns(cues.get("patterns"))),
        headings=HeadingRules(
            names=_heading_names(outline.get("headings")),
            forms=_heading_forms(outline.get("forms")),
            never=_no_headings(outline.get("never")),
        ),
        boundaries_en=_text(boundaries["en"]) if "en" in boundaries else "",
        boundaries_zh=_text(boundaries["zh"]) if "zh" in boundaries else "",
        boundary=re.compile("|".join(f"(?:{pattern})" for pattern in starts)) if starts else None,
        facets=_facets(top.get("facets")),
        min_words=words[0],
        max_words=words[1],
        min_characters=characters[0],
        max_characters=characters[1],
    )


def _mapping(at: _Node, known: Sequence[str], required: Sequence[str] = ()) -> dict[str, _Node]:
    if at.node.id != "mapping":
        raise at.wrong("keys are expected here", f"use {', '.join(known)}")
    found: dict[str, _Node] = {}
    for key, value in at.node.value:
        if key.value not in known:
            nearest = difflib.get_close_matches(str(key.value), known, n=1)
            do = f"did you mean {nearest[0]!r}?" if nearest else f"known keys: {', '.join(known)}"
            raise _Node(at.file, key).wrong(f"unknown key {key.value!r}", do)
        found[key.value] = _Node(at.file, value)
    for key in required:
        if key not in found:
            raise at.wrong(f"the key {key!r} is missing", f"add it; needed are {', '.join(required)}")
    return found


def _part(top: Mapping[str, _Node], key: str, known: Sequence[str], *, is_required: bool = False) -> dict[str, _Node]:
    return _mapping(top[key], known, known if is_required else ()) if key in top else {}


def _text(at: _Node) -> str:
    if at.node.id != "scalar" or not at.node.value.strip():
        raise at.wrong("a text is expected here", "write one line of text")
    return " ".join(at.node.value.split())


def _items(at: _Node | None) -> list[_Node]:
    if at is None:
        return []
    if at.node.id != "sequence":
        raise at.wrong("a list is expected here", "write [one, another]")
    return [_Node(at.file, node) for node in at.node.value]


def _texts(at: _Node | None) -> list[str]:
    return [_text(item) for item in _items(at)]


def _patterns(at: _Node | None) -> list[str]:
    return [_pattern(item).pattern for item in _items(at)]


def _pattern(at: _Node) -> re.Pattern[str]:
    written = _text(at)
    try:
        return re.compile(at.node.value)
    except re.error as error:
        raise at.wrong(f"{written!r} is no regular expression ({error})", "mend it; Python's re is the dialect") from error


def _range(at: _Node) -> tuple[int, int]:
    ends = _mapping(at, ("min", "max"), ("min", "max"))
    low, high = (_text(ends[end]) for end in ("min", "max"))
    if not (low.isdecimal() and high.isdecimal() and 0 < int(low) <= int(high)):
        raise at.wrong(f"min is {low}, max is {high}", "give whole numbers, 0 < min <= max")
    return int(low), int(high)


def _heading_names(at: _Node | None) -> frozenset[str]:
    lists = _mapping(at, _LANGUAGES) if at else {}
    return frozenset(name.lower() for language in lists for name in _texts(lists[language]))


def _heading_forms(at: _Node | None) -> tuple[HeadingForm, ...]:
    forms = []
    for item in _items(at):
        keys = _mapping(item, ("pattern", "level"), ("pattern", "level"))
        level = _text(keys["level"])
        if level not in ("1", "2", "3", "4", "5", "6"):
            raise keys["level"].wrong(f"{level} is no level of a heading", "give a number from 1 to 6")
        forms.append(HeadingForm(_pattern(keys["pattern"]), int(level)))
    return tuple(forms)


def _no_headings(at: _Node | None) -> frozenset[str]:
    for item in _items(at):
        kind = _text(item)
        if kind not in HEADING_KINDS:
            nearest = difflib.get_close_matches(kind, HEADING_KINDS, n=1)
            do = f"did you mean {nearest[0]!r}?" if nearest else f"choose from: {', '.join(HEADING_KINDS)}"
            raise item.wrong(f"there is no kind of heading {kind!r}", do)
    return frozenset(_texts(at))


def _facets(at: _Node | None) -> tuple[Facet, ...]:
    facets = []
    for item in _items(at):
        keys = _mapping(item, ("name", *_LANGUAGES, "patterns"), ("name",))
        english, chinese = ([re.escape(term) for term in _texts(keys.get(language))] for language in _LANGUAGES)
        forms = [*([rf"(?i:\b(?:{'|'.join(english)})\b)"] if english else []), *chinese, *_patterns(keys.get("patterns"))]
        if not forms:
            raise item.wrong(f"the facet {_text(keys['name'])!r} has nothing to be told by", "give it terms under en or zh, or patterns")
        facets.append(Facet(_text(keys["name"]), re.compile("|".join(f"(?:{form})" for form in forms))))
    return tuple(facets)
