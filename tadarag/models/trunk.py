"""The lower layers of the shipped encoder, run alone: trunk states of a text without its vector."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tadarag.models.model_files import open_session
from tadarag.models.onnx_encoder import OnnxEncoder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_FILE, _WEIGHTS = "trunk.onnx", "model.onnx"


class Trunk:
    """The layers of `encoder` up to its trunk, for a third of the cost of a whole pass.

    Its file holds no weights: it points into the encoder's own. Any number of threads may read, each run on the thread that asks for it.
    """

    def __init__(self, encoder: OnnxEncoder) -> None:
        self._encoder = encoder
        self._opened: InferenceSession | None = None
        self._opening = Lock()

    def read(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """States float32[tokens, width] and offsets int32[tokens, 2] of a passage, the bytes that `OnnxEncoder.read` gives beside a vector.

        Raises ModelFileDamaged when a file is not the manifest's.
        """
        pieces = self._encoder.pieces(text)
        states: NDArray[np.float32] = self._session.run(None, {"input_ids": pieces.ids})[0][0]
        return states[pieces.of_text], pieces.text_ranges

    @property
    def _session(self) -> InferenceSession:
        with self._opening:
            if self._opened is None:
                self._encoder.checked_file(_WEIGHTS)
                self._opened = open_session(self._encoder.checked_file(_FILE))
            return self._opened
