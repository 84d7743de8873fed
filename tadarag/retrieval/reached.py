"""Where links lead: what each followed link gives each passage, and the best of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.links import LinkKind, SentenceLink
from tadarag.retrieval.ranking import Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Followed links, one entry for each passage that each leads to: int64[n] `targets`, float64[n] `values`, int32[n] `via`.

    via: index into `links`; entries stand in the order in which the links were followed. seeds: for each link the place of the passage it
    starts from among the seed passages, best first; matches: how well its sentence matches the question, in [0, 1].
    """

    targets: NDArray[np.int64]
    values: Scores
    via: NDArray[np.int32]
    links: tuple[SentenceLink, ...]
    seeds: NDArray[np.int32]
    matches: Scores

    def of_kind(self, kind: LinkKind) -> NDArray[np.bool_]:
        """bool[n]: entries whose link is of a kind."""
        return np.array([link.kind == kind for link in self.links], np.bool_)[self.via]


def no_steps() -> Steps:
    """No link followed."""
    return make_steps((), np.zeros(0), seeds=(), matches=())


def make_steps(links: Sequence[SentenceLink], values: Scores, *, seeds: Sequence[int], matches: Sequence[float]) -> Steps:
    """Steps along some links; values float64[n] belong to the links' targets, link by link."""
    widths = [len(link.targets) for link in links]
    return Steps(
        targets=np.concatenate([np.zeros(0, np.int64), *(link.targets for link in links)]),
        values=values,
        via=np.repeat(np.arange(len(links), dtype=np.int32), widths),
        links=tuple(links),
        seeds=np.array(seeds, np.int32),
        matches=np.array(matches, np.float64),
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """Scores float64[R], the link by which each passage was reached best (-1: not reached; the first of equals), and all steps.

    via: index into `steps.links`.
    """

    scores: Scores
    via: NDArray[np.int32]
    steps: Steps

    @classmethod
    def nothing(cls, n_rows: int) -> Reached:
        """No passage reached."""
        return cls(np.zeros(n_rows), np.full(n_rows, -1, np.int32), no_steps())

    @classmethod
    def by(cls, steps: Steps, n_rows: int) -> Reached:
        """The best of some steps for each of n_rows passages."""
        scores, via = np.zeros(n_rows), np.full(n_rows, -1, np.int32)
        np.maximum.at(scores, steps.targets, steps.values)
        is_best = np.flatnonzero((steps.values == scores[steps.targets]) & (steps.values > 0))[::-1]
        via[steps.targets[is_best]] = steps.via[is_best]  # the last assignment stays: the first of equal steps
        return cls(scores, via, steps)
