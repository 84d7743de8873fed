"""Probabilities of pairs become facts; neighbours without one are joined by the words between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tadarag.extraction.asked_names import AskedNames
from tadarag.extraction.predicates import predicate_between
from tadarag.extraction.span_decoding import PlacedName, rounded
from tadarag.findings import FoundFact

MAX_NAMES = 64
MAX_PAIRS = 400


def near_pairs(names: Sequence[PlacedName], asked: AskedNames) -> list[tuple[int, int]]:
    """(head, tail) indexes of names that a relation of the template may join.

    Both stand in one sentence or in two that follow each other. Of more than `MAX_NAMES` names the likeliest take part, of more than
    `MAX_PAIRS` pairs the nearest.
    """
    by_probability = sorted(range(len(names)), key=lambda index: (-names[index].name.probability, index))
    taking_part = sorted(by_probability[:MAX_NAMES])
    found = []
    for place, left in enumerate(taking_part):
        for right in taking_part[place + 1 :]:
            apart = names[right].sentence - names[left].sentence
            if apart > 1:
                break
            distance = names[right].name.span.start - names[left].name.span.end
            found += [(apart, distance, head, tail) for head, tail in ((left, right), (right, left)) if _columns(names, head, tail, asked)]
    return [(head, tail) for _, _, head, tail in sorted(found)[:MAX_PAIRS]]


def all_pairs(names: Sequence[PlacedName], asked: AskedNames) -> list[tuple[int, int]]:
    """(head, tail) indexes of any two names that a relation of the template may join."""
    indexes = range(len(names))
    return [(head, tail) for head in indexes for tail in indexes if head != tail and _columns(names, head, tail, asked)]


def choose_facts(
    probabilities: NDArray[np.float32],
    pairs: Sequence[tuple[int, int]],
    names: Sequence[PlacedName],
    asked: AskedNames,
    *,
    threshold: float,
) -> list[FoundFact]:
    """Facts from the threshold on, sorted by sentence, head, relation and tail.

    probabilities: float32[pairs, relations of `asked`]. Of a symmetric relation's two directions the likelier counts, and the fact leads from
    the first name to the second if the template allows it. The sentence is the one that holds both names, else that of the second.
    """
    best: dict[tuple[int, str, int], float] = {}
    for row, (head, tail) in zip(probabilities, pairs, strict=True):
        for column in _columns(names, head, tail, asked):
            if row[column] >= threshold:
                key = _directed(head, column, tail, names, asked)
                best[key] = max(best.get(key, 0), rounded(row[column]))
    facts = [
        FoundFact(
            head=head, relation=relation, tail=tail, sentence=max(names[head].sentence, names[tail].sentence), probability=probability
        )
        for (head, relation, tail), probability in best.items()
    ]
    return sorted(facts, key=_order)


def with_open_facts(facts: Sequence[FoundFact], names: Sequence[PlacedName], text: str) -> tuple[FoundFact, ...]:
    """The facts, and one in the text's own words between neighbours of a sentence that no fact joins, if these words are a predicate.

    It is as likely as both of its names together.
    """
    joined = {frozenset((fact.head, fact.tail)) for fact in facts}
    added = []
    for left in range(len(names) - 1):
        one, other = names[left], names[left + 1]
        if one.sentence != other.sentence or frozenset((left, left + 1)) in joined:
            continue
        predicate = predicate_between(text[one.name.span.end : other.name.span.start])
        if predicate is not None:
            probability = rounded(np.float32(one.name.probability * other.name.probability))
            added.append(
                FoundFact(head=left, relation=predicate.name, tail=left + 1, sentence=one.sentence, probability=probability, is_open=True)
            )
    return tuple(sorted([*facts, *added], key=_order))


def _columns(names: Sequence[PlacedName], head: int, tail: int, asked: AskedNames) -> tuple[int, ...]:
    """The columns of the relations that may lead from one name to the other, symmetric ones in either direction."""
    labels = names[head].name.label, names[tail].name.label
    forward = asked.allowed.get(labels, ())
    backward = tuple(
        column for column in asked.allowed.get(labels[::-1], ()) if asked.relations[column].symmetric and column not in forward
    )
    return forward + backward


def _directed(head: int, column: int, tail: int, names: Sequence[PlacedName], asked: AskedNames) -> tuple[int, str, int]:
    relation = asked.relations[column]
    if not relation.symmetric:
        return head, relation.name, tail
    first, second = min(head, tail), max(head, tail)
    if relation.allows(names[first].name.label, names[second].name.label):
        return first, relation.name, second
    return second, relation.name, first


def _order(fact: FoundFact) -> tuple[int, int, str, int]:
    return fact.sentence, fact.head, fact.relation, fact.tail
