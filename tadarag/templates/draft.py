"""What one template file states, before it is composed with what it extends; every word knows its place."""

from __future__ import annotations

from dataclasses import dataclass

from tadarag.templates.template import Words


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong at a place, and what to do about it."""

    place: Place
    happened: str
    do: str

    def __str__(self) -> str:
        return f"{self.place}: {self.happened}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a file and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftType:
    """An entity type as a file states it; None means: as the extended template has it."""

    name: Word
    core: Word | None = None
    definition: str | None = None
    names: Words | None = None
    facets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRelation:
    """A relation as a file states it; "*" in `heads` or `tails` is any type of the template. None: as the extended template has it."""

    name: Word
    heads: tuple[Word, ...] | None = None
    tails: tuple[Word, ...] | None = None
    definition: str | None = None
    names: Words | None = None
    symmetric: bool | None = None
    same_type: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFacet:
    """A question facet as a file states it; "*" in `about` is any type of the template."""

    name: Word
    about: tuple[Word, ...]
    relations: tuple[Word, ...]
    cues: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTask:
    """A task type as a file states it; None: as the extended template has it."""

    name: Word
    cue: str | None = None
    must_hold: str | None = None
    nodes: int | None = None
    edges: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftExample:
    """An example as a file states it: (text, type) pairs and (head text, relation, tail text) triples."""

    place: Place
    language: str
    text: str
    entities: tuple[tuple[Word, Word], ...]
    relations: tuple[tuple[Word, Word, Word], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One template file. is_base: it only offers types and relations to others and is no domain itself.

    core_types: the types under which entities are linked; only the product's own base states them.
    """

    name: Word
    version: int
    description: str
    is_base: bool = False
    extends: tuple[Word, ...] = ()
    core_types: tuple[str, ...] = ()
    cues: Words = ()
    types: tuple[DraftType, ...] = ()
    relations: tuple[DraftRelation, ...] = ()
    facets: tuple[DraftFacet, ...] = ()
    tasks: tuple[DraftTask, ...] = ()
    examples: tuple[DraftExample, ...] = ()
