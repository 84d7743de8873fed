"""Links that a question found are kept for the next one, for as long as the state of the base that they belong to is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tadarag.store.protocol import Rows

if TYPE_CHECKING:
    from tadarag.retrieval.links import SentenceLink

MAX_SENTENCES = 20_000
"""So many sentences' links are kept at most (about 40 MB); then all are forgotten."""
_kept: WeakKeyDictionary[Rows, dict[int, list[SentenceLink]]] = WeakKeyDictionary()


def kept_links(rows: Rows) -> dict[int, list[SentenceLink]]:
    """Links by sentence number of one state of a base, shared by all its questions; those of all live passages, without any filter.

    A snapshot that gives other postings for the same passages needs `rows` of its own.
    Whoever adds to it puts a passage's first sentence last: it says that the others are there.
    """
    links = _kept.setdefault(rows, {})
    if len(links) > MAX_SENTENCES:
        links = _kept[rows] = {}  # questions that are at work go on with what they were given
    return links
