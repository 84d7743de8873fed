"""Which passages may take part in a search: live ones that pass the filters, decided before anything is scored."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from tadarag.store.protocol import DocumentInfo, Snapshot
from tadarag.values import Filters


def allowed_rows(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_]:
    """bool[R]: live passages whose document passes the filters."""
    rows = snapshot.rows
    if filters == Filters():
        return rows.live
    passing = np.array([passes(info, filters) for info in snapshot.documents()], np.bool_)
    return rows.live & passing[rows.documents] if len(rows.documents) else rows.live


def passes(info: DocumentInfo, filters: Filters) -> bool:
    """Whether a document passes: any source pattern (a folder's name stands for all below it), the date range, language and domain.

    A document without a date does not pass a date range.
    """
    name = str(info.source)
    if filters.sources and not any(_matches(name, pattern) for pattern in filters.sources):
        return False
    if (filters.date_from or filters.date_to) and not info.date:
        return False
    if filters.date_from and info.date < filters.date_from[: len(info.date)]:
        return False
    if filters.date_to and info.date[: len(filters.date_to)] > filters.date_to:
        return False
    return (not filters.languages or info.language in filters.languages) and (not filters.domains or info.domain in filters.domains)


def _matches(name: str, pattern: str) -> bool:
    folder = pattern.rstrip("/")
    return name == pattern or name.startswith((f"{folder}/", f"{folder}#")) or fnmatchcase(name, pattern)
