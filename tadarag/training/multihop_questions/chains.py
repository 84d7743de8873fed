"""Questions along a chain: the value of one fact is the subject of the next ("When was the director of X born?")."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tadarag.training.multihop_questions.drafts import (
    Draft,
    asked_time,
    called,
    capital,
    filled,
    fitting_frames,
    noun_of,
    value_answer,
    worded,
)
from tadarag.training.multihop_questions.facts import Fact
from tadarag.training.multihop_questions.graph import Graph

MAX_HOPS = 3


def chain_drafts(graph: Graph, random: Random) -> Iterator[Draft]:
    """One question for every chain of one fact ("single"), two or three ("bridge")."""
    for facts in graph.facts.values():
        for fact in facts.values():
            for chain in _chains(graph, (fact,)):
                draft = _written(graph, chain, random)
                if draft is not None:
                    yield draft


def _chains(graph: Graph, chain: tuple[Fact, ...]) -> Iterator[tuple[Fact, ...]]:
    yield chain
    if len(chain) == MAX_HOPS or not graph.relation(chain[-1]).of("nouns"):
        return
    bridge = graph.bridged(chain[-1])
    if bridge is None or bridge.key in {fact.subject for fact in chain}:
        return
    for following in graph.facts.get(bridge.key, {}).values():
        if following.passage not in {fact.passage for fact in chain} and following.value.key != chain[0].subject:
            yield from _chains(graph, (*chain, following))


def _written(graph: Graph, chain: tuple[Fact, ...], random: Random) -> Draft | None:
    """The question that asks for the last value of the chain; None when a relation has no frame for its place in it."""
    phrase = called(graph, chain[0], random)
    used: list[str] = []
    for fact in chain[:-1]:
        slots = {"S": phrase, "N": noun_of(graph, graph.bridged(fact))}
        nouns = fitting_frames(graph.relation(fact).of("nouns"), slots)
        if not nouns:
            return None
        used.append(random.choice(nouns))
        phrase = filled(worded(graph, used[-1], fact), slots)
    last = chain[-1]
    slots = {"S": phrase, "N": noun_of(graph, graph.bridged(last)), "Q": _question_word(graph, last), **asked_time(graph, last)}
    asks = fitting_frames(graph.relation(last).of("asks"), slots)
    if not asks:
        return None
    used.append(random.choice(asks))
    return Draft(
        shape="bridge" if len(chain) > 1 else "single",
        hops=len(chain),
        path=" > ".join(fact.relation for fact in chain),
        text=capital(filled(worded(graph, used[-1], last), slots)),
        answer=value_answer(last),
        facts=chain,
        frames=tuple(used),
        hidden=tuple(fact.value.text for fact in chain[:-1]) + tuple(fact.subject_name for fact in chain[1:]),
    )


def _question_word(graph: Graph, fact: Fact) -> str:
    bridge = graph.bridged(fact)
    return "Who" if bridge and bridge.kind == "person" else "What"
