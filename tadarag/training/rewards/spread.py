"""Whether a reward can teach anything: a weighted term that never varies, or an outcome that does not."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

from tadarag.errors import TrainingError
from tadarag.training.rewards.weighted import OUTCOMES, Weights

N_CHECKED = 32
"""So many scored samples must show a spread of the outcome before a run may start (training.md section 1)."""

TermValues = Mapping[str, float | None]


class FlatTerm(UserWarning):
    """A weighted reward term had one value over all scored samples."""


def flat_terms(scored: Sequence[TermValues], weights: Weights) -> tuple[str, ...]:
    """The weighted terms that have fewer than two different values over the samples, sorted by name; samples that did not reach one do not count."""
    return tuple(term for term, weight in weights.values if weight and len({one.get(term) for one in scored} - {None}) < 2)


def warn_of_flat_terms(scored: Sequence[TermValues], weights: Weights) -> tuple[str, ...]:
    """Warn (`FlatTerm`) of each weighted term that never varies; returns them."""
    flat = flat_terms(scored, weights)
    for term in flat:
        warnings.warn(
            FlatTerm(f"the reward term {term} has one value over {len(scored)} samples: its weight {weights.of(term):g} teaches nothing"),
            stacklevel=2,
        )
    return flat


def require_outcome_spread(scored: Sequence[TermValues], weights: Weights) -> None:
    """Refuse a run whose outcome terms are all flat over the first 32 samples.

    Raises TrainingError; also when there are fewer samples than that.
    """
    if len(scored) < N_CHECKED:
        raise TrainingError(f"{len(scored)} samples are too few to tell whether the reward varies", f"score {N_CHECKED} of them first")
    weighted = [term for term in OUTCOMES if weights.of(term)]
    if set(weighted) <= set(flat_terms(scored[:N_CHECKED], weights)):
        raise TrainingError(
            f"the outcome of the reward ({', '.join(weighted)}) has one value over {N_CHECKED} samples: only form would be learned",
            "look at the samples: is the gold evidence in the sources, does the answerer read the graphs, are the items all too easy or hard?",
        )
