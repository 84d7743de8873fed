"""TextTiling: a cut at the valleys of word overlap between the text before and the text after."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from mom.chunking import boundary_probabilities
from mom.terms import terms
from tadarag.evaluation.chunkers.sentence_cuts import chunks_between
from tadarag.values import Span

# The best mean Pk on five segmentation sets, of blocks of 2, 3, 4, 6 and 10 sentences and smoothing over 0 to 2 gaps: a baseline is to be
# as good as it can be.
BLOCK = 6
SMOOTHING = 1


def texttile(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Chunks that end at the gaps between sentences whose depth is above the mean minus half the standard deviation of all depths.

    The similarity at a gap is the cosine between the term counts of up to BLOCK sentences on each side, smoothed by the mean over
    SMOOTHING gaps on each side. A gap's depth is how far its similarity lies below the nearest peaks on both sides; of neighbouring gaps
    above the cut-off only those deeper than both neighbours (of equals the first) are cut.
    Source: Hearst, TextTiling, Computational Linguistics 23, 1997; departures: blocks of sentences where she takes 20-word sequences,
    and no stop list.
    """
    if not sentences:
        return []
    bags = [Counter(terms(sentence.of(text))) for sentence in sentences]
    depths, _ = boundary_probabilities(_smoothed([_similarity(bags, gap) for gap in range(1, len(bags))]))
    return chunks_between([gap + 1 for gap in _valleys(depths)], sentences)


def _similarity(bags: Sequence[Counter[str]], gap: int) -> float:
    """Cosine between the blocks before and after the gap in front of sentence `gap`; 0.0 when one has no term."""
    before, after = _sum(bags[max(0, gap - BLOCK) : gap]), _sum(bags[gap : gap + BLOCK])
    product = sum(count * after[term] for term, count in before.items() if term in after)
    squares = sum(count * count for count in before.values()) * sum(count * count for count in after.values())
    return product / math.sqrt(squares) if squares else 0.0


def _sum(bags: Sequence[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for bag in bags:
        total.update(bag)
    return total


def _smoothed(similarities: Sequence[float]) -> list[float]:
    windows = [similarities[max(0, place - SMOOTHING) : place + SMOOTHING + 1] for place in range(len(similarities))]
    return [math.fsum(window) / len(window) for window in windows]


def _valleys(depths: Sequence[float]) -> list[int]:
    if not depths:
        return []
    mean = math.fsum(depths) / len(depths)
    deviation = math.sqrt(math.fsum((depth - mean) ** 2 for depth in depths) / len(depths))
    cutoff = mean - deviation / 2
    valleys = []
    for gap, depth in enumerate(depths):
        left = depths[gap - 1] if gap else -math.inf
        right = depths[gap + 1] if gap + 1 < len(depths) else -math.inf
        if depth > cutoff and depth > 0 and depth > left and depth >= right:
            valleys.append(gap)
    return valleys
