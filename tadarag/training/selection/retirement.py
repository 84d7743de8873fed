"""Items that left the band for good: counted anew after every epoch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tadarag.training.selection.band import reason_outside
from tadarag.training.selection.difficulty import GROUP
from tadarag.training.selection.rollouts import Rollouts

N_EPOCHS = 2


def count_outside(before: Mapping[str, int], epoch: Iterable[Rollouts], *, group: int = GROUP) -> dict[str, int]:
    """For each item the epochs in a row that it has been outside the band, after one more; 0 for one inside. Pure: give it what it returned.

    Items without rollouts in the epoch keep their count, and so do retired ones: they are not asked again.
    """
    counts = dict(before)
    for one in epoch:
        if counts.get(one.item, 0) < N_EPOCHS:
            counts[one.item] = counts.get(one.item, 0) + 1 if reason_outside(one, group=group) else 0
    return dict(sorted(counts.items()))


def retired(counts: Mapping[str, int]) -> frozenset[str]:
    """The items that were outside the band for two epochs in a row."""
    return frozenset(item for item, count in counts.items() if count >= N_EPOCHS)
