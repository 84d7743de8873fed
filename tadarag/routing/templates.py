"""Domain templates: what a domain's texts are about, read from YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tadarag.content import content_folder
from tadarag.errors import UsageError

GENERAL = "general_knowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """A kind of thing that a domain's texts mention, and what they tell about it."""

    name: str
    definition: str
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationType:
    """A relation between entity types; "*" in `heads` or `tails` is any type. same_type: head and tail must be of one type."""

    name: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    definition: str
    symmetric: bool = False
    same_type: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One domain. cues: (language, words or word pairs in lower case) that tell the domain of a text."""

    name: str
    version: int
    description: str
    cues: tuple[tuple[str, tuple[str, ...]], ...]
    entity_types: tuple[EntityType, ...]
    relations: tuple[RelationType, ...]


_Named = TypeVar("_Named", EntityType, RelationType)


def load_templates(folders: Sequence[Path]) -> tuple[Template, ...]:
    """All templates of the folders (*.yaml), sorted by name; of two with one name the earlier folder's wins.

    Raises UsageError that names file and line for YAML that cannot be read, a missing or unknown key, a value of the wrong kind, an entity
    type that a relation names and the template lacks, and a name that is defined twice.
    """
    templates: dict[str, Template] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            template = read_template(file)
            templates.setdefault(template.name, template)
    return tuple(templates[name] for name in sorted(templates))


@lru_cache(maxsize=1)
def shipped_templates() -> tuple[Template, ...]:
    """The templates that come with the product."""
    return load_templates([content_folder("templates")])


def read_template(file: Path) -> Template:
    """The template in a file; raises UsageError as `load_templates`."""
    try:
        root = yaml.compose(
            file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )  # libyaml where it is there: ten times as fast
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"{file}:{line}: this is not YAML: {error.problem}", "mend that line") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}:1: this file is not UTF-8: {error.reason}", "save it as UTF-8") from error
    fields = _mapping(file, root, required=("name", "version", "description", "entity_types", "relations"), optional=("cues",))
    entity_types = _once(file, fields["entity_types"], tuple(_entity_type(file, node) for node in _items(file, fields["entity_types"])))
    known = {one.name for one in entity_types}
    relations = tuple(_relation_type(file, node, known) for node in _items(file, fields["relations"]))
    cues = _mapping(file, fields["cues"], required=(), optional=("en", "zh")) if "cues" in fields else {}
    return Template(
        name=_scalar(file, fields["name"]),
        version=_integer(file, fields["version"]),
        description=_scalar(file, fields["description"]),
        cues=tuple((language, _scalars(file, node)) for language, node in sorted(cues.items())),
        entity_types=entity_types,
        relations=_once(file, fields["relations"], relations),
    )


def _entity_type(file: Path, node: Any) -> EntityType:
    fields = _mapping(file, node, required=("name", "definition"), optional=("facets",))
    facets = _scalars(file, fields["facets"]) if "facets" in fields else ()
    return EntityType(name=_scalar(file, fields["name"]), definition=_scalar(file, fields["definition"]), facets=facets)


def _relation_type(file: Path, node: Any, known: set[str]) -> RelationType:
    fields = _mapping(file, node, required=("name", "heads", "tails", "definition"), optional=("symmetric", "same_type"))
    for side in ("heads", "tails"):
        for item in _items(file, fields[side]):
            if _scalar(file, item) not in known | {"*"}:
                raise _wrong(
                    file, item, f"{_scalar(file, item)!r} is no entity type of this template", f"use one of: {', '.join(sorted(known))}"
                )
    return RelationType(
        name=_scalar(file, fields["name"]),
        heads=_scalars(file, fields["heads"]),
        tails=_scalars(file, fields["tails"]),
        definition=_scalar(file, fields["definition"]),
        symmetric="symmetric" in fields and _boolean(file, fields["symmetric"]),
        same_type="same_type" in fields and _boolean(file, fields["same_type"]),
    )


def _once(file: Path, node: Any, named: tuple[_Named, ...]) -> tuple[_Named, ...]:
    names = [one.name for one in named]
    for index, item in enumerate(node.value):
        if names[index] in names[:index]:
            raise _wrong(file, item, f"{names[index]!r} is defined twice", "keep one of them")
    return named


def _mapping(file: Path, node: Any, *, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(file, node, "here a mapping is expected", f"write the keys {', '.join(required + optional)}")
    fields: dict[str, Any] = {}
    for key, value in node.value:
        name = _scalar(file, key)
        if name not in required + optional:
            raise _wrong(file, key, f"there is no key {name!r} here", f"use one of: {', '.join(required + optional)}")
        if name in fields:
            raise _wrong(file, key, f"the key {name!r} stands here twice", "keep one of them")
        fields[name] = value
    missing = [name for name in required if name not in fields]
    if missing:
        raise _wrong(file, node, f"the key {missing[0]!r} is missing", "add it")
    return fields


def _items(file: Path, node: Any) -> list[Any]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(file, node, "here a list is expected", "write [one, two] or one line with a dash for each")
    return list(node.value)


def _scalar(file: Path, node: Any) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _wrong(file, node, "here a word or a text is expected", "write it in quotes if it holds : or #")
    return str(node.value)


def _scalars(file: Path, node: Any) -> tuple[str, ...]:
    return tuple(_scalar(file, item) for item in _items(file, node))


def _integer(file: Path, node: Any) -> int:
    value = _scalar(file, node)
    if not value.isdecimal():
        raise _wrong(file, node, f"{value!r} is not a whole number", "write a number such as 1")
    return int(value)


def _boolean(file: Path, node: Any) -> bool:
    value = _scalar(file, node)
    if value not in ("true", "false"):
        raise _wrong(file, node, f"{value!r} is neither true nor false", "write true or false")
    return value == "true"


def _wrong(file: Path, node: Any, happened: str, do: str) -> UsageError:
    line = node.start_mark.line + 1 if node is not None else 1  # an empty file has no node
    return UsageError(f"{file}:{line}: {happened}", do)
