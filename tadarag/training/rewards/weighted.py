"""The weights of a recipe, and the sum of the terms under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, isfinite
from typing import Any

from tadarag.errors import TrainingError
from tadarag.nearest import nearest

JUDGE = "judge"
OUTCOMES = ("answer_gain", "evidence_recall", JUDGE)
"""The terms that say what a graph is worth downstream."""
FORMATS = ("well_formed",)
MODES: Mapping[str, tuple[str, ...]] = {"likelihood": ("evidence_recall",), "evidence": ("answer_gain",), "both": ()}
"""The modes, each with the terms that weigh nothing in it."""
F10: Mapping[str, float] = {
    "answer_gain": 1.0,
    "evidence_recall": 0.5,
    "cost": -0.3,
    "budget": -0.3,
    "duplicates": -0.5,
    "copying": -0.5,
    "emptiness": -0.2,
    "looseness": -0.3,
    "validity": -0.5,
    "well_formed": 0.0,
    "judge": 0.0,
}
"""The weights of tadarag.md F10."""
_LEAST_OUTCOME, _MOST_FORMAT = 0.6, 0.2  # of the positive range (training.md section 4)


@dataclass(frozen=True, slots=True)
class Weights:
    """(term, weight) pairs, sorted by term; terms that are good weigh above zero, others below."""

    values: tuple[tuple[str, float], ...]

    def of(self, term: str) -> float:
        """The weight of a term, 0 for one that has none."""
        return dict(self.values).get(term, 0.0)


def read_weights(stated: Mapping[str, Any] | None = None, *, mode: str = "both") -> Weights:
    """The weights of F10 with those that a recipe states in their place, as a mode has them.

    mode: "likelihood" (no evidence recall), "evidence" (no answer gain, so no answerer is needed), or "both". Raises TrainingError for an unknown
    term or mode, a weight that is no number or has the wrong sign, and when the outcome terms have less than 0.6 or format more
    than 0.2 of the positive range.
    """
    if mode not in MODES:
        raise TrainingError(f"there is no reward mode {mode!r}", nearest(mode, MODES))
    weights = _stated(stated, F10, good=(*OUTCOMES, *FORMATS))
    weights |= dict.fromkeys(MODES[mode], 0.0)
    _check_shares(weights, OUTCOMES, FORMATS)
    return Weights(tuple(sorted(weights.items())))


def check_weights(
    stated: Mapping[str, Any] | None, usual: Mapping[str, float], *, outcomes: tuple[str, ...], formats: tuple[str, ...]
) -> Weights:
    """The usual weights of a reward of its own with those that a recipe states in their place.

    outcomes, formats: its good terms; all others are bad ones. Raises TrainingError as `read_weights` does.
    """
    weights = _stated(stated, usual, good=(*outcomes, *formats))
    _check_shares(weights, outcomes, formats)
    return Weights(tuple(sorted(weights.items())))


def _stated(stated: Mapping[str, Any] | None, usual: Mapping[str, float], *, good: tuple[str, ...]) -> dict[str, float]:
    weights = dict(usual)
    for term, value in (stated or {}).items():
        if term not in usual:
            raise TrainingError(f"there is no reward term {term!r}", nearest(str(term), usual))
        weights[term] = _weight(term, value, is_good=term in good)
    return weights


def _weight(term: str, value: Any, *, is_good: bool) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise TrainingError(f"the weight of {term} is {value!r}, which is no number", "write a number such as 0.5")
    if value and is_good != (value > 0):
        what, sign = ("a good", "above") if is_good else ("a bad", "below")
        raise TrainingError(f"the weight of {term} is {value}, but {term} is {what} thing", f"give it a weight {sign} zero, or zero")
    return float(value)


def _check_shares(weights: Mapping[str, float], outcomes: tuple[str, ...], formats: tuple[str, ...]) -> None:
    positive = fsum(value for value in weights.values() if value > 0)
    outcome, form = fsum(weights[term] for term in outcomes), fsum(weights[term] for term in formats)
    if not positive:
        raise TrainingError("no outcome has a weight", f"give {' or '.join(outcomes[:2])} a weight above zero, or choose another mode")
    if outcome < _LEAST_OUTCOME * positive or form > _MOST_FORMAT * positive:
        raise TrainingError(
            f"outcome terms are {outcome / positive:.0%} of what can be won and format is {form / positive:.0%}: format would be learned",
            f"leave at least {_LEAST_OUTCOME:.0%} to {', '.join(outcomes)} and at most {_MOST_FORMAT:.0%} to {', '.join(formats)}",
        )


def weighted_sum(terms: Mapping[str, float | None], weights: Weights) -> float:
    """The sum of weight times value; a term that was not reached (None) adds nothing."""
    return fsum(weight * value for term, weight in weights.values if weight and (value := terms.get(term)) is not None)
