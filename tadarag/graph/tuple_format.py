"""A graph as tuples in plain text, the form in which language models write and read it.

("Entity", name, type, description) and ("Relation", head, relation, tail, evidence), one a line, with <|COMPLETE|> at the end. Read are also
"entity" and 实体, "relation" and 关系, full-width commas, brackets, quotes and semicolons, and names without quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tadarag.templates.template import Template
from tadarag.values import FactSource, Hit, QuestionGraph

END = "<|COMPLETE|>"
_ENTITY_WORDS = frozenset({"entity", "实体"})
_RELATION_WORDS = frozenset({"relation", "relationship", "关系"})
_OPEN, _CLOSE = "(（", ")）"
_SEPARATORS = ",，;；、"
_QUOTES = {'"': '"', "“": "”", "”": "“", "„": "”", "「": "」", "『": "』", "＂": "＂"}
_ESCAPES = {"n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True)
class EntityTuple:
    """A thing: its name, its type (a name of the template's where the template knows the label), and what is said of it."""

    name: str
    type: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class RelationTuple:
    """A fact between two names, with the words of the text that state it."""

    head: str
    relation: str
    tail: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuples:
    """What was read. n_broken: tuples of another kind, with too few or too many parts, without an end, or with an empty name or relation.

    is_complete: the end mark was there.
    """

    entities: tuple[EntityTuple, ...] = ()
    relations: tuple[RelationTuple, ...] = ()
    n_broken: int = 0
    is_complete: bool = False


def graph_tuples(graph: QuestionGraph, hits: Sequence[Hit]) -> Tuples:
    """The things and facts of a question graph; what two things that are only named together have to do with each other is no fact.

    hits: those that the graph was made from; the evidence of a fact is its best sentence.
    """
    return Tuples(
        entities=tuple(EntityTuple(node.name, node.label or node.kind) for node in graph.nodes),
        relations=tuple(
            RelationTuple(graph.nodes[fact.head].name, fact.relation, graph.nodes[fact.tail].name, _sentence(fact.stated_in[0], hits))
            for fact in graph.facts
            if fact.kind != "together"
        ),
        is_complete=True,
    )


def _sentence(one: FactSource, hits: Sequence[Hit]) -> str:
    passage = hits[one.passage - 1].passage
    return passage.text[one.span.start - passage.span.start : one.span.end - passage.span.start]


def write_tuples(tuples: Tuples) -> str:
    """The text of a graph; `read_tuples` gives it back. Values are quoted, with a backslash before a quote or backslash in them, and \\n for a line end."""
    lines = [_line("Entity", one.name, one.type, one.description) for one in tuples.entities]
    lines += [_line("Relation", one.head, one.relation, one.tail, one.evidence) for one in tuples.relations]
    return "\n".join([*lines, END]) + "\n"


def read_tuples(text: str, template: Template | None = None) -> Tuples:
    """Read what a model wrote. Nothing raises: broken tuples are counted, and text between tuples or behind the end mark is passed over.

    template: labels that mean one of its types or relations become its names ("date and time" becomes time).
    """
    body, mark, _ = until_mark(text, END)
    entities: list[EntityTuple] = []
    relations: list[RelationTuple] = []
    n_broken = 0
    for parts in _tuples(body):
        made = _made(parts, template) if parts is not None else None
        if isinstance(made, EntityTuple):
            entities.append(made)
        elif isinstance(made, RelationTuple):
            relations.append(made)
        else:
            n_broken += 1
    return Tuples(entities=tuple(entities), relations=tuple(relations), n_broken=n_broken, is_complete=bool(mark))


def clean_type(label: str, template: Template) -> str:
    """The template's type that a label means, the label itself where it means none."""
    known = template.type_labelled(label)
    return known.name if known else label


def _made(parts: list[str], template: Template | None) -> EntityTuple | RelationTuple | None:
    """The tuple of its parts, None when it is broken; a description or evidence may be missing."""
    kind = parts[0].strip().lower() if parts else ""
    if kind in _ENTITY_WORDS and len(parts) in (3, 4) and parts[1].strip():
        label = clean_type(parts[2], template) if template else parts[2]
        return EntityTuple(parts[1], label, *parts[3:])
    if kind in _RELATION_WORDS and len(parts) in (4, 5) and all(part.strip() for part in parts[1:4]):
        known = template.relation_labelled(parts[2]) if template else None
        return RelationTuple(parts[1], known.name if known else parts[2], *parts[3:])
    return None


def until_mark(text: str, wanted: str) -> tuple[str, str, str]:
    """The text before the first such mark that stands in no quoted value, the mark or "", and what follows."""
    quote = ""
    index = 0
    while index < len(text):
        if quote:
            index += text[index] == "\\"
            quote = "" if text[index : index + 1] == quote else quote
        elif text.startswith(wanted, index):
            return text[:index], wanted, text[index + len(wanted) :]
        elif text[index] in _QUOTES and _begins_value(text, index):
            quote = _QUOTES[text[index]]
        index += 1
    return text.partition(wanted) if quote else (text, "", "")


def _begins_value(text: str, index: int) -> bool:
    before = text[:index].rstrip()
    return bool(before) and before[-1] in _OPEN + _SEPARATORS


def _tuples(text: str) -> Iterator[list[str] | None]:
    """The parts of each tuple, None for one that has no end; a tuple begins with a bracket before a word that names a kind."""
    position = 0
    while (match := _START.search(text, position)) is not None:
        parts, position = _parts(text, match.start() + 1)
        yield parts


_KINDS = "|".join(sorted(_ENTITY_WORDS | _RELATION_WORDS, key=len, reverse=True))
_START = re.compile(rf"[{_OPEN}](?=\s*[\"“”„「『＂]?\s*(?:{_KINDS})\s*[\"“”」』＂]?\s*[{_SEPARATORS}{_CLOSE}])", re.IGNORECASE)


def _parts(text: str, index: int) -> tuple[list[str] | None, int]:
    """The values from behind an opening bracket to its end, and where to read on; None where the text ends first."""
    parts: list[str] = []
    while index < len(text):
        index = _skip_space(text, index)
        if index < len(text) and text[index] in _QUOTES:
            value, index = _quoted(text, index + 1, _QUOTES[text[index]])
        else:
            value, index = _bare(text, index)
        if value is None:
            return None, index
        parts.append(value)
        index = _skip_space(text, index)
        if index < len(text) and text[index] in _CLOSE:
            return parts, index + 1
        if index < len(text) and text[index] in _SEPARATORS:
            index += 1
        else:
            return None, index
    return None, index


def _skip_space(text: str, index: int) -> int:
    while index < len(text) and text[index].isspace():
        index += 1
    return index


def _quoted(text: str, index: int, closing: str) -> tuple[str | None, int]:
    value: list[str] = []
    while index < len(text):
        character = text[index]
        if character == "\\" and index + 1 < len(text):
            value.append(_ESCAPES.get(text[index + 1], text[index + 1]))
            index += 2
        elif character == closing or (character == '"' and closing != '"' and text[index + 1 : index + 2] in tuple(_SEPARATORS + _CLOSE)):
            return "".join(value), index + 1
        else:
            value.append(character)
            index += 1
    return None, index


def _bare(text: str, index: int) -> tuple[str | None, int]:
    """A value without quotes: up to a separator, a closing bracket or the end of the line; brackets inside it must pair."""
    start, depth = index, 0
    while index < len(text) and text[index] != "\n":
        if text[index] in _OPEN:
            depth += 1
        elif text[index] in _CLOSE:
            if depth == 0:
                return text[start:index].strip(), index
            depth -= 1
        elif text[index] in _SEPARATORS and depth == 0:
            return text[start:index].strip(), index
        index += 1
    return None, index


def _line(kind: str, *values: str) -> str:
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") for value in values]
    return f'("{kind}", ' + ", ".join(f'"{value}"' for value in quoted) + ")"
