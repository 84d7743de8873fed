"""Questions that compare two subjects by a value of each, or by a value of what each names ("Which film has the older director?")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tadarag.training.multihop_questions.drafts import (
    Answer,
    Draft,
    called,
    capital,
    filled,
    fitting_frames,
    named_answer,
    noun_of,
    worded,
)
from tadarag.training.multihop_questions.facts import Fact
from tadarag.training.multihop_questions.frames import Relation
from tadarag.training.multihop_questions.graph import Graph

_YES, _NO = {"en": "yes", "zh": "是"}, {"en": "no", "zh": "不是"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """facts: from the subject that the question names to the value compared; one, or two with a bridge between."""

    facts: tuple[Fact, ...]

    @property
    def named(self) -> Fact:
        return self.facts[0]

    @property
    def last(self) -> Fact:
        return self.facts[-1]


def comparison_drafts(graph: Graph, random: Random) -> Iterator[Draft]:
    """Every subject that has a comparable value is compared with one other of the same noun, and once more for equality."""
    for sides in _groups(graph).values():
        order = list(sides)
        random.shuffle(order)
        for a, b in zip(order[::2], order[1::2], strict=False):
            draft = _ordered(graph, a, b, random)
            if draft is not None:
                yield draft
        yield from _equalities(graph, order, random)


def _groups(graph: Graph) -> Mapping[tuple[str, ...], Sequence[_Side]]:
    """Sides by what is compared and by the noun of the subject that is named."""
    groups: dict[tuple[str, ...], list[_Side]] = defaultdict(list)
    for key, facts in graph.facts.items():
        noun = noun_of(graph, graph.subjects.get(key))
        if key not in graph.subjects:
            continue
        for fact in facts.values():
            if fact.is_inverse:
                continue
            relation = graph.relation(fact)
            if any(relation.of(kind) for kind in ("first", "last", "same")):
                groups[relation.name, noun].append(_Side(facts=(fact,)))
            bridge = graph.bridged(fact) if relation.role else None
            if bridge is None or not noun:
                continue
            for following in graph.facts.get(bridge.key, {}).values():
                if any(graph.relation(following).of(kind) for kind in ("first_by", "last_by", "same_by")):
                    groups[relation.name, following.relation, noun].append(_Side(facts=(fact, following)))
    return groups


def _ordered(graph: Graph, a: _Side, b: _Side, random: Random) -> Draft | None:
    """The question which of the two comes first or last."""
    relation = graph.relation(a.last)
    earlier = _earlier(a, b)
    bridges = len(a.facts) > 1
    kinds = [kind for kind in (("first_by", "last_by") if bridges else ("first", "last")) if relation.of(kind)]
    if earlier is None or not kinds:
        return None
    kind = random.choice(kinds)
    answer = named_answer(graph, (earlier if kind.startswith("first") else b if earlier is a else a).named)
    return _draft(graph, a, b, relation, kind, answer, random) if answer else None


def _earlier(a: _Side, b: _Side) -> _Side | None:
    """The side whose value is smaller; None where one has none, or where "1950" and "March 1950" leave it open."""
    x, y = a.last.value.order, b.last.value.order
    if x is None or y is None:
        return None
    shared = min(len(x), len(y))
    if x[:shared] == y[:shared]:
        return None
    return a if x < y else b


def _equalities(graph: Graph, sides: Sequence[_Side], random: Random) -> Iterator[Draft]:
    """Questions for yes or no: about as many of the one as of the other."""
    if not sides:
        return
    relation = graph.relation(sides[0].last)
    kind = "same_by" if len(sides[0].facts) > 1 else "same"
    if not relation.of(kind):
        return
    by_value: dict[str, list[_Side]] = defaultdict(list)
    for side in sides:
        by_value[side.last.value.identity].append(side)
    pairs = [(group[at], group[at + 1], True) for group in by_value.values() for at in range(0, len(group) - 1, 2)]
    different = [pair for pair in zip(sides[::2], sides[1::2], strict=False) if _is_other(*pair)]
    random.shuffle(pairs)
    n = min(len(pairs), len(different))
    for a, b, is_same in [*pairs[:n], *((a, b, False) for a, b in different[:n])]:
        words = _YES if is_same else _NO
        draft = _draft(graph, a, b, relation, kind, Answer(text=words[graph.frames.language], kind="yesno"), random)
        if draft is not None:
            yield draft


def _is_other(a: _Side, b: _Side) -> bool:
    """Whether the values are surely different, not one a part of the other ("British", "English": one country in another)."""
    x, y = a.last.value.identity.lower(), b.last.value.identity.lower()
    isles = {"united kingdom", "england", "scotland", "wales", "ireland"}
    unions = {"soviet union", "russia", "ukraine", "armenia", "georgia", "latvia", "lithuania", "estonia"}
    south = {"yugoslavia", "serbia", "croatia", "slovenia", "montenegro", "bosnia and herzegovina"}
    return x not in y and y not in x and not any(x in family and y in family for family in (isles, unions, south))


def _draft(graph: Graph, a: _Side, b: _Side, relation: Relation, kind: str, answer: Answer, random: Random) -> Draft | None:
    if a.named.subject == b.named.subject or a.last.subject == b.last.subject:
        return None
    noun = noun_of(graph, graph.subjects[a.named.subject])
    slots = {
        "A": called(graph, a.named, random),
        "B": called(graph, b.named, random),
        "M": noun if noun not in ("series",) else "",
        "N": noun_of(graph, graph.bridged(a.last)),
        "R": graph.relation(a.named).role,
    }
    frames = fitting_frames(relation.of(kind), slots)
    if not frames or (kind == "same" and "{N}" in "".join(frames) and slots["N"] != noun_of(graph, graph.bridged(b.last))):
        return None
    frame = random.choice(frames)
    facts = (*a.facts, *b.facts)
    return Draft(
        shape="bridge_comparison" if len(a.facts) > 1 else "comparison",
        hops=len(facts),
        path=f"{'/'.join(fact.relation for fact in a.facts)} {kind}",
        text=capital(filled(worded(graph, frame, a.named), slots)),
        answer=answer,
        facts=facts,
        frames=(frame,),
        hidden=tuple(fact.subject_name for side in (a, b) for fact in side.facts[1:]),
    )
