"""Labelled pages: what a person has marked in their own documents, read and checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tadarag.documents.parsing import parse
from tadarag.errors import TadaragError, UsageError
from tadarag.evaluation.beir import json_lines
from tadarag.nearest import nearest
from tadarag.templates.template import Template

_LAYOUT = (
    'a line is {"page": "FILE", "entities": [{"text": "...", "type": "..."}], "relations": [{"head": 0, "tail": 1, "type": "..."}]}; '
    'an entity may state "start" and "end", and a line "text" in the place of "page"'
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page's text with what is marked in it: (start, end, type) of each entity, and (head, tail, relation) by their numbers."""

    id: str
    text: str
    entities: tuple[tuple[int, int, str], ...]
    relations: tuple[tuple[int, int, str], ...]


def read_labels(file: Path, pages: Path | None, template: Template) -> tuple[Labelled, ...]:
    """Read a labels file (JSON lines, gzipped or not) over a folder of pages.

    A page is read as `tadarag ingest` reads it, and offsets count in that text. An entity with words and no offsets is marked wherever its
    words stand as they are. Raises UsageError that names the line for a page that cannot be read, a type or relation that the template has not,
    words that the page does not hold, a page that is labelled twice, and a file without labels.
    """
    types = {one.name for one in template.entity_types}
    relations = {one.name for one in template.relations}
    found: dict[str, Labelled] = {}
    for number, row in json_lines(file):
        place = f"{file}, line {number}"
        try:
            one = _labelled(row, pages, place, types, relations)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise UsageError(f"{place}: {type(error).__name__} {error}", _LAYOUT) from error
        if one.id in found:
            raise UsageError(f"{place}: {one.id} is labelled twice", "put all labels of a page in one line")
        found[one.id] = one
    if not found:
        raise UsageError(f"{file} holds no labels", _LAYOUT)
    return tuple(found.values())


def _labelled(row: Mapping[str, Any], pages: Path | None, place: str, types: set[str], relations: set[str]) -> Labelled:
    name, text = _page(row, pages, place)
    marks: list[tuple[int, int, str]] = []
    firsts: list[int] = []
    known: dict[str, int] = {}
    for number, entity in enumerate(row.get("entities", ())):
        kind = str(entity["type"])
        if kind not in types:
            raise UsageError(f"{place}: the template has no type {kind!r}", nearest(kind, types))
        firsts.append(len(marks))
        known[str(entity.get("id", number))] = number
        marks.extend((start, end, kind) for start, end in _spans(entity, text, place))
    facts = []
    for one in row.get("relations", ()):
        relation = str(one["type"])
        if relation not in relations:
            raise UsageError(f"{place}: the template has no relation {relation!r}", nearest(relation, relations))
        head, tail = (firsts[known[str(one[side])]] for side in ("head", "tail"))
        facts.append((head, tail, relation))
    return Labelled(id=name, text=text, entities=tuple(marks), relations=tuple(facts))


def _page(row: Mapping[str, Any], pages: Path | None, place: str) -> tuple[str, str]:
    if "text" in row:
        return str(row.get("page", row.get("id", place))), str(row["text"])
    name = str(row["page"])
    if pages is None:
        raise UsageError(f"{place} names the page {name}", "give the folder of the pages: --pages DIR")
    file = pages / name
    if not file.resolve().is_relative_to(pages.resolve()) or not file.is_file():
        raise UsageError(f"{place}: there is no page {name} in {pages}", "name files below that folder")
    try:
        return name, parse(file.name, file.read_bytes())[0].document.text
    except TadaragError as error:
        raise UsageError(f"{place}: {error.happened}", error.do) from error


def _spans(entity: Mapping[str, Any], text: str, place: str) -> Iterator[tuple[int, int]]:
    words = entity.get("text")
    if "start" in entity:
        start, end = int(entity["start"]), int(entity["end"])
        if not 0 <= start < end <= len(text):
            raise UsageError(f"{place}: the entity {start} to {end} does not lie in the page, which has {len(text)} characters", _LAYOUT)
        if words is not None and text[start:end] != words:
            raise UsageError(
                f"{place}: at {start} to {end} the page says {text[start:end]!r}, the label {words!r}",
                "count offsets in the text as tadarag reads it (tadarag show FILE), or leave them out",
            )
        yield start, end
        return
    if not words:
        raise UsageError(f"{place}: an entity has neither words nor offsets", _LAYOUT)
    start = text.find(words)
    if start < 0:
        raise UsageError(f"{place}: the page does not hold {words!r}", "write the words as the page has them")
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + len(words))


def as_record(one: Labelled) -> dict[str, Any]:
    """The page in the layout of the extraction sets."""
    return {
        "id": one.id,
        "text": one.text,
        "entities": [
            {"id": str(number), "start": start, "end": end, "type": kind, "text": one.text[start:end]}
            for number, (start, end, kind) in enumerate(one.entities)
        ],
        "relations": [{"head": str(head), "tail": str(tail), "type": relation} for head, tail, relation in one.relations],
    }


def types_of(template: Template, labelled: Sequence[Labelled]) -> dict[str, Any]:
    """What types.json says: the template's types, and its relations with the types that they join, counted in the labels."""
    marks = [kind for one in labelled for _, _, kind in one.entities]
    facts = [relation for one in labelled for _, _, relation in one.relations]
    return {
        "set": template.name,
        "entity_types": {one.name: marks.count(one.name) for one in template.entity_types},
        "relation_types": {
            one.name: {"count": facts.count(one.name), "head_types": dict.fromkeys(one.heads, 0), "tail_types": dict.fromkeys(one.tails, 0)}
            for one in template.relations
        }
        if facts
        else {},
    }


def dumped(records: Sequence[Labelled]) -> bytes:
    """JSON lines."""
    return "".join(json.dumps(as_record(one), ensure_ascii=False) + "\n" for one in records).encode()
