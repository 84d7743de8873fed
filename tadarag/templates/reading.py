"""Reads one template file into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tadarag.chinese import simplify
from tadarag.templates.draft import Draft, DraftExample, DraftFacet, DraftRelation, DraftTask, DraftType, Place, Problem, Word
from tadarag.templates.nodes import NodeReader
from tadarag.templates.template import LANGUAGES, Words

_CUE_WORD = re.compile(r"[a-z]+")
_NAME = re.compile(r"[^\W\d]\w*")
_REQUIRED = ("name", "version", "description")
_OPTIONAL = ("base", "extends", "core_types", "cues", "entity_types", "relations", "question_facets", "tasks", "examples")
_Value = TypeVar("_Value")


def read_draft(file: Path) -> tuple[Draft, tuple[Problem, ...]]:
    """What a file states, and every problem of its form: YAML, keys, kinds of values, names that stand twice. Raises OSError."""
    nodes = NodeReader(file)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(Place(str(file), 1), f"this file is not UTF-8: {error.reason}", "save it as UTF-8")
        return Draft(name=Word(file.stem, problem.place), version=0, description=""), (problem,)
    root = nodes.root(text)
    if nodes.problems:
        return Draft(name=Word(file.stem, nodes.place(None)), version=0, description=""), tuple(nodes.problems)
    fields = nodes.mapping(root, required=_REQUIRED, optional=_OPTIONAL)
    name = _stated(fields, "name", nodes.word) or Word("", nodes.place(root))
    if name.text and name.text != file.stem:
        nodes.wrong(
            fields["name"],
            f"the template {name.text!r} stands in {file.name}",
            f"name the file {name.text}.yaml, or the template {file.stem}",
        )
    draft = Draft(
        name=name,
        version=_stated(fields, "version", nodes.integer) or 0,
        description=_stated(fields, "description", nodes.text) or "",
        is_base=_stated(fields, "base", nodes.boolean) or False,
        extends=_stated(fields, "extends", nodes.words) or (),
        core_types=_stated(fields, "core_types", nodes.texts) or (),
        cues=_stated(fields, "cues", lambda node: _cues(nodes, node)) or (),
        types=_each(nodes, fields, "entity_types", _type),
        relations=_each(nodes, fields, "relations", _relation),
        facets=_each(nodes, fields, "question_facets", _facet),
        tasks=_each(nodes, fields, "tasks", _task),
        examples=_each(nodes, fields, "examples", _example),
    )
    for names in (
        [one.name for one in draft.types],
        [one.name for one in draft.relations],
        [one.name for one in draft.facets],
        [one.name for one in draft.tasks],
    ):
        _check_names(nodes, names)
    return draft, tuple(sorted(nodes.problems))


def _stated(fields: dict[str, Any], key: str, read: Callable[[Any], _Value]) -> _Value | None:
    return read(fields[key]) if key in fields else None


def _each(nodes: NodeReader, fields: dict[str, Any], key: str, read: Callable[[NodeReader, Any], _Value]) -> tuple[_Value, ...]:
    return tuple(read(nodes, node) for node in nodes.elements(fields[key])) if key in fields else ()


def _check_names(nodes: NodeReader, names: Iterable[Word]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.text and not _NAME.fullmatch(name.text):
            nodes.problems.append(Problem(name.place, f"{name.text!r} is no name", "use letters, digits and _, a letter first"))
        elif name.text and name.text in seen:
            nodes.problems.append(Problem(name.place, f"{name.text!r} is defined twice", "keep one of them"))
        seen.add(name.text)


def _by_language(nodes: NodeReader, node: Any) -> Words:
    fields = nodes.mapping(node, required=(), optional=LANGUAGES)
    return tuple((language, nodes.texts(fields[language])) for language in sorted(fields))


def _cues(nodes: NodeReader, node: Any) -> Words:
    cues = _by_language(nodes, node)
    for language, words in cues:
        for word in words:
            if do := _never_found(language, word):
                nodes.wrong(node, f"the cue {word!r} would never be found", do)
    return cues


def _never_found(language: str, cue: str) -> str:
    """What to do about a cue that texts are not searched for, "" when there is nothing wrong with it."""
    if language == "zh":
        return "" if cue == simplify(cue) else f"texts are read as simplified Chinese: write {simplify(cue)}"
    if cue != cue.lower():
        return "write cues in lower case"
    words = cue.split(" ")
    if len(words) > 2:
        return "use one word or a pair of words"
    return "" if all(_CUE_WORD.fullmatch(word) for word in words) else "use the letters a to z, and one space between two words"


def _type(nodes: NodeReader, node: Any) -> DraftType:
    if isinstance(node, yaml.ScalarNode):
        return DraftType(name=nodes.word(node))
    fields = nodes.mapping(node, required=("name",), optional=("core", "definition", "names", "facets"))
    return DraftType(
        name=_stated(fields, "name", nodes.word) or Word("", nodes.place(node)),
        core=_stated(fields, "core", nodes.word),
        definition=_stated(fields, "definition", nodes.text),
        names=_stated(fields, "names", lambda value: _by_language(nodes, value)),
        facets=_stated(fields, "facets", nodes.texts),
    )


def _relation(nodes: NodeReader, node: Any) -> DraftRelation:
    fields = nodes.mapping(node, required=("name",), optional=("heads", "tails", "definition", "names", "symmetric", "same_type"))
    return DraftRelation(
        name=_stated(fields, "name", nodes.word) or Word("", nodes.place(node)),
        heads=_stated(fields, "heads", nodes.words),
        tails=_stated(fields, "tails", nodes.words),
        definition=_stated(fields, "definition", nodes.text),
        names=_stated(fields, "names", lambda value: _by_language(nodes, value)),
        symmetric=_stated(fields, "symmetric", nodes.boolean),
        same_type=_stated(fields, "same_type", nodes.boolean),
    )


def _facet(nodes: NodeReader, node: Any) -> DraftFacet:
    fields = nodes.mapping(node, required=("name", "about", "cues"), optional=("relations",))
    return DraftFacet(
        name=_stated(fields, "name", nodes.word) or Word("", nodes.place(node)),
        about=_stated(fields, "about", nodes.words) or (),
        relations=_stated(fields, "relations", nodes.words) or (),
        cues=_stated(fields, "cues", lambda value: _by_language(nodes, value)) or (),
    )


def _task(nodes: NodeReader, node: Any) -> DraftTask:
    fields = nodes.mapping(node, required=("name",), optional=("cue", "must_hold", "nodes", "edges", "tokens"))
    return DraftTask(
        name=_stated(fields, "name", nodes.word) or Word("", nodes.place(node)),
        cue=_stated(fields, "cue", nodes.text),
        must_hold=_stated(fields, "must_hold", nodes.text),
        nodes=_stated(fields, "nodes", nodes.integer),
        edges=_stated(fields, "edges", nodes.integer),
        tokens=_stated(fields, "tokens", nodes.integer),
    )


def _example(nodes: NodeReader, node: Any) -> DraftExample:
    fields = nodes.mapping(node, required=("language", "text", "entities"), optional=("relations",))
    language = _stated(fields, "language", nodes.text) or ""
    if language and language not in LANGUAGES:
        nodes.wrong(fields["language"], f"{language!r} is no language of examples", f"use one of: {', '.join(LANGUAGES)}")
    pairs = nodes.pairs(fields["entities"], "write type: [text, text]") if "entities" in fields else ()
    return DraftExample(
        place=nodes.place(node),
        language=language,
        text=_stated(fields, "text", nodes.text) or "",
        entities=tuple((word, kind) for kind, value in pairs for word in nodes.words(value)),
        relations=tuple(triple for value in _triples(nodes, fields) if (triple := _triple(nodes, value))),
    )


def _triples(nodes: NodeReader, fields: dict[str, Any]) -> list[Any]:
    return nodes.elements(fields["relations"]) if "relations" in fields else []


def _triple(nodes: NodeReader, node: Any) -> tuple[Word, Word, Word] | None:
    words = nodes.words(node)
    if len(words) == 3:
        return words[0], words[1], words[2]
    nodes.wrong(node, "a relation of an example has three parts", "write [head, relation, tail]")
    return None
