"""Questions with two facts about one answer: "Who directed both A and B?", "Who directed A and was born in B?"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random

from tadarag.training.multihop_questions.drafts import (
    Draft,
    called,
    capital,
    filled,
    fitting_frames,
    noun_of,
    value_answer,
    worded,
)
from tadarag.training.multihop_questions.facts import Fact, with_article
from tadarag.training.multihop_questions.graph import Graph

WHO = {"en": ("Who {X} and {Y}?", "Which person {X} and {Y}?"), "zh": ()}
MAX_GROUP = 40
"""A value that more subjects share makes a question too open ("in which country")."""


def intersection_drafts(graph: Graph, random: Random) -> Iterator[Draft]:
    """Two facts of one value: of one relation, or of two that people do; and such a fact with a trait that the person's own passage states."""
    by_value: dict[str, list[Fact]] = defaultdict(list)
    for facts in graph.facts.values():
        for fact in facts.values():
            if not fact.is_inverse:
                by_value[fact.value.identity].append(fact)
    for group in by_value.values():
        order = list(group)
        random.shuffle(order)
        yield from _shared(graph, order, random)
        yield from _done(graph, order, random)
        yield from _trait(graph, order[0].value.key, order, random)


def _shared(graph: Graph, facts: Sequence[Fact], random: Random) -> Iterator[Draft]:
    by_relation: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if graph.relation(fact).of("both"):
            by_relation[fact.relation].append(fact)
    for name, group in by_relation.items():
        if len(group) > MAX_GROUP:
            continue
        for a, b in zip(group[::2], group[1::2], strict=False):
            slots = {
                "A": called(graph, a, random),
                "B": called(graph, b, random),
                "N": noun_of(graph, graph.subjects.get(a.value.key)),
            }
            frames = fitting_frames(graph.relation(a).of("both"), slots)
            if frames and a.passage != b.passage:
                frame = random.choice(frames)
                yield _draft(graph, (a, b), f"{name} & {name}", frame, filled(worded(graph, frame, a), slots), ())


def _done(graph: Graph, facts: Sequence[Fact], random: Random) -> Iterator[Draft]:
    """Who did this and that: relations differ."""
    doing = [fact for fact in facts if graph.relation(fact).of("does")]
    for a, b in zip(doing[::2], doing[1::2], strict=False):
        if a.relation != b.relation and a.passage != b.passage and WHO[graph.frames.language]:
            yield _who(graph, (a, b), _does(graph, a, random), _does(graph, b, random), random)


def _trait(graph: Graph, key: str, facts: Sequence[Fact], random: Random) -> Iterator[Draft]:
    doing = [fact for fact in facts if graph.relation(fact).of("does")]
    traits = [fact for fact in graph.facts.get(key, {}).values() if graph.relation(fact).of("trait")]
    if not doing or not traits or not WHO[graph.frames.language]:
        return
    a, b = doing[0], random.choice(traits)
    bridge = graph.bridged(a)
    if bridge is None or bridge.key != key or a.passage == b.passage:
        return
    frame = random.choice(graph.relation(b).of("trait"))
    has = (frame, filled(frame, {"O": with_article(graph.passages[b.passage].text, b.value)}))
    does = _does(graph, a, random)
    yield _who(graph, (a, b), *((does, has) if random.random() < 0.5 else (has, does)), random)


def _does(graph: Graph, fact: Fact, random: Random) -> tuple[str, str]:
    frame = random.choice(graph.relation(fact).of("does"))
    return frame, filled(frame, {"S": called(graph, fact, random)})


def _who(graph: Graph, facts: tuple[Fact, Fact], one: tuple[str, str], other: tuple[str, str], random: Random) -> Draft:
    frame = random.choice(WHO[graph.frames.language])
    text = filled(frame, {"X": one[1], "Y": other[1]})
    path = " & ".join(fact.relation for fact in facts)
    return _draft(graph, facts, path, frame, text, (one[0], other[0]))


def _draft(graph: Graph, facts: tuple[Fact, Fact], path: str, frame: str, text: str, more: tuple[str, ...]) -> Draft:
    return Draft(
        shape="intersection",
        hops=2,
        path=path,
        text=capital(text),
        answer=value_answer(facts[0]),
        facts=facts,
        frames=(frame, *more),
    )
