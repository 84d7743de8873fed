"""The value of a template: entity types, relations, question facets, task types, cues and examples of one domain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TypeVar

from tadarag.values import Span

GENERAL = "general_knowledge"
"""The domain of a text that no other claims."""
LANGUAGES = ("en", "zh")

Words = tuple[tuple[str, tuple[str, ...]], ...]
"""(language, words) pairs, sorted by language."""
_Named = TypeVar("_Named", "EntityType", "RelationType")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """A kind of thing that a domain's texts mention, and what they tell about it.

    core: the type under which mentions of it are linked across domains. names: what people call the type, the first of a language is the one
    that is shown to a model.
    """

    name: str
    core: str
    definition: str
    names: Words = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationType:
    """A relation from one of `heads` to one of `tails`, all of them types of the template.

    symmetric: head and tail may be exchanged. same_type: both must be of one type.
    """

    name: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    definition: str
    names: Words = ()
    symmetric: bool = False
    same_type: bool = False

    def allows(self, head: str, tail: str) -> bool:
        """Whether the relation may lead from an entity of type `head` to one of type `tail`."""
        return head in self.heads and tail in self.tails and (head == tail or not self.same_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacet:
    """Something that questions of the domain ask for: of things of the types `about`, told by the relations `relations`, asked with `cues`."""

    name: str
    about: tuple[str, ...]
    relations: tuple[str, ...]
    cues: Words = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """What a kind of question asks of its graph: a cue in words, what the graph must hold, and its budget in nodes, edges and tokens."""

    name: str
    cue: str
    must_hold: str
    nodes: int
    edges: int
    tokens: int


@dataclass(frozen=True, slots=True, order=True)
class ExampleMention:
    """A stretch of an example's text that names an entity of type `type`."""

    span: Span
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text with what should be found in it.

    mentions: sorted by span, without overlaps. relations: (head, relation, tail), the ends being indexes of the first mentions of two names.
    """

    language: str
    text: str
    mentions: tuple[ExampleMention, ...]
    relations: tuple[tuple[int, str, int], ...]


class _Remembered:
    """A place for a value's own hash, which is asked for at every document and takes 10 ms to make; no field, so no part of the value."""

    __slots__ = ("_hash",)
    _hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(_Remembered):
    """One domain, composed of everything that it extends.

    cues: words or word pairs in lower case that tell the domain of a text. Every type that a relation, facet or example names is among
    `entity_types`.
    """

    name: str
    version: int
    description: str
    cues: Words
    entity_types: tuple[EntityType, ...]
    relations: tuple[RelationType, ...]
    question_facets: tuple[QuestionFacet, ...] = ()
    tasks: tuple[TaskType, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of the whole content: equal templates have equal fingerprints, however they were composed."""
        try:
            return self._hash
        except AttributeError:
            content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            object.__setattr__(self, "_hash", sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16])
            return self._hash

    def entity_type(self, name: str) -> EntityType | None:
        """The type of that name."""
        return next((one for one in self.entity_types if one.name == name), None)

    def relation(self, name: str) -> RelationType | None:
        """The relation of that name."""
        return next((one for one in self.relations if one.name == name), None)

    def task(self, name: str) -> TaskType | None:
        """The task type of that name."""
        return next((one for one in self.tasks if one.name == name), None)

    def allowed_relations(self, head: str, tail: str) -> tuple[RelationType, ...]:
        """The relations that may lead from an entity of type `head` to one of type `tail`, in the template's order."""
        return tuple(relation for relation in self.relations if relation.allows(head, tail))

    def type_labelled(self, label: str) -> EntityType | None:
        """The type that a label from elsewhere means, by its name or one of its names in any language ("date and time" is time)."""
        return self.entity_type(_folded(label)) or _labelled(self.entity_types, label)

    def relation_labelled(self, label: str) -> RelationType | None:
        """The relation that a label from elsewhere means, by its name or one of its names in any language."""
        return self.relation(_folded(label)) or _labelled(self.relations, label)


def words_of(words: Words, language: str) -> tuple[str, ...]:
    """The words of a language, none when it has none."""
    return next((found for code, found in words if code == language), ())


def shown_name(one: EntityType | RelationType, language: str) -> str:
    """What a model is told that a type or relation is called: its first name in the language, else in English, else its own name as words."""
    return next((names[0] for code in (language, "en") if (names := words_of(one.names, code))), one.name.replace("_", " "))


def core_types(templates: Iterable[Template]) -> Mapping[str, str]:
    """For every type of the templates the core type under which it is linked. Loading sees to it that templates do not contradict each other."""
    return {one.name: one.core for template in templates for one in template.entity_types}


def _labelled(candidates: tuple[_Named, ...], label: str) -> _Named | None:
    wanted = _folded(label)
    return next((one for one in candidates if any(_folded(name) == wanted for _, names in one.names for name in names)), None)


def _folded(label: str) -> str:
    return "_".join(label.lower().replace("_", " ").replace("-", " ").split())
