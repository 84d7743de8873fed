"""A tagger in the place of an extractor, so that both are judged on the same windows by the same rule."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from tadarag.extraction.extractor import Unit
from tadarag.findings import Findings, FoundName
from tadarag.templates.template import Template
from tadarag.training.adapting.tagger import Tagger, best_tags, entities_of
from tadarag.training.pieces import piece_spans, windows
from tadarag.training.trunk_states import Trunk
from tadarag.values import Chunk, Document, Extraction, Span

LONGEST = 448
"""Pieces read at once; the encoder reads 512."""


class TaggerUnits:
    """Reads units with a tagger; what the template asks for is not heeded: it finds the types of its labels."""

    fingerprint = trunk = ""

    def __init__(self, network: Tagger, states: Trunk) -> None:
        self._network = network
        self._states = states

    def read(self, unit: Unit, template: Template) -> Findings:
        """The names of the likeliest tags that fit one another, in order."""
        return Findings(
            names=tuple(
                FoundName(span=Span(first, last), kind="", label=kind)
                for start, end in windows(unit.text, self._states.tokenizer, longest=LONGEST)
                for first, last, kind in self._read(unit.text, start, end)
            )
        )

    def _read(self, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
        pieces = piece_spans(text[start:end], self._states.tokenizer)
        if not pieces:
            return []
        states = torch.from_numpy(self._states.read(text[start:end]))[None]
        with torch.inference_mode():
            scores = self._network(states, torch.ones(states.shape[:2], dtype=torch.bool))[0].log_softmax(1)
            tags = best_tags(scores.numpy())
        return [(start + pieces[first][0], start + pieces[last][1], kind) for first, last, kind in entities_of(tags, self._network.types)]


class TaggerExtractor:
    """An extractor of which only the units read."""

    fingerprint = ""

    def __init__(self, network: Tagger, states: Trunk) -> None:
        self.units = TaggerUnits(network, states)

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """Not for documents: raises ValueError."""
        raise ValueError("a tagger is measured, and reads no documents")
