"""The core statement of a chunk: the few of its sentences that carry most of it, and the facts that they had to leave out."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

from mom.facts import Fact, find_facts
from mom.terms import count_units, terms
from mom.values import Span
from mom.word_table import WordTable

SHARE, MAX_TOKENS = 0.25, 80
FACET_SHARE = 0.3
"""How far a core may grow for a facet that its scenario wants kept, and how long its first sentence should be, as a share of the tokens."""
STATEMENT_SHARE = 0.35
"""What sentences and list together should measure: beyond it only the first sentence and those that facets bring in are taken."""
SHORT_FIRST = 25
"""A first sentence of so many tokens is never too long: in a note of four sentences the one with the figures is a third of it."""
FACT_WEIGHT, FACET_WEIGHT, FIRST_WEIGHT = 0.5, 0.5, 0.3
TOO_SIMILAR = 0.8


@dataclass(frozen=True, slots=True)
class Core:
    """The core's sentences in text order, and the chunk's facts that none of them holds: in text order, each once, as written."""

    sentences: tuple[Span, ...]
    left_out: tuple[str, ...]


def core_statement(
    text: str, sentences: Sequence[Span], table: WordTable, *, facets: Sequence[re.Pattern[str]] = (), share: float = SHARE
) -> Core:
    """The core statement of a chunk that holds the given sentences.

    Greedy: the sentence with the largest (weight of its new terms + 0.5 per new number, name, date, title or negation + 0.5 per new
    facet + 0.3 if it is the first) / sqrt(tokens), ties to the earlier; one with cosine over 0.8 to a picked one is left out.
    Budget: `share` of the tokens, at most 80, at least one sentence. Departures from the source: the first sentence picked is the best of
    those within 0.3 of the tokens or 25 of them, if there are any, and up to 0.3 the best one is added for each facet still lacking.
    What the sentences leave out is listed, and sentences after the first are taken only while they and the list together keep within
    0.35 of the tokens.
    facets: what the scenario wants kept. Source: mom.md 4.3.
    """
    if not sentences:
        return Core((), ())
    start = sentences[0].start
    facts = find_facts(text[start : sentences[-1].end])
    if len(sentences) == 1:
        return Core(tuple(sentences), ())
    bodies = [text[sentence.start : sentence.end] for sentence in sentences]
    stated: list[dict[str, int]] = [{} for _ in sentences]
    places = [sentence.start - start for sentence in sentences]
    for fact in facts:
        stated[bisect_right(places, fact.span.start) - 1][fact.key] = count_units(fact.key)
    held = [{number for number, facet in enumerate(facets) if facet.search(body)} for body in bodies]
    picked = _pick([Counter(terms(body)) for body in bodies], stated, held, table, share)
    return Core(tuple(sentences[index] for index in picked), left_out(text, start, facts, [stated[index] for index in picked]))


def _pick(
    bags: Sequence[Counter[str]], stated: Sequence[Mapping[str, int]], facets: Sequence[set[int]], table: WordTable, share: float
) -> list[int]:
    """Which sentences make the core. bags, stated, facets: the terms, the lengths of the facts by key, and the facets of each sentence."""
    lengths = {key: length for facts in stated for key, length in facts.items()}
    tokens = [max(1, bag.total()) for bag in bags]
    weights = {term: table.weight(term) for bag in bags for term in bag}
    covered: set[str] = set()
    known: set[str] = set()
    kept: set[int] = set()

    def negative_score(index: int) -> float:
        new = math.fsum([weights[term] for term in bags[index] if term not in covered])
        new += (
            FACT_WEIGHT * len(stated[index].keys() - known)
            + FACET_WEIGHT * len(facets[index] - kept)
            + (FIRST_WEIGHT if index == 0 else 0.0)
        )
        return -new / math.sqrt(tokens[index])

    def room_beside_list(index: int) -> float:
        listed = sum([length for key, length in lengths.items() if key not in known and key not in stated[index]])
        return STATEMENT_SHARE * total - listed - sum([tokens[other] for other in picked])

    def pick(index: int) -> bool:
        if any(_cosine(bags[index], bags[other], weights) > TOO_SIMILAR for other in picked):
            return False
        picked.append(index)
        covered.update(bags[index])
        known.update(stated[index].keys())
        kept.update(facets[index])
        return True

    total = sum(tokens)
    budget = min(MAX_TOKENS, share * total)
    first_budget = next(limit for limit in (max(FACET_SHARE * total, SHORT_FIRST), total) if min(tokens) <= limit)
    queue = [(negative_score(index), index) for index in range(len(bags))]
    heapify(queue)
    picked: list[int] = []
    while queue:
        score, index = queue[0]
        if tokens[index] > (budget if picked else first_budget) or (picked and tokens[index] > room_beside_list(index)):
            heappop(queue)
        elif (now := negative_score(index)) > score:
            heapreplace(queue, (now, index))  # scores only fall as terms get covered: one that is still on top is the best
        else:
            heappop(queue)
            if pick(index):
                budget -= tokens[index]
    room = FACET_SHARE * total - sum(tokens[index] for index in picked)
    wanted = set().union(*facets) - kept
    for index in sorted((index for index in range(len(bags)) if facets[index] & wanted), key=lambda index: (negative_score(index), index)):
        if index not in picked and facets[index] - kept and tokens[index] <= room and pick(index):
            room -= tokens[index]
    return sorted(picked)


def left_out(text: str, start: int, facts: Sequence[Fact], stated: Sequence[Collection[str]]) -> tuple[str, ...]:
    """The facts, found in the text from `start` on, whose keys are none of the stated ones: as written, in text order, each once."""
    keys = set().union(*stated)
    names = " \n".join(sorted(keys))
    missing: dict[str, str] = {}
    for fact in facts:
        is_held = fact.key in keys or (fact.kind in ("name", "title") and fact.key in names)
        if not is_held and fact.key not in missing:
            missing[fact.key] = text[start + fact.span.start : start + fact.span.end]
    return tuple(missing.values())


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    product = sum(count * other[term] * weights[term] ** 2 for term, count in one.items() if term in other)
    norms = [math.sqrt(sum((count * weights[term]) ** 2 for term, count in bag.items())) for bag in (one, other)]
    return product / (norms[0] * norms[1]) if norms[0] and norms[1] else 0.0
