"""Finds the mentions of an example in its text, and checks its relations against the template."""

from __future__ import annotations

from collections.abc import Iterator

from tadarag.nearest import nearest
from tadarag.templates.draft import DraftExample, Problem, Word
from tadarag.templates.template import Example, ExampleMention, Template
from tadarag.values import Span


def resolve_example(draft: DraftExample, template: Template) -> tuple[Example, tuple[Problem, ...]]:
    """The example with the spans of its mentions, and what is wrong with it.

    Every occurrence of an entity's text that is not part of a longer entity or of a longer Latin word is a mention.
    """
    problems: list[Problem] = []
    types = {word.text: kind.text for word, kind in draft.entities}
    for word, kind in draft.entities:
        if template.entity_type(kind.text) is None:
            known = [one.name for one in template.entity_types]
            problems.append(Problem(kind.place, f"{kind.text!r} is no entity type of this template", nearest(kind.text, known)))
        elif types[word.text] != kind.text:
            problems.append(Problem(word.place, f"{word.text!r} is both {kind.text} and {types[word.text]}", "keep one of them"))
    mentions = _mentions(draft.text, types)
    first = {mention.span.of(draft.text): index for index, mention in reversed(list(enumerate(mentions)))}
    for word, _ in draft.entities:
        if word.text and word.text not in first:
            happened = "only inside a longer name or word" if word.text in draft.text else "nowhere"
            problems.append(Problem(word.place, f"{word.text!r} stands {happened} in the example's text", "copy it from the text exactly"))
    problems.extend(_wrong_relations(draft, types, template))
    relations = tuple(
        (first[head.text], relation.text, first[tail.text])
        for head, relation, tail in draft.relations
        if head.text in first and tail.text in first
    )
    return Example(language=draft.language, text=draft.text, mentions=mentions, relations=relations), tuple(problems)


def _mentions(text: str, types: dict[str, str]) -> tuple[ExampleMention, ...]:
    taken: list[ExampleMention] = []
    for wanted in sorted(types, key=lambda one: (-len(one), one)):
        for span in _occurrences(text, wanted):
            if all(span.end <= other.span.start or other.span.end <= span.start for other in taken):
                taken.append(ExampleMention(span, types[wanted]))
    return tuple(sorted(taken))


def _occurrences(text: str, wanted: str) -> Iterator[Span]:
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        if not (_joined(text[start - 1 : start], wanted[0]) or _joined(wanted[-1], text[end : end + 1])):
            yield Span(start, end)
        start = text.find(wanted, start + 1)


def _joined(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one Latin word or number; an empty one is the text's edge."""
    return left.isascii() and left.isalnum() and right.isascii() and right.isalnum()


def _wrong_relations(draft: DraftExample, types: dict[str, str], template: Template) -> Iterator[Problem]:
    for head, name, tail in draft.relations:
        unknown = [end for end in (head, tail) if end.text not in types]
        for end in unknown:
            yield Problem(end.place, f"{end.text!r} is no entity of this example", nearest(end.text, types))
        relation = template.relation(name.text)
        if relation is None:
            known = [one.name for one in template.relations]
            yield Problem(name.place, f"{name.text!r} is no relation of this template", nearest(name.text, known))
        elif not unknown and not relation.allows(types[head.text], types[tail.text]):
            yield Problem(
                name.place, _clash(name, types[head.text], types[tail.text]), _allowed(template, types[head.text], types[tail.text])
            )


def _clash(relation: Word, head: str, tail: str) -> str:
    return f"{relation.text!r} does not lead from {head} to {tail}"


def _allowed(template: Template, head: str, tail: str) -> str:
    return f"between these types the template has: {', '.join(one.name for one in template.allowed_relations(head, tail)) or 'none'}"
