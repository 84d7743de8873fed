"""Links of a sentence: the passages that its names lead to, joined at query time (nothing about links is stored)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import name_key, name_tokens
from tadarag.retrieval.first_stage import find_subjects
from tadarag.store.protocol import Snapshot

MAX_SUBJECTS_OF_A_PART = 20
MAX_PASSAGES_OF_A_MENTION = 30
MAX_PASSAGES_OF_A_PATH = 150

LinkKind = Literal["title", "part", "mention"]
WEIGHTS: dict[LinkKind, float] = {"title": 1.0, "part": 0.6, "mention": 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLink:
    """Where one name of a sentence leads: target passages int[n], how far the name covers each subject float64[n], the name's degree.

    targets of kind "mention" are given by sentence too (`target_sentences`), aligned with `targets`.
    """

    sentence: int
    name: str
    kind: LinkKind
    targets: NDArray[np.int64]
    covers: NDArray[np.float64]
    degree: int
    target_sentences: NDArray[np.int64] | None = None


class Linker:
    """Finds links of the sentences of one snapshot, and remembers them."""

    def __init__(self, snapshot: Snapshot, allowed: NDArray[np.bool_]) -> None:
        self._snapshot = snapshot
        self._allowed = allowed
        self._links: dict[int, list[SentenceLink]] = {}

    def links(self, rows: Iterable[int]) -> dict[int, list[SentenceLink]]:
        """All links of the sentences of some passages, by sentence number. A passage never links to itself."""
        starts = self._snapshot.rows.starts
        found: dict[int, list[SentenceLink]] = {}
        for row in rows:
            first, last = int(starts[row]), int(starts[row + 1])
            if first < last and first not in self._links:
                self._link_passage(row, first, last)
            for sentence in range(first, last):
                found[sentence] = self._links[sentence]
        return found

    def _link_passage(self, row: int, first: int, last: int) -> None:
        passage = self._snapshot.passage(row)
        sentence_tokens = [name_tokens(passage.sentence_text(index)) for index in range(last - first)]
        tokens = [token for tokens in sentence_tokens for token in tokens]
        borders = np.cumsum([len(tokens) for tokens in sentence_tokens]).tolist()
        subjects: dict[int, list[tuple[str, int]]] = {sentence: [] for sentence in range(first, last)}
        for start, end, key in find_subjects(tokens, self._snapshot, borders=borders):
            sentence = first + int(np.searchsorted(borders, start, side="right"))
            joint = "" if tokens[start].is_cjk else " "
            name = joint.join(token.text for token in tokens[start:end])
            if all(key != known for _, known in subjects[sentence]):
                subjects[sentence].append((name, key))
        names = self._snapshot.mention_names(row)
        for index, sentence in enumerate(range(first, last)):
            links = [self._to_subject(sentence, row, name, key) for name, key in subjects[sentence]]
            for name in names[index] if index < len(names) else ():
                links.extend(self._of_name(sentence, row, name))
            self._links[sentence] = [link for link in links if len(link.targets)]

    def _to_subject(self, sentence: int, row: int, name: str, key: int) -> SentenceLink:
        ids = self._keep(self._snapshot.postings("subject", key).ids)
        targets = ids[ids != row]
        return SentenceLink(
            sentence=sentence, name=name, kind="title", targets=targets, covers=np.ones(len(targets)), degree=max(1, len(ids))
        )

    def _of_name(self, sentence: int, row: int, name: str) -> list[SentenceLink]:
        words = name.split(" ")
        key = name_key(words)
        rows = self._snapshot.rows
        links: list[SentenceLink] = []
        if not len(self._snapshot.postings("subject", key).ids):
            ids = self._keep(self._snapshot.postings("part", key).ids)
            if 0 < len(np.unique(rows.subjects[ids])) <= MAX_SUBJECTS_OF_A_PART:
                targets = ids[ids != row]
                covers = len(words) / rows.subject_tokens[targets].astype(np.float64)
                links.append(SentenceLink(sentence=sentence, name=name, kind="part", targets=targets, covers=covers, degree=len(ids)))
        sentences = self._snapshot.postings("mention", key).ids.astype(np.int64)
        owners = rows.owners[sentences].astype(np.int64)
        keep = self._allowed[owners]
        sentences, owners = sentences[keep], owners[keep]
        degree = len(np.unique(owners))
        if 1 < degree <= MAX_PASSAGES_OF_A_PATH:
            other = owners != row
            targets, target_sentences = owners[other], sentences[other]
            ones = np.ones(len(targets))
            mention = SentenceLink(
                sentence=sentence, name=name, kind="mention", targets=targets, covers=ones, degree=degree, target_sentences=target_sentences
            )
            links.append(mention)
        return links

    def _keep(self, ids: NDArray[np.int32]) -> NDArray[np.int64]:
        return ids[self._allowed[ids]].astype(np.int64)
