"""A model's reply becomes names and facts as it wrote them: strict JSON, JSON that can be mended, or tuples in the wire format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StatedName:
    """A name and its type, as a model wrote them."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact, as a model wrote it."""

    head: str
    relation: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a reply states. n_broken: parts of it that nothing could be made of; 1 for a reply that is no reply at all."""

    names: tuple[StatedName, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    n_broken: int = 0


_FENCE = re.compile(r"```\w*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_LIST = r'["“]?{name}["”]?\s*:\s*\['
_NAME_LISTS, _FACT_LISTS = ("entities", "names", "nodes"), ("relations", "relationships", "facts", "edges")
_TUPLE = re.compile(r'\(\s*"?(?P<kind>entity|relation)"?\s*[,|]\s*(?P<fields>(?:"(?:[^"\\]|\\.)*"\s*(?:[,|]\s*)?)+)\)', re.IGNORECASE)
_FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"')


def parse_reply(text: str) -> Reply:
    """Names and facts of a reply, whatever it looks like; never raises.

    Mended are code fences and thoughts around the JSON, trailing commas, other words for the two lists, and a reply that was cut: what stands
    before the cut counts, up to the last whole object. A reply without JSON is read as tuples (`format_tuples`). An object that lacks
    a name is counted as broken.
    """
    body = _THOUGHTS.sub("", text)
    fenced = _FENCE.search(body)
    candidates = [fenced[1], body] if fenced else [body]
    for candidate in candidates:
        value = _object_in(candidate)
        if value is not None:
            return _of_lists(_listed(value, _NAME_LISTS), _listed(value, _FACT_LISTS), n_broken=0)
    for candidate in candidates:
        cut = _of_cut(candidate)
        if cut is not None:
            return cut
    return _of_tuples(body)


def format_tuples(reply: Reply) -> str:
    """The wire format: ("entity", name, type) and ("relation", head, relation, tail), each quoted as JSON, separated by semicolons."""
    names = (("entity", one.name, one.type) for one in reply.names)
    facts = (("relation", one.head, one.relation, one.tail) for one in reply.facts)
    return ";\n".join("(" + ", ".join(json.dumps(field, ensure_ascii=False) for field in fields) + ")" for fields in (*names, *facts))


def _object_in(text: str) -> dict[str, Any] | None:
    """The first JSON object of a text, with trailing commas taken out where it does not parse with them; None when it holds none whole."""
    start = text.find("{")
    if start < 0:
        return None
    for candidate in (text[start:], _without_trailing_commas(text[start:])):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and any(name in value for name in (*_NAME_LISTS, *_FACT_LISTS)):
            return value
    return None


def _without_trailing_commas(text: str) -> str:
    """Commas before a closing bracket go, but not those inside strings."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(part if index % 2 else _TRAILING_COMMA.sub("", part) for index, part in enumerate(parts))


def _listed(value: dict[str, Any], names: Sequence[str]) -> list[Any]:
    return next((list(value[name]) for name in names if isinstance(value.get(name), list)), list[Any]())


def _of_cut(text: str) -> Reply | None:
    """Whole objects of lists that the text names, though it is not whole itself; None when it names none."""
    starts = {names: _list_start(text, names) for names in (_NAME_LISTS, _FACT_LISTS)}
    if all(start is None for start in starts.values()):
        return None
    names, facts = (list(_whole_objects(text, start)) if start is not None else [] for start in starts.values())
    return _of_lists(names, facts, n_broken=1)


def _list_start(text: str, names: Sequence[str]) -> int | None:
    matches = (re.search(_LIST.format(name=name), text) for name in names)
    return next((match.end() for match in matches if match), None)


def _whole_objects(text: str, start: int) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    while (opening := re.compile(r"[\s,]*(?=\{)").match(text, start)) is not None:
        try:
            value, start = decoder.raw_decode(text, opening.end())
        except (ValueError, RecursionError):
            return
        yield value


def _of_lists(names: Sequence[Any], facts: Sequence[Any], *, n_broken: int) -> Reply:
    stated_names = [_stated(one, ("name", "type")) for one in names]
    stated_facts = [_stated(one, ("head", "relation", "tail")) for one in facts]
    return Reply(
        names=tuple(StatedName(*fields) for fields in stated_names if fields),
        facts=tuple(StatedFact(*fields) for fields in stated_facts if fields),
        n_broken=n_broken + stated_names.count(None) + stated_facts.count(None),
    )


_OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "name": ("text", "entity"),
    "type": ("label", "kind"),
    "head": ("source", "subject"),
    "relation": ("type", "predicate", "label"),
    "tail": ("target", "object"),
}


def _stated(value: Any, fields: Sequence[str]) -> tuple[str, ...] | None:
    if isinstance(value, list) and len(value) == len(fields) and all(isinstance(part, str) and part.strip() for part in value):
        return tuple(value)
    if not isinstance(value, dict):
        return None
    found = []
    for field in fields:
        words = [value[word] for word in (field, *_OTHER_WORDS[field]) if isinstance(value.get(word), str) and value[word].strip()]
        if not words:
            return None
        found.append(words[0])
    return tuple(found)


def _of_tuples(text: str) -> Reply:
    names: list[StatedName] = []
    facts: list[StatedFact] = []
    n_broken = 0
    for match in _TUPLE.finditer(text):
        fields = [_unquoted(field) for field in _FIELD.findall(match["fields"])]
        if match["kind"].lower() == "entity" and len(fields) >= 2:  # a third field is a description, which is not kept
            names.append(StatedName(*fields[:2]))
        elif match["kind"].lower() == "relation" and len(fields) >= 3:
            facts.append(StatedFact(*fields[:3]))
        else:
            n_broken += 1
    is_reply = bool(names or facts or n_broken)
    return Reply(names=tuple(names), facts=tuple(facts), n_broken=n_broken if is_reply else 1)


def _unquoted(field: str) -> str:
    try:
        return str(json.loads(f'"{field}"', strict=False))
    except ValueError:
        return field
