"""Writes a suggestion as the draft of a template: YAML that loads, with counts and sentences of the corpus as comments."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tadarag.extraction.suggestion import SuggestedRelation, SuggestedType, Suggestion

_MAX_CUES = 15


def suggestion_yaml(suggestion: Suggestion, name: str) -> str:
    """The draft of a template `name`, which passes the checks of a template as it is."""
    return "\n".join(_lines(suggestion, name)) + "\n"


def _lines(suggestion: Suggestion, name: str) -> Iterator[str]:
    yield f"# A suggestion from {suggestion.n_documents} documents, counted by simple rules: nouns, definitions, and words between names."
    yield "# Strike out what is no type or relation of your domain, write definitions in your own words, then: tadarag templates check FILE"
    if suggestion.domains:
        yield f"# The documents were routed to: {', '.join(f'{domain} {count}' for domain, count in suggestion.domains)}."
        yield "# To build on one of these, write its name after core."
    yield f"name: {name}"
    yield "version: 1"
    yield 'description: "Say in one sentence what these documents are about."'
    yield "extends: [core]"
    yield ""
    yield "# Lower-case words that tell these texts from others. With cues, documents that are already in the base need: tadarag reindex"
    yield "cues:"
    for language in ("en", "zh"):
        words = [one.name for one in suggestion.types if not one.is_shared and one.language == language][:_MAX_CUES]
        yield f"  {language}: []  # perhaps: {', '.join(words) or 'nothing stood out'}"
    yield ""
    yield "entity_types:" if suggestion.types else "entity_types: []"
    for kind in suggestion.types:
        yield from _type_lines(kind)
    yield ""
    yield "relations:" if suggestion.relations else "relations: []  # no turn of phrase between names was frequent enough"
    for relation in suggestion.relations:
        yield from _relation_lines(relation)


def _type_lines(kind: SuggestedType) -> Iterator[str]:
    counts = f"names {kind.n_mentions}, definitions {kind.n_definitions}, noun phrases {kind.n_phrases}"
    yield f"  # {counts}; documents {kind.n_documents}"
    if kind.example:
        yield f"  # {_comment(kind.example)}"
    if kind.is_shared:
        yield f"  - {kind.name}"
        return
    yield f"  - name: {kind.name}"
    yield f"    core: {kind.core}  # a guess; under which core type it is linked"
    yield f"    definition: {_quoted(f'what the documents call {kind.name}')}"
    yield f"    names: {{{kind.language}: [{_quoted(kind.name)}]}}"


def _relation_lines(relation: SuggestedRelation) -> Iterator[str]:
    yield f"  # sentences {relation.count}; documents {relation.n_documents}"
    if relation.example:
        yield f"  # {_comment(relation.example)}"
    yield f"  - name: {relation.name}"
    yield f"    heads: [{', '.join(_side(relation.heads))}]"
    yield f"    tails: [{', '.join(_side(relation.tails))}]"
    yield f"    definition: {_quoted(f'the head {relation.phrase} the tail')}"
    yield f"    names: {{{relation.language}: [{_quoted(relation.phrase)}]}}"


def _side(types: tuple[str, ...]) -> list[str]:
    return [_quoted(name) if name == "*" else name for name in types]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
