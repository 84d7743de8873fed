"""The band of medium difficulty, and why an item is outside it."""

from __future__ import annotations

from tadarag.training.selection.difficulty import GROUP, spread_chance
from tadarag.training.selection.rollouts import Rollouts

LEAST_P, MOST_P, LEAST_SPREAD_CHANCE = 0.125, 0.75, 0.5
MOST_RIGHT_WITHOUT_CONTEXT = 1
"""Of four tries; an item that is answered more often without its text teaches nothing about texts."""
EASY, HARD, FLAT, KNOWN, DOUBTED = "too easy", "too hard", "no spread", "known without context", "doubted label"


def is_easy(rollouts: Rollouts) -> bool:
    """Whether it is right more often than the band allows."""
    return rollouts.p > MOST_P


def is_hard(rollouts: Rollouts) -> bool:
    """Whether it is right less often than the band allows."""
    return rollouts.p < LEAST_P


def reason_outside(rollouts: Rollouts, *, group: int = GROUP, most_doubt: float = 1.0) -> str:
    """Why the item is outside the band, "" for one inside: .125 <= p <= .75 and a spread in at least half of the groups.

    most_doubt: the doubt of its label above which an item is left out; 1 leaves none out.
    """
    if rollouts.n_right_without_context > MOST_RIGHT_WITHOUT_CONTEXT:
        return KNOWN
    if rollouts.label_doubt > most_doubt:
        return DOUBTED
    if is_easy(rollouts):
        return EASY
    if is_hard(rollouts):
        return HARD
    return FLAT if spread_chance(rollouts.p, group) < LEAST_SPREAD_CHANCE else ""
