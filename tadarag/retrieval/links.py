"""Links of a sentence: the passages that its names lead to, joined at query time (nothing about links is stored)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tadarag.analysis import is_cjk, name_key, name_words
from tadarag.retrieval.first_stage import find_subjects
from tadarag.retrieval.link_memory import kept_links
from tadarag.retrieval.subject_degree import subject_degree
from tadarag.store.protocol import Snapshot

MAX_SUBJECTS_OF_A_PART = 20
MAX_PASSAGES_OF_A_MENTION = 30
MAX_PASSAGES_OF_A_PATH = 150

_NONE: NDArray[np.int64] = np.zeros(0, np.int64)

LinkKind = Literal["title", "part", "mention"]
WEIGHTS: dict[LinkKind, float] = {"title": 1.0, "part": 0.6, "mention": 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLink:
    """Where one name of a sentence leads: target passages int64[n], each once and rising, how far the name covers their subjects
    float64[n], and the name's degree (live passages it leads to, the sentence's own among them; for a subject `subject_degree`).

    target_sentences: for kind "mention" the sentences int64[m] that share it, rising; `sentence_targets` int64[m] are their passages as
    indexes into `targets`.
    """

    sentence: int
    name: str
    kind: LinkKind
    targets: NDArray[np.int64]
    covers: NDArray[np.float64]
    degree: int
    target_sentences: NDArray[np.int64]
    sentence_targets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sharing:
    """Allowed sentences that share a name, int64[m] and rising; their passages int64[m]; and these passages, each once."""

    sentences: NDArray[np.int64]
    owners: NDArray[np.int64]
    passages: NDArray[np.int64]


_SHARED_BY_NONE = _Sharing(_NONE, _NONE, _NONE)


class Links(Protocol):
    """Where the sentences of a base lead to, and who leads back."""

    def links(self, rows: Iterable[int]) -> dict[int, list[SentenceLink]]:
        """All links of the sentences of some passages, by sentence number. A passage never links to itself."""
        ...

    def mentioning(self, key: int, kind: LinkKind) -> NDArray[np.int64]:
        """The passages that mention a name by which a passage is called, one entry a sentence; kind: what the name is to that passage."""
        ...


class Linker:
    """Finds links of the sentences of one snapshot, and remembers them; without filters, for later questions too."""

    def __init__(self, snapshot: Snapshot, allowed: NDArray[np.bool_]) -> None:
        self._snapshot = snapshot
        self._allowed = allowed
        self._links: dict[int, list[SentenceLink]] = kept_links(snapshot.rows) if allowed is snapshot.rows.live else {}
        self._sharing: dict[int, _Sharing] = {}

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

    def mentioning(self, key: int, kind: LinkKind) -> NDArray[np.int64]:
        """The passages that mention a name, one entry a sentence; whatever the name is to the passage that is called so."""
        return self._snapshot.rows.owners[self._snapshot.postings("mention", key).ids].astype(np.int64)

    def _link_passage(self, row: int, first: int, last: int) -> None:
        passage = self._snapshot.passage(row)
        sentence_words = [name_words(passage.sentence_text(index)) for index in range(last - first)]
        words = [word for words in sentence_words for word in words]
        borders = np.cumsum([len(words) for words in sentence_words]).tolist()
        subjects: dict[int, list[tuple[str, int]]] = {sentence: [] for sentence in range(first, last)}
        for start, end, key in find_subjects(words, self._snapshot, borders=borders):
            sentence = first + int(np.searchsorted(borders, start, side="right"))
            joint = "" if is_cjk(words[start][0]) else " "
            name = joint.join(word.lower() for word in words[start:end])
            if all(key != known for _, known in subjects[sentence]):
                subjects[sentence].append((name, key))
        names = self._snapshot.mention_names(row)
        keys = {name: name_key(name.split(" ")) for of_sentence in names for name in of_sentence}
        is_subject, is_part = self._known_names(keys)
        for index, sentence in reversed(list(enumerate(range(first, last)))):  # the first one last: then all are there
            links: list[SentenceLink | None] = [self._to_subject(sentence, row, name, key) for name, key in subjects[sentence]]
            for name in names[index] if index < len(names) else ():
                if name in is_part and name not in is_subject:
                    links.append(self._to_whole(sentence, row, name, keys[name]))
                links.append(self._to_mentions(sentence, row, name, keys[name]))
            self._links[sentence] = [link for link in links if link is not None and len(link.targets)]

    def _known_names(self, keys: Mapping[str, int]) -> tuple[set[str], set[str]]:
        """Which names are subjects, and which are parts of subjects; asked for all names of a passage at once."""
        asked = np.array(list(keys.values()), np.uint64)
        subjects, parts = self._snapshot.known("subject", asked), self._snapshot.known("part", asked)
        return set(compress(keys, subjects.tolist())), set(compress(keys, parts.tolist()))

    def _to_subject(self, sentence: int, row: int, name: str, key: int) -> SentenceLink:
        ids = self._keep(self._snapshot.postings("subject", key).ids)
        targets = ids[ids != row]
        degree = subject_degree(ids, self._shared(key).passages, self._snapshot)
        return _to_passages(sentence, name, "title", targets, np.ones(len(targets)), degree)

    def _to_whole(self, sentence: int, row: int, name: str, key: int) -> SentenceLink:
        """The subjects of which a name is a part, unless they are too many to mean anything."""
        rows = self._snapshot.rows
        ids = self._keep(self._snapshot.postings("part", key).ids)
        if len(set(rows.subjects[ids].tolist())) > MAX_SUBJECTS_OF_A_PART:
            ids = ids[:0]
        targets = ids[ids != row]
        covers = (name.count(" ") + 1) / rows.subject_tokens[targets].astype(np.float64)
        return _to_passages(sentence, name, "part", targets, covers, len(ids))

    def _to_mentions(self, sentence: int, row: int, name: str, key: int) -> SentenceLink | None:
        """The sentences of other passages that mention a name; None where there are none, or the name is everywhere."""
        sharing = self._shared(key)
        if len(sharing.passages) < 2 or len(sharing.passages) > MAX_PASSAGES_OF_A_PATH:  # the sentence's own passage is one of them
            return None
        keep = sharing.owners != row
        targets = sharing.passages[sharing.passages != row]
        owners = sharing.owners[keep]
        return SentenceLink(
            sentence=sentence,
            name=name,
            kind="mention",
            targets=targets,
            covers=np.ones(len(targets)),
            degree=len(targets) + 1,
            target_sentences=sharing.sentences[keep],
            sentence_targets=targets.searchsorted(owners),
        )

    def _shared(self, key: int) -> _Sharing:
        if key not in self._sharing:
            self._sharing[key] = self._find_sharing(key)
        return self._sharing[key]

    def _find_sharing(self, key: int) -> _Sharing:
        sentences = self._snapshot.postings("mention", key).ids
        if len(sentences) < 2:  # most names: they stand in one sentence only, which leads nowhere
            return _SHARED_BY_NONE
        owners = self._snapshot.rows.owners[sentences]
        keep = self._allowed[owners]
        if not keep.all():
            sentences, owners = sentences[keep], owners[keep]
        is_first = np.ones(len(owners), np.bool_)
        is_first[1:] = owners[1:] != owners[:-1]  # postings rise, so that a passage's sentences stand together
        passages = owners[is_first].astype(np.int64)
        return _Sharing(sentences.astype(np.int64), owners.astype(np.int64), passages)

    def _keep(self, ids: NDArray[np.int32]) -> NDArray[np.int64]:
        return ids[self._allowed[ids]].astype(np.int64)


def _to_passages(
    sentence: int, name: str, kind: LinkKind, targets: NDArray[np.int64], covers: NDArray[np.float64], degree: int
) -> SentenceLink:
    return SentenceLink(
        sentence=sentence,
        name=name,
        kind=kind,
        targets=targets,
        covers=covers,
        degree=max(1, degree),
        target_sentences=_NONE,
        sentence_targets=_NONE,
    )
