"""The shortest chains between two things, each step with the sentences that state it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tadarag.graph.document_entities import Quote
from tadarag.graph.short_names import possible_meanings
from tadarag.graph.view import CorpusView, Thing

StepKind = Literal["fact", "together", "may be"]
_RANK: dict[StepKind, int] = {"fact": 0, "together": 1, "may be": 2}
_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step between two things.

    kind: "fact" (a document states `predicate` between them; is_reversed: of the second about the first), "together" (one sentence names
    both), "may be" (a short name that may mean the other, with its weight). quotes: sentences, at most three, the first by source.
    """

    one: Thing
    other: Thing
    kind: StepKind
    predicate: str = ""
    is_reversed: bool = False
    weight: float = 1.0
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of steps, each from where the one before ends."""

    steps: tuple[PathStep, ...]


Steps = dict[int, dict[int, PathStep]]
"""For each thing, by number, the things one step away."""


def shortest_paths(
    view: CorpusView, one: Thing, other: Thing, *, max_hops: int = 4, limit: int = 3, steps: Steps | None = None
) -> tuple[Path, ...]:
    """The shortest chains from one thing to another, at most `limit`, none where there is none of up to `max_hops` steps.

    All returned have the same length. Of these, chains with fewer doubtful steps come first, then those with more facts, then by names.
    Dates and numbers are no steps: what happened in one year is not connected by it. steps: `neighbours(view)`, where it is at hand.
    """
    steps = neighbours(view) if steps is None else steps
    distance = {one.number: 0}
    frontier = [one.number]
    while frontier and other.number not in distance and distance[frontier[0]] < max_hops:
        reached = sorted({near for here in frontier for near in steps.get(here, {}) if near not in distance})
        distance.update(dict.fromkeys(reached, distance[frontier[0]] + 1))
        frontier = reached
    if other.number not in distance or one.number == other.number:
        return ()
    # For each thing on a shortest chain, the best `limit` chains that lead to it: enough, for the order compares step by step.
    best: dict[int, list[tuple[PathStep, ...]]] = {one.number: [()]}
    for number in sorted(distance, key=lambda reached: (distance[reached], reached)):
        if number != one.number:
            before = [here for here in steps[number] if distance.get(here, max_hops) == distance[number] - 1]
            chains = [(*chain, steps[here][number]) for here in before for chain in best.get(here, ())]
            best[number] = sorted(chains, key=_order)[:limit]
    return tuple(Path(chain) for chain in best[other.number])


def _order(chain: Sequence[PathStep]) -> tuple[int, float, int, tuple[int, ...]]:
    doubtful = [step for step in chain if step.kind == "may be"]
    n_facts = sum(step.kind == "fact" for step in chain)
    return (len(doubtful), -min((step.weight for step in doubtful), default=1.0), -n_facts, tuple(step.other.number for step in chain))


def neighbours(view: CorpusView, around: frozenset[int] | None = None) -> Steps:
    """For each thing the things one step away, with the best step: a stated fact before a shared sentence before a short name.

    around: only steps from or to these things.
    """
    found: dict[tuple[int, int], tuple[StepKind, str, bool, float]] = {}
    quotes: dict[tuple[int, int], set[Quote]] = {}

    def offer(one: int, other: int, kind: StepKind, predicate: str, weight: float, quote: Quote) -> None:
        if around is not None and one not in around and other not in around:
            return
        for pair, is_reversed in (((one, other), False), ((other, one), True)):
            offered = (kind, predicate, is_reversed and kind == "fact", weight)
            known = found.get(pair)
            if known is None or _step_order(offered) < _step_order(known):
                found[pair] = offered
                quotes[pair] = {quote}
            elif _step_order(offered) == _step_order(known):
                quotes[pair].add(quote)

    for fact in view.facts:
        ends = (view.of[fact.head], view.of[fact.tail])
        if ends[0] != ends[1] and not any(view.entities[node].is_value for node in (fact.head, fact.tail)):
            offer(*ends, "fact", fact.predicate, 1.0, fact.evidence)
    for fact in view.second_names:
        ends = (view.of[fact.head], view.of[fact.tail])
        if ends[0] != ends[1]:
            offer(*ends, "fact", fact.predicate, 1.0, fact.evidence)
    for sentence in view.sentences:
        present = sorted({view.of[node] for node in sentence.nodes})
        for place, one in enumerate(present):
            for other in present[place + 1 :]:
                offer(one, other, "together", "", 1.0, sentence.quote)
    for possible in possible_meanings(view, around):
        name = view.entities[possible.short.nodes[0]]
        offer(possible.short.number, possible.full.number, "may be", "", possible.weight, name.names[0][1])
    steps: Steps = {}
    for (one, other), (kind, predicate, is_reversed, weight) in found.items():
        steps.setdefault(one, {})[other] = PathStep(
            one=view.things[one],
            other=view.things[other],
            kind=kind,
            predicate=predicate,
            is_reversed=is_reversed,
            weight=weight,
            quotes=tuple(sorted(quotes[one, other])[:_MOST_QUOTES]),
        )
    return steps


def _step_order(step: tuple[StepKind, str, bool, float]) -> tuple[int, float, str, bool]:
    kind, predicate, is_reversed, weight = step
    return (_RANK[kind], -weight, predicate, is_reversed)
