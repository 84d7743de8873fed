"""Where topics shift: dynamic programming over the units of one section."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from mom.word_table import WordTable

GAMMA, MU = 0.5, 1.0
LONGEST = 40  # units in a segment
# Unit vectors are rounded to whole multiples of 1 / SCALE, so that their products add up exactly in any order: where a text is cut
# depends on no processor and no library.
SCALE = 2048


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths a chunk should keep: below `minimum` it costs and is merged; above `maximum` it costs, and if `is_hard` is not made."""

    minimum: float
    maximum: float
    is_hard: bool = True


def segment_cost(rows: NDArray[np.float64], start: int, end: int) -> float:
    """c(i, j) = (j - i) - norm of the sum of rows i..j-1, rows of unit length: the sum of (1 - cosine to the segment's mean).

    rows: float64[n, d]. Source: mom.md 4.2.
    """
    return float(end - start - np.linalg.norm(rows[start:end].sum(axis=0)))


def norm_costs(rows: NDArray[np.float64], reach: int = LONGEST) -> Iterator[NDArray[np.float64]]:
    """For each row the costs c(i, j) of the segments that end with it, the longest first, of at most `reach` rows. rows: float64[n, d]."""
    for end in range(1, len(rows) + 1):
        yield np.array([segment_cost(rows, start, end) for start in range(max(0, end - reach), end)])


def segment(
    costs: Iterable[NDArray[np.float64]],
    lengths: Sequence[float],
    limits: Lengths,
    *,
    gamma: float = GAMMA,
    mu: float = MU,
    cut_costs: Sequence[float] | NDArray[np.float64] = (),
) -> tuple[list[int], float]:
    """Cut units into segments; returns the first unit of each and the total cost.

    Minimises the sum over segments of c(i, j) + gamma + mu * (max(0, min - len)/min + max(0, len - max)/max) + cut_costs[i], i > 0.
    Ties go to the longest last segment. A unit longer than a hard maximum stands alone.
    costs: for each unit those of the segments that end with it, the longest first, as `norm_costs` gives them; no other segment is tried.
    cut_costs: what a cut before each unit costs more, nothing if empty. Source: mom.md 4.2.
    """
    n = len(lengths)
    sums = np.array([0.0, *accumulate(lengths)])
    best = np.zeros(n + 1)  # of the units before each, with the cost of a cut there
    before = [0] * (n + 1)
    for end, cost in enumerate(costs, start=1):
        first = end - len(cost)
        length = sums[end] - sums[first:end]
        total = best[first:end] + cost + gamma + mu * np.maximum(0.0, limits.minimum - length) / limits.minimum
        if limits.is_hard:
            total[:-1][length[:-1] > limits.maximum] = math.inf
        elif math.isfinite(limits.maximum):
            total += mu * np.maximum(0.0, length - limits.maximum) / limits.maximum
        least = int(np.argmin(total))
        before[end] = first + least
        best[end] = total[least] + (cut_costs[end] if len(cut_costs) and end < n else 0.0)
    starts, end = [], n
    while end > 0:
        end = before[end]
        starts.append(end)
    return starts[::-1], float(best[n])


def merge_short(lengths: Sequence[float], limits: Lengths, *, ends: bool = True) -> list[range]:
    """Join chunks shorter than the minimum to the one before, left to right, where the sum keeps the maximum. Source: mom.md 4.5.

    ends: repair as well a first or last chunk that is still too short, by its neighbour. Returns which old chunks make each new one.
    """
    merged: list[tuple[float, range]] = []
    for index, length in enumerate(lengths):
        if merged and length < limits.minimum and merged[-1][0] + length <= limits.maximum:
            merged[-1] = (merged[-1][0] + length, range(merged[-1][1].start, index + 1))
        else:
            merged.append((length, range(index, index + 1)))
    for place in (0, -1) if ends else ():
        if len(merged) > 1 and merged[place][0] < limits.minimum:
            left, right = (0, 1) if place == 0 else (len(merged) - 2, len(merged) - 1)
            if merged[left][0] + merged[right][0] <= limits.maximum:
                merged[left : right + 1] = [(merged[left][0] + merged[right][0], range(merged[left][1].start, merged[right][1].stop))]
    return [group for _, group in merged]


