"""What a template asks a trained extractor for: the words of its types and relations, and what each of them means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tadarag.extraction.set_template import type_words
from tadarag.templates.library import core_type_names
from tadarag.templates.template import RelationType, Template

SAME_AS = "same_as"
"""Two names of one thing: only what a text states in so many words counts, so no probability is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedNames:
    """The names that one template asks for, each with a column of the model's probabilities.

    labels: the template's types, the first columns. kinds: of every column the core type; behind the template's types come the core types
    of whose names it has none. relations: the template's, one column each, without "same as". allowed: by the labels of head and tail the columns
    of the relations that may join them in that order.
    """

    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    relations: tuple[RelationType, ...]
    allowed: Mapping[tuple[str, str], tuple[int, ...]]

    @property
    def words_of_types(self) -> tuple[str, ...]:
        """The words of each type's column."""
        return tuple(type_words(name) for name in (*self.labels, *self.kinds[len(self.labels) :]))

    @property
    def words_of_relations(self) -> tuple[str, ...]:
        """The words of each relation's column."""
        return tuple(type_words(relation.name) for relation in self.relations)


def asked_names(template: Template) -> AskedNames:
    """The columns of a template, in its own order."""
    labels = tuple(one.name for one in template.entity_types)
    words = {type_words(label) for label in labels}
    missing = tuple(core for core in core_type_names() if type_words(core) not in words)
    relations = tuple(relation for relation in template.relations if relation.name != SAME_AS)
    allowed: dict[tuple[str, str], tuple[int, ...]] = {}
    for column, relation in enumerate(relations):
        for head in relation.heads:
            for tail in relation.tails:
                if relation.allows(head, tail):
                    allowed[head, tail] = (*allowed.get((head, tail), ()), column)
    kinds = (*(one.core for one in template.entity_types), *missing)
    return AskedNames(labels=labels, kinds=kinds, relations=relations, allowed=allowed)
