"""Composes drafts into a template: what is extended comes first, what extends it may add and override."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from tadarag.nearest import nearest
from tadarag.templates.draft import Draft, DraftExample, DraftFacet, DraftRelation, DraftTask, DraftType, Problem, Word
from tadarag.templates.examples import resolve_example
from tadarag.templates.template import EntityType, Example, QuestionFacet, RelationType, TaskType, Template

ANY = "*"
_Found = TypeVar("_Found")
_Partial = TypeVar("_Partial", DraftType, DraftRelation, DraftTask)


@dataclass(slots=True)
class _Gathered:
    """What the drafts state together. offered: all types by name; listed: those that the template has, in order."""

    offered: dict[str, DraftType] = field(default_factory=dict)
    listed: dict[str, Word] = field(default_factory=dict)
    relations: dict[str, DraftRelation] = field(default_factory=dict)
    stated_by: dict[str, str] = field(default_factory=dict)  # relation -> the last draft that states it
    strict: list[Word] = field(default_factory=list)  # types that must be listed
    strict_relations: list[Word] = field(default_factory=list)
    facets: dict[str, DraftFacet] = field(default_factory=dict)
    tasks: dict[str, DraftTask] = field(default_factory=dict)


def compose(drafts: Sequence[Draft], core_types: Iterable[str]) -> tuple[Template, tuple[Problem, ...]]:
    """The template that the last draft describes, and what is wrong with it; a pure function.

    drafts: what the last one extends, directly or not, parents before children. core_types: the types under which entities are linked.

    A base offers: of its types the template has those that are named; of its relations those that keep a head and a tail when cut down to
    these types. Of another template everything comes along, except its cues. A later draft overrides a type, relation or task field by field;
    where two drafts of which neither extends the other state one relation, the result accepts what either accepts. The template's own
    examples come first, then those of its parents that it has not made wrong.
    """
    last = drafts[-1]
    gathered = _gather(drafts)
    problems: list[Problem] = []
    types = tuple(_entity_type(gathered.offered[name], word, frozenset(core_types), problems) for name, word in gathered.listed.items())
    names = tuple(gathered.listed)
    _check_known(gathered.strict, names, "entity type", problems)
    relations = _present(_relation(one, names, problems) for one in gathered.relations.values())
    relation_names = [one.name for one in relations]
    stated = [one.name.text for one in last.relations]  # one of these that was dropped is a problem already
    _check_known(gathered.strict_relations, [*relation_names, *stated], "relation", problems)
    template = Template(
        name=last.name.text,
        version=last.version,
        description=last.description,
        cues=last.cues,
        entity_types=types,
        relations=relations,
        question_facets=_present(_facet(one, names, relation_names) for one in gathered.facets.values()),
        tasks=_present(_task(one, problems) for one in gathered.tasks.values()),
    )
    own = [_resolved(example, template, problems) for example in last.examples]
    inherited = [_resolved(example, template, []) for draft in reversed(drafts[:-1]) for example in draft.examples]
    return replace(template, examples=_present((*own, *inherited))), tuple(sorted(set(problems)))


def _present(candidates: Iterable[_Found | None]) -> tuple[_Found, ...]:
    return tuple(candidate for candidate in candidates if candidate is not None)


def _gather(drafts: Sequence[Draft]) -> _Gathered:
    gathered = _Gathered()
    ancestors: dict[str, set[str]] = {}
    for draft in drafts:
        above = {name for parent in draft.extends for name in (parent.text, *ancestors.get(parent.text, ()))}
        ancestors[draft.name.text] = above
        is_strict = not draft.is_base or draft is drafts[-1]
        for one in draft.types:
            name = one.name.text
            gathered.offered[name] = _override(gathered.offered[name], one) if name in gathered.offered else one
            if is_strict:
                gathered.listed.setdefault(name, one.name)
        for relation in draft.relations:
            _gather_relation(gathered, relation, draft, above, is_strict=is_strict)
        for facet in draft.facets:
            gathered.facets[facet.name.text] = facet
            if is_strict:
                gathered.strict += facet.about
                gathered.strict_relations += facet.relations
        for task in draft.tasks:
            name = task.name.text
            gathered.tasks[name] = _override(gathered.tasks[name], task) if name in gathered.tasks else task
    return gathered


def _gather_relation(gathered: _Gathered, relation: DraftRelation, draft: Draft, above: set[str], *, is_strict: bool) -> None:
    name = relation.name.text
    before = gathered.relations.get(name)
    merged = relation if before is None else _override(before, relation)
    if before is not None and gathered.stated_by[name] not in above:
        merged = replace(merged, heads=_union(before.heads, relation.heads), tails=_union(before.tails, relation.tails))
    gathered.relations[name] = merged
    gathered.stated_by[name] = draft.name.text
    if is_strict:
        gathered.strict += (*(relation.heads or ()), *(relation.tails or ()))


def _override(before: _Partial, after: _Partial) -> _Partial:
    stated = {one.name: getattr(after, one.name) for one in fields(after) if getattr(after, one.name) is not None}
    return replace(before, **stated)


def _union(before: tuple[Word, ...] | None, after: tuple[Word, ...] | None) -> tuple[Word, ...]:
    return tuple({word.text: word for word in (*(after or ()), *(before or ()))}.values())


def _check_known(words: Iterable[Word], known: Sequence[str], what: str, problems: list[Problem]) -> None:
    for word in words:
        if word.text not in known and word.text != ANY:
            problems.append(Problem(word.place, f"{word.text!r} is no {what} of this template", nearest(word.text, known)))


def _entity_type(draft: DraftType, listed: Word, core_types: frozenset[str], problems: list[Problem]) -> EntityType:
    if draft.core is None or draft.definition is None:
        missing = "definition" if draft.definition is None else "core"
        do = "write a definition and a core type, or extend a template that has this type"
        problems.append(Problem(listed.place, f"the type {listed.text!r} has no {missing}", do))
    elif draft.core.text not in core_types:
        problems.append(Problem(draft.core.place, f"{draft.core.text!r} is no core type", f"use one of: {', '.join(sorted(core_types))}"))
    return EntityType(
        name=listed.text,
        core=draft.core.text if draft.core else "",
        definition=draft.definition or "",
        names=draft.names or (),
        facets=draft.facets or (),
    )


def _relation(draft: DraftRelation, types: tuple[str, ...], problems: list[Problem]) -> RelationType | None:
    missing = [name for name in ("heads", "tails", "definition") if getattr(draft, name) in (None, ())]
    if missing:
        problems.append(Problem(draft.name.place, f"the relation {draft.name.text!r} has no {missing[0]}", "write it"))
        return None
    heads, tails = _kept(draft.heads or (), types), _kept(draft.tails or (), types)
    if not heads or not tails:
        return None
    if draft.symmetric and set(heads) != set(tails):
        do = "give both sides the same types, or remove: symmetric"
        problems.append(Problem(draft.name.place, f"{draft.name.text!r} is symmetric, but its heads and tails differ", do))
    if draft.same_type and not set(heads) & set(tails):
        do = "give both sides a type in common, or remove: same_type"
        problems.append(Problem(draft.name.place, f"{draft.name.text!r} joins equal types, but its heads and tails share none", do))
    return RelationType(
        name=draft.name.text,
        heads=heads,
        tails=tails,
        definition=draft.definition or "",
        names=draft.names or (),
        symmetric=draft.symmetric or False,
        same_type=draft.same_type or False,
    )


def _kept(stated: tuple[Word, ...], types: tuple[str, ...]) -> tuple[str, ...]:
    names = [word.text for word in stated]
    return types if ANY in names else tuple(name for name in dict.fromkeys(names) if name in types)


def _facet(draft: DraftFacet, types: tuple[str, ...], relations: Sequence[str]) -> QuestionFacet | None:
    about = _kept(draft.about, types)
    told_by = tuple(word.text for word in draft.relations if word.text in relations)
    if not about or (draft.relations and not told_by):
        return None
    return QuestionFacet(name=draft.name.text, about=about, relations=told_by, cues=draft.cues)


def _task(draft: DraftTask, problems: list[Problem]) -> TaskType | None:
    if draft.cue is None or draft.must_hold is None or draft.nodes is None or draft.edges is None or draft.tokens is None:
        do = "write cue, must_hold, nodes, edges and tokens"
        problems.append(Problem(draft.name.place, f"the task {draft.name.text!r} is not whole", do))
        return None
    return TaskType(
        name=draft.name.text, cue=draft.cue, must_hold=draft.must_hold, nodes=draft.nodes, edges=draft.edges, tokens=draft.tokens
    )


def _resolved(example: DraftExample, template: Template, problems: list[Problem]) -> Example | None:
    found, wrong = resolve_example(example, template)
    problems.extend(wrong)
    return None if wrong else found
