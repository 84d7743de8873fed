"""The core statement of a chunk: the few of its sentences that carry most of it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace

from mom.terms import terms
from mom.values import Span
from mom.word_table import WordTable

SHARE, MAX_TOKENS = 0.25, 80
FACT_WEIGHT, FIRST_WEIGHT = 0.5, 0.3
TOO_SIMILAR = 0.8
# Numbers and dates, capitalised words inside a sentence, titles in Chinese brackets, and what turns a statement round.
_FACT = re.compile(
    r"\d+(?:[.,:/%-]\d+)*%?|(?<=[^\s.!?] )[A-ZÀ-ÖØ-Þ][\w'’-]*|《[^》]+》|\b(?:not|no|never|without|cannot|nor|none)\b|n['’]t\b|不得|没有|沒有|禁止|未"
)


def core_statement(text: str, sentences: Sequence[Span], table: WordTable, *, share: float = SHARE) -> tuple[Span, ...]:
    """The sentences of a chunk's core statement, in text order.

    Greedy: the sentence with the largest (weight of its new terms + 0.5 per new number, name or negation + 0.3 if it is the first)
    / sqrt(tokens), ties to the earlier; one with cosine over 0.8 to a picked one is left out. Budget: `share` of the chunk's tokens,
    at most 80, at least one sentence. Source: mom.md 4.3.
    """
    if len(sentences) < 2:
        return tuple(sentences)
    bodies = [text[sentence.start : sentence.end] for sentence in sentences]
    bags = [Counter(terms(body)) for body in bodies]
    facts = [set(_FACT.findall(body)) for body in bodies]
    tokens = [max(1, bag.total()) for bag in bags]
    weights = {term: table.weight(term) for bag in bags for term in bag}
    covered: set[str] = set()
    known: set[str] = set()

    def negative_score(index: int) -> float:
        new = sum([weights[term] for term in bags[index] if term not in covered])
        return -(new + FACT_WEIGHT * len(facts[index] - known) + (FIRST_WEIGHT if index == 0 else 0.0)) / math.sqrt(tokens[index])

    budget = min(MAX_TOKENS, share * sum(tokens))
    queue = [(negative_score(index), index) for index in range(len(sentences))]
    heapify(queue)
    picked: list[int] = []
    while queue:
        score, index = queue[0]
        if picked and tokens[index] > budget:
            heappop(queue)
        elif (now := negative_score(index)) > score:
            heapreplace(queue, (now, index))  # scores only fall as terms get covered: one that is still on top is the best
        else:
            heappop(queue)
            if any(_cosine(bags[index], bags[other], weights) > TOO_SIMILAR for other in picked):
                continue
            picked.append(index)
            covered.update(bags[index])
            known.update(facts[index])
            budget -= tokens[index]
    return tuple(sentences[index] for index in sorted(picked))


def _cosine(one: Counter[str], other: Counter[str], weights: dict[str, float]) -> float:
    product = sum(count * other[term] * weights[term] ** 2 for term, count in one.items() if term in other)
    norms = [math.sqrt(sum((count * weights[term]) ** 2 for term, count in bag.items())) for bag in (one, other)]
    return product / (norms[0] * norms[1]) if norms[0] and norms[1] else 0.0
