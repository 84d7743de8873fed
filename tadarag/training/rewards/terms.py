"""The reward terms by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tadarag.training.rewards.anchored import anchored
from tadarag.training.rewards.answer_gain import answer_gain
from tadarag.training.rewards.budget import budget
from tadarag.training.rewards.copying import copying
from tadarag.training.rewards.cost import cost
from tadarag.training.rewards.duplicates import duplicates
from tadarag.training.rewards.emptiness import emptiness
from tadarag.training.rewards.evidence_recall import evidence_recall
from tadarag.training.rewards.looseness import looseness
from tadarag.training.rewards.sample import Sample
from tadarag.training.rewards.validity import validity
from tadarag.training.rewards.well_formed import well_formed

Term = Callable[[Sample], float | None]
"""A pure function of a sample; None where it says nothing of it."""

TERMS: Mapping[str, Term] = {
    term.__name__: term
    for term in (
        well_formed,
        validity,
        cost,
        budget,
        duplicates,
        copying,
        emptiness,
        anchored,
        looseness,
        evidence_recall,
        answer_gain,
    )
}
"""In the order of the gates that reach them; `anchored` is logged and has no weight of its own."""
