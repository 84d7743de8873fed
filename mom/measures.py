"""The formulas by which memories are judged, as published (mom.md 2, M1-M6) and repaired (mom.md 3, R1-R9); logarithms are natural."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

FREE_SHARE = 0.25
"""A core of up to this share of its chunk is as short as anyone may ask (R4)."""
UNDECIDED = 0.5
"""Balanced clarity of a text in which there is no gap to judge (R2)."""


def published_clarity(made: Sequence[float]) -> float | None:
    """M1: mean boundary probability of the boundaries that were made; None when there is none."""
    return math.fsum(made) / len(made) if made else None


def published_completeness(perplexities: Sequence[float], core_lengths: Sequence[int]) -> float | None:
    """M2: mean of 1 / (PPL(chunk given core) * log(core length)); None without items.

    core_lengths: in tokens of the judge. A core of at most one token counts as two, since log(1) is 0 and log(0) has no value.
    """
    if not perplexities:
        return None
    terms = [1 / (perplexity * math.log(max(2, n))) for perplexity, n in zip(perplexities, core_lengths, strict=True)]
    return math.fsum(terms) / len(terms)


def mean_loss(log_probabilities: Sequence[float]) -> float:
    """M4: mean negative log likelihood a token, the loss of training; 0 without tokens."""
    return -math.fsum(log_probabilities) / len(log_probabilities) if log_probabilities else 0.0


def perplexity(log_probabilities: Sequence[float]) -> float:
    """M5: exp of the mean negative log likelihood; 1 without tokens."""
    return math.exp(mean_loss(log_probabilities))


def boundary_clarity(loss_after_previous: float, loss_alone: float) -> float:
    """M6: next chunk's mean loss with the previous chunk over that without it; near 1 means a clear boundary.

    Mean cross-entropies are divided, as the released code does, not perplexities. Raises ZeroDivisionError for a certain chunk.
    Source: MoC metrics of IAAR-Shanghai/Meta-Chunking.
    """
    return loss_after_previous / loss_alone


def yes_probability(logit_yes: float, logit_no: float) -> float:
    """R1: sigma(logit_yes - logit_no), without overflow."""
    difference = logit_yes - logit_no
    if difference >= 0:
        return 1 / (1 + math.exp(-difference))
    return math.exp(difference) / (1 + math.exp(difference))


def balanced_clarity(made: Sequence[float], other: Sequence[float]) -> float:
    """R2: half the mean probability of the boundaries that were made, half the mean of (1 - p) over the gaps that were left whole.

    None made: the first half is 1 - the largest p. Every gap a boundary: the second half is the smallest p. No gap at all: 0.5.
    """
    if not made and not other:
        return UNDECIDED
    kept = math.fsum(made) / len(made) if made else 1 - max(other)
    whole = math.fsum(1 - p for p in other) / len(other) if other else min(made)
    return 0.5 * (kept + whole)


def gain(loss_given_core: float, loss_alone: float) -> float:
    """R3: the share of the chunk's loss that its core takes away, in [0, 1]; 0 for a chunk that costs nothing."""
    return _clip(1 - loss_given_core / loss_alone) if loss_alone > 0 else 0.0


def covered_gain(weights: Iterable[tuple[str, float]], core_terms: Collection[str]) -> float:
    """R9: share by weight of the chunk's distinct content terms that its core holds; 0 for a chunk without any.

    weights: (term, weight) of each distinct content term of the chunk.
    """
    pairs = list(weights)
    total = math.fsum([weight for _, weight in pairs])
    return math.fsum([weight for term, weight in pairs if term in core_terms]) / total if total else 0.0


def brevity(core_length: int, chunk_length: int) -> float:
    """R4: 1 for a core of up to a quarter of its chunk, falling to 0 for one as long as the chunk; 0 for an empty chunk."""
    return _clip((1 - core_length / chunk_length) / (1 - FREE_SHARE)) if chunk_length else 0.0


def support(facts: Collection[str], known: Collection[str]) -> float:
    """R5: share of the core's content terms, numbers and names that its chunk holds; 1 for a core that states none."""
    return sum(fact in known for fact in facts) / len(facts) if facts else 1.0


def completeness(item_scores: Sequence[float], chunk_lengths: Sequence[int]) -> float | None:
    """R6: mean over items of gain * brevity * support, weighted by the chunks' lengths; None when the chunks have no tokens."""
    total = sum(chunk_lengths)
    if not total:
        return None
    return math.fsum(score * n for score, n in zip(item_scores, chunk_lengths, strict=True)) / total


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
