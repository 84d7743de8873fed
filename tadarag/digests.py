"""The three digests that say whether two bases are equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from tadarag.document_json import canonical_json
from tadarag.store.export import truth_digest, vectors_digest
from tadarag.store.protocol import Store
from tadarag.values import Hit


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of the truth, of the vectors, and of the answers to given questions; equal bases have equal digests whatever their history."""

    truth: str
    vectors: str
    answers: str


def digests_of(store: Store, hits_by_question: Iterable[Sequence[Hit]]) -> Digests:
    """The digests of a base, the last of them over ids and scores (to 1e-6) of what each question retrieves."""
    found = [[[str(hit.passage.source), hit.passage.chunk, round(hit.score, 6)] for hit in hits] for hits in hits_by_question]
    answers = sha256(canonical_json(found).encode("utf-8", "surrogatepass")).hexdigest()
    return Digests(truth_digest(store), vectors_digest(store), answers)
