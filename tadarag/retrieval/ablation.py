"""What a kind of link or a layer is worth: it is left out, or it leads to other passages than it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.errors import UsageError
from tadarag.nearest import nearest
from tadarag.retrieval.links import LinkKind, Links, SentenceLink
from tadarag.store.protocol import Rows

LINK_PARTS: Mapping[str, LinkKind] = {"title-link": "title", "part-link": "part", "mention-link": "mention"}
"""Links of sentences by what their names are to the passages that they lead to: the subject, a part of it, a name that is mentioned there too."""
SCORE_PARTS = ("residual", "title", "outline", "core")
"""Lists of scores by passage that count beside the links."""
PARTS = (*LINK_PARTS, *SCORE_PARTS)
SUBJECT_PARTS = frozenset({"title", "title-link", "part-link"})
"""What counts on passages being called what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation:
    """Parts of a score that are left out, and parts whose passages are exchanged by one permutation of all passages, drawn with the seed.

    A permuted link keeps its name, weight and degree and how many passages it leads to. Raises UsageError for a name that no part has, and for
    one that is left out and permuted.
    """

    left_out: frozenset[str] = frozenset()
    permuted: frozenset[str] = frozenset()
    seed: int = 13

    def __post_init__(self) -> None:
        for name in sorted(self.left_out | self.permuted):
            if name not in PARTS:
                raise UsageError(f"a score has no part {name!r}", nearest(name, PARTS))
        if both := self.left_out & self.permuted:
            raise UsageError(f"{min(both)} cannot be left out and permuted", "choose one of the two")

    def without(self, parts: frozenset[str]) -> Ablation:
        """The same with more parts left out."""
        return Ablation(left_out=self.left_out | parts, permuted=self.permuted - parts, seed=self.seed)

    def kinds(self, parts: frozenset[str]) -> frozenset[LinkKind]:
        """The kinds of links among some parts."""
        return frozenset(kind for part, kind in LINK_PARTS.items() if part in parts)


NOTHING = Ablation()
"""The product as it is."""


class Effect:
    """An ablation over the passages of one question: what of its links and scores is left, and where it leads.

    rows, allowed: those of the snapshot that is asked; only passages that may take part are exchanged.
    """

    def __init__(self, ablation: Ablation, rows: Rows, allowed: NDArray[np.bool_]) -> None:
        self._ablation = ablation
        self._rows = rows
        self._moved = exchanged(rows, allowed, ablation.seed) if ablation.permuted else np.zeros(0, np.int64)

    def scores(self, part: str, values: NDArray[Any]) -> NDArray[Any]:
        """What a part gives each passage, [R]: zeros where it is left out; where it is permuted each passage has another's."""
        if part in self._ablation.left_out:
            return np.zeros_like(values)
        if part not in self._ablation.permuted:
            return values
        moved = np.empty_like(values)
        moved[self._moved] = values
        return moved

    def links(self, links: Links) -> Links:
        """The links that are followed; the very same where none is changed."""
        left_out, permuted = (self._ablation.kinds(parts) for parts in (self._ablation.left_out, self._ablation.permuted))
        return AblatedLinks(links, self._rows, self._moved, left_out=left_out, permuted=permuted) if left_out | permuted else links


def exchanged(rows: Rows, allowed: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """int64[R]: for each passage another one, by a permutation of all allowed passages with sentences; the others stay.

    Passages are drawn in the order of their keys, so that the permutation does not depend on numbering.
    """
    members = np.flatnonzero(allowed & (np.diff(rows.starts) > 0))
    members = members[np.argsort(rows.keys[members])]
    moved = np.arange(len(rows.keys))
    moved[members] = np.random.default_rng(seed).permutation(members)
    return moved


class AblatedLinks:
    """Links of which some kinds are missing and some lead astray. moved: int64[R], for each passage the one that is reached in its place."""

    def __init__(
        self,
        links: Links,
        rows: Rows,
        moved: NDArray[np.int64],
        *,
        left_out: frozenset[LinkKind],
        permuted: frozenset[LinkKind],
    ) -> None:
        self._links = links
        self._rows = rows
        self._moved = moved
        self._left_out = left_out
        self._permuted = permuted

    def links(self, rows: Iterable[int]) -> dict[int, list[SentenceLink]]:
        """All links of the sentences of some passages, by sentence number. A passage never links to itself."""
        found = self._links.links(rows)
        return {sentence: [link for one in of_sentence for link in self._changed(one)] for sentence, of_sentence in found.items()}

    def mentioning(self, key: int, kind: LinkKind) -> NDArray[np.int64]:
        """The passages that mention a name by which a passage is called, one entry a sentence."""
        if kind in self._left_out:
            return np.zeros(0, np.int64)
        found = self._links.mentioning(key, kind)
        return self._moved[found] if kind in self._permuted else found

    def _changed(self, link: SentenceLink) -> list[SentenceLink]:
        if link.kind in self._left_out:
            return []
        if link.kind not in self._permuted:
            return [link]
        moved = _led_astray(link, self._rows, self._moved)
        return [moved] if len(moved.targets) else []


def _led_astray(link: SentenceLink, rows: Rows, moved: NDArray[np.int64]) -> SentenceLink:
    """The link with each target exchanged; a shared mention stands in a sentence of the passage that is reached instead."""
    here = int(rows.owners[link.sentence])
    targets = moved[link.targets]
    order = np.argsort(targets)
    order = order[targets[order] != here]
    owners = link.targets[link.sentence_targets]
    instead = moved[owners]
    widths = rows.starts[instead + 1] - rows.starts[instead]
    sentences = rows.starts[instead] + (link.target_sentences - rows.starts[owners]) % np.maximum(widths, 1)
    sentences = np.unique(sentences[instead != here])
    return replace(
        link,
        targets=targets[order],
        covers=link.covers[order],
        target_sentences=sentences,
        sentence_targets=targets[order].searchsorted(rows.owners[sentences]),
    )
