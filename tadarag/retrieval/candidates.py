"""The candidates of a question: the pool of passages among which the set that answers is looked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tadarag.retrieval.first_stage import FirstStage
from tadarag.retrieval.ranking import Scores, best
from tadarag.retrieval.scored import HOP_WEIGHT, LinkScores, Scored
from tadarag.retrieval.switches import LAYERS
from tadarag.store.protocol import Snapshot

N_BY_SCORE, N_BY_FIRST_STAGE, N_BY_SECOND_HOP, N_BY_REMAINDER = 80, 30, 20, 15
SECOND_HOP_SHARE, REMAINDER_SHARE = 0.2, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """A pool of passages with what is known of all passages, from which their features are computed.

    rows: int64[n], best by formula S first, ties by key. formula: float64[n], their S. titles: float64[R], t of the design. outline, core: the
    layers' scores, float64[R], 0 where they do not count.
    """

    rows: NDArray[np.int64]
    formula: Scores
    stage: FirstStage
    titles: Scores
    links: LinkScores
    outline: Scores
    core: Scores
    snapshot: Snapshot

    def __len__(self) -> int:
        return len(self.rows)


def candidates_of(scored: Scored, snapshot: Snapshot) -> Candidates | None:
    """The pool of a question (retrieval design 1.5); None where links were not followed, not all layers count, or no
    passages are named.

    The 80 best by F + 0.2 second hop + 0.3 path + 0.3 residual, F = g + 0.6 hop; the 30 best by f, the 20 best by second hop, and the 15 best
    by path and by residual each. Ties by key; passages without any of these scores never take part.
    """
    links, titles = scored.links, scored.titles
    if links is None or titles is None or scored.switched_on != LAYERS:
        return None
    stage, keys = scored.stage, snapshot.rows.keys
    path, residual = links.remainder.paths.scores, links.remainder.residual
    total = links.seeds + HOP_WEIGHT * links.first.scores + SECOND_HOP_SHARE * links.second.scores + REMAINDER_SHARE * (path + residual)
    lists = (
        (total, N_BY_SCORE),
        (stage.f, N_BY_FIRST_STAGE),
        (links.second.scores, N_BY_SECOND_HOP),
        (path, N_BY_REMAINDER),
        (residual, N_BY_REMAINDER),
    )
    chosen = [best(scores, n, keys=keys, allowed=stage.allowed & (scores > 0)) for scores, n in lists]
    pool = np.unique(np.concatenate(chosen))
    rows = pool[np.lexsort((keys[pool], -scored.scores[pool]))]
    nothing = np.zeros(len(keys))
    return Candidates(
        rows=rows,
        formula=scored.scores[rows],
        stage=stage,
        titles=titles,
        links=links,
        outline=nothing if scored.layers is None else scored.layers.outline,
        core=nothing if scored.layers is None else scored.layers.core,
        snapshot=snapshot,
    )
