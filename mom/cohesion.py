"""What it costs to hold the units of a section together, and how alike the text on both sides of each gap is.

Units are the things never cut: sentences, turns, whole tables. All sums are of whole numbers, so that the costs are equal on every machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mom.chunking import LONGEST, lexical_products
from mom.word_table import WordTable
from mom.word_vectors import WordVectors

CONTENT_WEIGHT = 2.2  # terms lighter than this ("the", "first") say nothing about a topic
ROOT = 6  # letters in which the forms of a word agree
COSINE_FLOOR = 2.0  # taken off every weight before cosines of terms
VOCABULARY_UNITS = 80  # a vocabulary is counted over so many units: in a long section it would drown the segments
UNIT = 256  # length of the vector of a usual unit
LONG = 1.5  # usual units: those that say more weigh more up to here
PRIOR_UNITS = 16  # how many units without direction stand against a segment's own direction
DIRECTION = 40.0  # what one unit of agreement in direction is worth, in nats
SEGMENT = 9.0  # what a segment costs by itself, in nats
VECTOR_WINDOWS, TERM_WINDOWS = (1, 2, 4), (1, 3)
SIMILARITIES = (*(f"vectors_{window}" for window in VECTOR_WINDOWS), *(f"terms_{window}" for window in TERM_WINDOWS))
_FIXED = 1 << 20
_BLOCK = 4096  # gaps that are compared at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The terms of each unit, and the running sums of the units' vectors less their mean: float64[n + 1, d] of whole numbers."""

    bags: Sequence[Sequence[str]]
    sums: NDArray[np.float64]
    table: WordTable


def read_section(bags: Sequence[Sequence[str]], table: WordTable, vectors: WordVectors) -> Section:
    """Units compared with nothing but each other. bags: the terms of each unit, in order."""
    units = np.zeros((len(bags) + 1, vectors.values.shape[1]))
    for index, bag in enumerate(bags, start=1):
        units[index] = vectors.total(bag)
    lengths = np.sqrt(np.einsum("ij,ij->i", units, units))
    usual = float(np.median(lengths[1:])) if bags else 0.0
    for index, length in enumerate(lengths.tolist()):
        if length:
            weight = math.sqrt(math.sqrt(min(length / usual, LONG))) if usual else 1.0
            units[index] = np.rint(units[index] * (weight * UNIT / length))
    if bags:
        units[1:] -= np.rint(units.sum(axis=0) / len(bags))
    return Section(bags=bags, sums=np.cumsum(units, axis=0), table=table)


def segment_costs(section: Section, reach: int = LONGEST) -> Iterator[NDArray[np.float64]]:
    """For each unit the costs, in nats, of the segments that end with it, the longest first, of at most `reach` units.

    cost = sum over roots of content terms of f * ln((n + V) / (f + 1)) - DIRECTION * |sum of vectors|^2 / (units + PRIOR_UNITS) + SEGMENT, where f is
    how often the segment has the root, n how many content terms it has and V how many distinct roots the section has.
    Source: the first part is the minus log likelihood of Utiyama and Isahara, ACL 2001; the second that of vectors drawn around a mean of
    their own, the mean around zero, up to a constant.
    """
    roots = {term: term[:ROOT] for term in set().union(*section.bags) if section.table.weight(term) >= CONTENT_WEIGHT}
    counts = [Counter([roots[term] for term in bag if term in roots]) for bag in section.bags]
    vocabulary = _vocabulary(counts)
    ends = np.cumsum([0, *(count.total() for count in counts)])
    n_most = max((int(ends[min(start + reach, len(counts))] - ends[start]) for start in range(len(counts))), default=0)
    spread = np.array([round(_FIXED * n * math.log(n + vocabulary)) if n else 0 for n in range(n_most + 1)])
    kept = np.zeros(len(counts), np.int64)  # sum of f * ln(f + 1) of the segment from each unit to the last one seen
    postings: dict[str, tuple[tuple[int, int], ...]] = {}
    for last, count in enumerate(counts):
        first = max(0, last - reach + 1)
        kept[first : last + 1] += _gains(count, postings, first, last)
        n_units = np.arange(last + 1 - first, 0, -1)
        direction = section.sums[last + 1] - section.sums[first : last + 1]
        squares = np.einsum("ij,ij->i", direction, direction) / (UNIT * UNIT)
        likelihood = (spread[ends[last + 1] - ends[first : last + 1]] - kept[first : last + 1]) / _FIXED
        yield likelihood - DIRECTION * squares / (n_units + PRIOR_UNITS) + SEGMENT


