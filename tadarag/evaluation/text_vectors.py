"""Vectors of texts for an evaluation, each text encoded once however many systems ask for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tadarag.evaluation.costs import usable_cores
from tadarag.evaluation.indexing import Progress
from tadarag.models.encoder import Encoder, EncodingRequest, Kind, read_all
from tadarag.models.quantization import quantize


class TextVectors:
    """The product's vectors of texts, as it stores them: int8 with one scale each."""

    def __init__(self, encoder: Encoder, progress: Progress) -> None:
        self._encoder = encoder
        self._progress = progress
        self._known: dict[tuple[Kind, str], tuple[NDArray[np.int8], np.float32]] = {}

    def stored(self, texts: Sequence[str], *, stage: str, kind: Kind = "passage") -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """int8[n, d] and float32[n] scales of the texts, in their order. stage: what progress calls it."""
        missing = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
        requests = (EncodingRequest(text, kind=kind) for text in missing)
        for done, (text, encoded) in enumerate(
            zip(missing, read_all(self._encoder, requests, workers=usable_cores()), strict=True), start=1
        ):
            values, scales = quantize(encoded.vector[None, :])
            self._known[kind, text] = (values[0], scales[0])
            self._progress(stage, done, len(missing))
        if not texts:
            return np.empty((0, self._encoder.dimension), np.int8), np.empty(0, np.float32)
        rows, scales_of_rows = zip(*(self._known[kind, text] for text in texts), strict=True)
        return np.stack(rows), np.array(scales_of_rows, np.float32)

    def unit(self, texts: Sequence[str], *, stage: str) -> NDArray[np.float32]:
        """float32[n, d]: the same vectors, widened and scaled to unit length."""
        values, _ = self.stored(texts, stage=stage)
        wide = values.astype(np.float32)
        norms = np.linalg.norm(wide, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(wide, norms, out=np.zeros_like(wide), where=norms > 0)
        return unit
