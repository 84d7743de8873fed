"""Texts instead of states: the shipped answerer's network over the trunk of the encoder, which reads every passage once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tadarag.models.answer_model import MANIFEST, SHIPPED_ANSWERER, AnswerModel, PieceSpan
from tadarag.models.onnx_encoder import OnnxEncoder
from tadarag.models.trunk import Trunk

MAX_PIECES = 320
"""Of a passage: what is behind is not read."""
N_KEPT = 256
"""Texts whose states are kept: about 50 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSpan:
    """Characters [start, end) of passage number `passage`, and the logit of the answer being these above that of its being nowhere."""

    passage: int
    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """What the network makes of a question and passages: `Reading` with spans in characters."""

    spans: tuple[FoundSpan, ...]
    answered: float
    relevant: float
    kinds: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLogits:
    """`Logits` of texts. pieces: of each passage, the characters at which each piece begins and ends, int32[n, 2]."""

    ends: NDArray[np.float32]
    verdicts: NDArray[np.float32]
    pieces: tuple[NDArray[np.int32], ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    """A text's states float32[pieces, width], and where its pieces stand, int32[pieces, 2]."""

    states: NDArray[np.float32]
    ranges: NDArray[np.int32]


class PassageReader:
    """An answerer's network on the trunk of `encoder`; keeps the states of the last texts.

    Threads may read at once. A result depends on the question, the lead and the passages alone. Raises ValueError when the network was
    trained on another trunk.
    """

    def __init__(self, model: AnswerModel, encoder: OnnxEncoder) -> None:
        if model.trunk != encoder.trunk:
            raise ValueError(f"the network reads {model.trunk}, not the states {encoder.trunk or 'of no trunk'}")
        self._model = model
        self._trunk = Trunk(encoder)
        self._kept: OrderedDict[str, _Stated] = OrderedDict()
        self._keeping = Lock()

    @property
    def fingerprint(self) -> str:
        """The network's own, which holds the trunk's."""
        return self._model.fingerprint

    def read(self, question: str, passages: Sequence[str], *, lead: str = "", n_spans: int = 1) -> TextReading | None:
        """Read 1 to MAX_PASSAGES passages with a question in mind; None when one of the texts has no words.

        lead: a sentence that led to the passage. n_spans: answers wanted; fewer may be found. Raises ValueError for no passage or too many.
        """
        stated = [self._states(passage) for passage in passages]
        asked, leading = self._states(question), self._states(lead) if lead else None
        if not all(len(one.states) for one in (*stated, asked)) or (leading is not None and not len(leading.states)):
            return None
        states = [one.states for one in stated]
        lead_states = None if leading is None else leading.states
        read = self._model.read(asked.states, states, lead=lead_states, n_spans=n_spans)
        spans = tuple(_found(span, stated[span.passage].ranges, passages[span.passage]) for span in read.spans)
        return TextReading(spans=spans, answered=read.answered, relevant=read.relevant, kinds=read.kinds)

    def logits(self, question: str, passages: Sequence[str]) -> TextLogits | None:
        """The network's own figures for such a reading; None and errors as of `read`."""
        stated, asked = [self._states(passage) for passage in passages], self._states(question)
        if not all(len(one.states) for one in (*stated, asked)):
            return None
        found = self._model.logits(asked.states, [one.states for one in stated])
        return TextLogits(ends=found.ends, verdicts=found.verdicts, pieces=tuple(one.ranges for one in stated))

    def _states(self, text: str) -> _Stated:
        with self._keeping:
            known = self._kept.get(text)
            if known is not None:
                self._kept.move_to_end(text)
                return known
        states, ranges = self._trunk.read(text)
        stated = _Stated(states[:MAX_PIECES], ranges[:MAX_PIECES])
        with self._keeping:
            self._kept[text] = stated
            while len(self._kept) > N_KEPT:
                self._kept.popitem(last=False)
        return stated


def load_passage_reader(encoder: object, folder: Path = SHIPPED_ANSWERER) -> PassageReader | None:
    """A reader with the network that comes with tadarag, on `encoder`; None when that is not the shipped encoder, whose states it reads, or
    this installation has no such network.

    Cheap: files are opened at the first text. Raises ModelFileDamaged for an unusable manifest.
    """
    if not isinstance(encoder, OnnxEncoder) or not (folder / MANIFEST).exists():
        return None
    model = AnswerModel(folder)
    return PassageReader(model, encoder) if model.trunk == encoder.trunk else None


def _found(span: PieceSpan, ranges: NDArray[np.int32], text: str) -> FoundSpan:
    """A span of pieces in characters, without white space at its ends."""
    start, end = int(ranges[span.first, 0]), int(ranges[span.last, 1])
    while start < end - 1 and text[start].isspace():
        start += 1
    while end - 1 > start and text[end - 1].isspace():
        end -= 1
    return FoundSpan(passage=span.passage, start=start, end=end, margin=span.margin)