def gap_similarities(section: Section) -> NDArray[np.float64]:
    """float64[n - 1, 5]: for each gap the cosines between the units before and after it, by `SIMILARITIES`."""
    n_gaps = max(0, len(section.bags) - 1)
    found = np.zeros((n_gaps, len(SIMILARITIES)))
    for place, window in enumerate(VECTOR_WINDOWS):
        for start in range(0, n_gaps, _BLOCK):
            gaps = np.arange(start + 1, min(n_gaps, start + _BLOCK) + 1)
            found[gaps - 1, place] = _cosines(section.sums, gaps, window)
    found[:, len(VECTOR_WINDOWS) :] = _term_cosines(section, n_gaps)
    return found


def _vocabulary(counts: Sequence[Counter[str]]) -> int:
    """Distinct terms of a section, in a long one of the mean block of VOCABULARY_UNITS units."""
    n_blocks = max(1, round(len(counts) / VOCABULARY_UNITS))
    edges = [len(counts) * block // n_blocks for block in range(n_blocks + 1)]
    return sum(len(set().union(*counts[start:end])) for start, end in pairwise(edges)) // n_blocks


def _gains(count: Counter[str], postings: dict[str, tuple[tuple[int, int], ...]], first: int, last: int) -> NDArray[np.int64]:
    """By how much f * ln(f + 1), summed over the roots of unit `last`, grows in the segments from each unit since `first`.

    postings: in which units each root was last seen and how often, the latest first; unit `last` is added.
    """
    steps = [0] * (last + 1 - first)  # differences between neighbouring starts, the last one first
    for root, n in count.items():
        alone = before = _kept(n)
        steps[0] += alone
        f = 0
        for place, n_there in (places := postings.get(root, ())):
            if place < first:
                break
            f += n_there
            gain = _kept(f + n) - _kept(f)
            steps[last - place] += gain - before
            before = gain
        postings[root] = ((last, n), *places[: last - first])
    return np.cumsum(steps)[::-1]


@lru_cache(maxsize=1 << 12)
def _kept(f: int) -> int:
    return round(_FIXED * f * math.log(f + 1))


def _cosines(sums: NDArray[np.float64], gaps: NDArray[np.int64], window: int) -> NDArray[np.float64]:
    before = sums[gaps] - sums[np.maximum(gaps - window, 0)]
    after = sums[np.minimum(gaps + window, len(sums) - 1)] - sums[gaps]
    squares = np.einsum("ij,ij->i", before, before) * np.einsum("ij,ij->i", after, after)
    cosines: NDArray[np.float64] = np.einsum("ij,ij->i", before, after) / np.sqrt(np.maximum(squares, 1.0))
    return cosines


def _term_cosines(section: Section, n_gaps: int) -> NDArray[np.float64]:
    """float64[n_gaps, 2]: cosines between sums of the units' TF-IDF vectors, from their products: parts of 2^22, exact in any order."""
    widest = max(TERM_WINDOWS)
    products = list(lexical_products(section.bags, section.table, 2 * widest, floor=COSINE_FLOOR))
    full = [any(section.table.weight(term) > COSINE_FLOOR for term in bag) for bag in section.bags]
    found = np.zeros((n_gaps, len(TERM_WINDOWS)))
    for gap in range(1, n_gaps + 1):
        for place, window in enumerate(TERM_WINDOWS):
            before, after = range(max(0, gap - window), gap), range(gap, min(n_gaps + 1, gap + window))
            across = sum(products[right][right - left - 1] for right in after for left in before)
            squares = _square(products, full, before) * _square(products, full, after)
            found[gap - 1, place] = across / math.sqrt(squares) if squares else 0.0
    return found


def _square(products: Sequence[Sequence[float]], full: Sequence[bool], units: range) -> float:
    """Squared length of the sum of the units' vectors, each of length 1 if it has terms."""
    pairs = sum(products[right][right - left - 1] for right in units for left in range(units.start, right))
    return sum(full[units.start : units.stop]) + 2 * pairs
