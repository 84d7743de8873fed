"""The extractor's seam: one document in, mentions with exact spans and relations with their evidence out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tadarag.values import Chunk, Document, Extraction


class Extractor(Protocol):
    """Finds mentions and relations in one document; a pure function of the document, the chunks and the fingerprint.

    fingerprint: names the rules or the model and its version; another fingerprint means another result for equal text.
    """

    @property
    def fingerprint(self) -> str: ...

    def extract(self, document: Document, chunks: Sequence[Chunk]) -> Extraction:
        """Mentions sorted by span, each inside one sentence of one chunk; `document.text[span] == mention.text` for every one.

        `entities` of the result are the single mentions that take part in relations; clusters are made by `graph.resolve`.
        Never changes its input.
        """
        ...
