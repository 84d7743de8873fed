"""The extractor's seam: a document and a template in, mentions with exact spans and relations with their evidence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Extraction, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One chunk as a chunk extractor reads it.

    sentences: ranges in `text`. context: what the encoder read before the text (the heading path), "" for nothing. states: float32[tokens, d]
    of an encoder pass over context + text, None when there was none; offsets: int32[tokens, 2], the tokens' ranges in `text`, below zero for
    those of the context.
    """

    text: str
    sentences: tuple[Span, ...]
    context: str = ""
    language: str = "und"
    states: NDArray[np.float32] | None = None
    offsets: NDArray[np.int32] | None = None


class UnitExtractor(Protocol):
    """A model that reads one chunk at a time; a pure function of the unit, the template and the fingerprint.

    fingerprint: names the model and its version. trunk: which encoder states it reads (`Encoder.trunk`), "" for none; a unit without
    states makes it compute its own. States of another trunk are never given to it.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def trunk(self) -> str: ...

    def read(self, unit: Unit, template: Template) -> Findings:
        """What stands in the unit, in the template's terms; nothing that does not stand there. Threads may call it at once.

        Raises ModelError where the model cannot be asked.
        """
        ...


@runtime_checkable
class PairExtractor(Protocol):
    """A unit extractor that can also say what holds between names that are given to it."""

    def read_pairs(self, unit: Unit, template: Template, names: Sequence[FoundName]) -> tuple[FoundFact, ...]:
        """Facts between any two of `names`, by their indexes; each name's `label` is a type of the template."""
        ...


class Extractor(Protocol):
    """Finds mentions and relations in one document; a pure function of the document, chunks, template, findings and fingerprint.

    fingerprint: names the rules or the model and its version; another fingerprint means another result for equal text. units: reads the
    chunks one by one before the document is put together, so that equal chunks are read once; None where nothing is read so.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def units(self) -> UnitExtractor | None: ...

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """Mentions sorted by span, each inside one sentence of one chunk; `document.text[span] == mention.text` for every one.

        findings: of `units`, one for each chunk; none where there are no units. `entities` of the result are the single mentions that take
        part in relations; clusters are made by `graph.resolve`. Never changes its input.
        """
        ...