def boundary_probabilities(similarities: Sequence[float]) -> tuple[list[float], list[float]]:
    """Depth of each gap between sentences and the probability of a boundary there, from the similarities across the gaps.

    depth_g = (left peak - s_g) + (right peak - s_g), peaks found by walking while the similarity does not fall;
    p_g = sigma((depth_g - mean) / std), population std; std 0 gives 0.5. Source: mom.md R8, after Hearst, TextTiling, 1997.
    """
    lefts, rights = _peaks(similarities), _peaks(similarities[::-1])[::-1]
    depths = [left + right - 2 * similarity for left, right, similarity in zip(lefts, rights, similarities, strict=True)]
    if not depths:
        return [], []
    mean = math.fsum(depths) / len(depths)
    deviation = math.sqrt(math.fsum((depth - mean) ** 2 for depth in depths) / len(depths))
    scores = [(depth - mean) / deviation if deviation else 0.0 for depth in depths]
    return depths, [1 / (1 + math.exp(-score)) for score in scores]


def _peaks(similarities: Sequence[float]) -> list[float]:
    """For each gap the similarity that is reached by walking back while it does not fall: one step each, however long the walk."""
    peaks: list[float] = []
    for gap, similarity in enumerate(similarities):
        peaks.append(peaks[-1] if gap and similarities[gap - 1] >= similarity else similarity)
    return peaks


def lexical_products(
    units: Iterable[Sequence[str]], table: WordTable, reach: int = LONGEST, *, floor: float = 0.0
) -> Iterator[list[float]]:
    """For each unit the products of its TF-IDF vector with those before it, the nearest first, at most reach - 1; exact on every machine.

    units: the terms of each unit. floor: is taken off every weight; a term as light or lighter counts nothing. Only the last `reach`
    units are kept, so memory does not grow with the section.
    """
    postings: dict[str, deque[tuple[int, int]]] = {}  # term -> (unit, weight) of the units within reach
    recent: deque[dict[str, int]] = deque()
    for index, terms in enumerate(units):
        vector = _unit_vector(terms, table, floor)
        products = [0] * min(index, reach - 1)
        for term, weight in vector.items():
            known = postings.setdefault(term, deque())
            for place, other in known:
                products[index - 1 - place] += weight * other
            known.append((index, weight))
        recent.append(vector)
        if len(recent) >= reach:
            for term in recent.popleft():
                postings[term].popleft()
                if not postings[term]:
                    del postings[term]
        yield [product / SCALE**2 for product in products]


def _unit_vector(terms: Sequence[str], table: WordTable, floor: float) -> dict[str, int]:
    weights = {term: count * (table.weight(term) - floor) for term, count in Counter(terms).items() if table.weight(term) > floor}
    norm = math.sqrt(math.fsum([weight * weight for weight in weights.values()])) or 1.0
    return {term: round(SCALE * weight / norm) for term, weight in weights.items()}


def split_lengths(lengths: Sequence[float], maximum: float) -> list[range]:
    """Fill chunks from left to right up to the maximum: how a block is cut that is far too long to stay whole."""
    starts, total = [0], 0.0
    for index, length in enumerate(lengths):
        if index > starts[-1] and total + length > maximum:
            starts.append(index)
            total = 0.0
        total += length
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(lengths)], strict=True)]


def total_lengths(lengths: Sequence[float], starts: Sequence[int]) -> list[float]:
    """Length of each segment that begins at the given units."""
    sums = [0.0, *accumulate(lengths)]
    return [sums[end] - sums[start] for start, end in zip(starts, [*starts[1:], len(lengths)], strict=True)]
