"""The seam between candidates and the set that together answers: what a selector promises, and the untrained one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.candidates import Candidates
from tadarag.retrieval.ranking import Scores
from tadarag.values import SetChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The set that answers, best first: int64[m] `order`, each a place in the candidates and none twice, and float64[m] `scores`.

    scores: in (0, 1], falling or equal: how sure the selector is that a candidate belongs to the set. choice: what became of the question to a
    language model, None where none was asked.
    """

    order: NDArray[np.int64]
    scores: Scores
    choice: SetChoice | None = None


class Selector(Protocol):
    """Candidates in; out, the set that together answers, best first. The same candidates give the same set, whatever came before."""

    @property
    def fingerprint(self) -> str:
        """What the selection depends on beside the candidates."""
        ...

    def select(self, candidates: Candidates) -> Selection: ...


class FormulaSelector:
    """Keeps the order of formula S; needs nothing and knows nothing of sets."""

    fingerprint = "formula-s-1"

    def select(self, candidates: Candidates) -> Selection:
        """All candidates; scores are S as shares of the best."""
        highest = candidates.formula.max(initial=0.0)
        return Selection(order=np.arange(len(candidates)), scores=candidates.formula / highest if highest > 0 else candidates.formula)


def selected_scores(formula: Scores, candidates: Candidates, selection: Selection) -> Scores:
    """float64[R]: `formula`, S of all passages, with that of the candidates dealt out anew among them in the order of the selection.

    Candidates that are left out come after those that are in, in the order of S; all other passages keep what they have. So scores stay on
    one scale, whatever put the candidates in order.
    """
    is_left_out = np.ones(len(candidates), np.bool_)
    is_left_out[selection.order] = False
    order = np.concatenate([selection.order, np.flatnonzero(is_left_out)])
    scores = formula.copy()
    scores[candidates.rows[order]] = candidates.formula  # the best first
    return scores
