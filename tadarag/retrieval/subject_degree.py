"""How many passages a subject stands for: what divides its worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tadarag.store.protocol import Snapshot

Ids = NDArray[np.int32] | NDArray[np.int64]

_MANY = 50


def subject_degree(called: Ids, mentioning: Ids, snapshot: Snapshot) -> int:
    """Passages that a name leads to: those that are called so, and those that mention it where it is no title or heading of any of them.

    A title says what a page is about. A first name does not: whoever else mentions it is as much about it (decisions/019). called,
    mentioning: rows. Of more than 50 that are called so none is looked at, and all count.
    """
    is_title = len(called) <= _MANY and any(snapshot.passage(row).heading_path for row in called.tolist())
    return len(called) if is_title else len(np.union1d(called, mentioning))
