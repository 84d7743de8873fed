"""Which passages may take part in a search: live ones that pass the filters, decided before anything is scored."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tadarag.store.protocol import DocumentInfo, Snapshot
from tadarag.values import Filters

_GLOB = frozenset("*?[")
_BORDER = re.compile("[/#]")


def allowed_rows(snapshot: Snapshot, filters: Filters) -> NDArray[np.bool_]:
    """bool[R]: live passages whose document passes the filters."""
    rows = snapshot.rows
    if filters == Filters():
        return rows.live
    passing = np.array([passes(info, filters) for info in snapshot.documents()], np.bool_)
    return rows.live & passing[rows.documents] if len(rows.documents) else rows.live


def passes(info: DocumentInfo, filters: Filters) -> bool:
    """Whether a document passes: any source pattern and none of `without` (a folder's name stands for all below it), the date range,
    language and domain.

    A document without a date does not pass a date range.
    """
    name = str(info.source)
    if filters.sources and not _matcher(filters.sources)(name):
        return False
    if filters.without and _matcher(filters.without)(name):
        return False
    if (filters.date_from or filters.date_to) and not info.date:
        return False
    if filters.date_from and info.date < filters.date_from[: len(info.date)]:
        return False
    if filters.date_to and info.date[: len(filters.date_to)] > filters.date_to:
        return False
    return (not filters.languages or info.language in filters.languages) and (not filters.domains or info.domain in filters.domains)


@lru_cache(maxsize=64)
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a name is one of the patterns, lies in a folder or file that one names, or fits one as a glob; asked of every document."""
    names, folders = frozenset(patterns), frozenset(pattern.rstrip("/") for pattern in patterns)
    globs = [translate(pattern) for pattern in patterns if not _GLOB.isdisjoint(pattern)]
    fits = re.compile("|".join(globs)).match if globs else None

    def matches(name: str) -> bool:
        if name in names or (fits is not None and fits(name)):
            return True
        return any(name[: border.start()] in folders for border in _BORDER.finditer(name))

    return matches
