"""Trunk states of training texts, computed once with the shipped encoder and kept on disk as float16."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tadarag.models.onnx_encoder import SHIPPED_FOLDER
from tadarag.training.pieces import PREFIX

WIDTH, MAX_TOKENS = 384, 512


class Trunk:
    """The shipped encoder up to one of its named layers, without the layers above: a third of the work of a whole pass."""

    def __init__(self, layer: int, folder: Path = SHIPPED_FOLDER) -> None:
        import onnx
        from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        lower = onnx.utils.Extractor(onnx.load(folder / "model.onnx")).extract_model(["input_ids"], [f"hidden_{layer}"])
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL
        self._session = InferenceSession(lower.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoder = json.loads((folder / "encoder.json").read_text("utf-8"))["fingerprint"]
        self.fingerprint = f"{encoder}/hidden_{layer}"

    def read(self, text: str) -> NDArray[np.float32]:
        """States float32[pieces, width] of the text's own pieces, those of `piece_spans`, one for one.

        Raises ValueError for a text of more pieces than the encoder reads.
        """
        encoding = self.tokenizer.encode(PREFIX + text)
        if len(encoding.ids) > MAX_TOKENS:
            raise ValueError(f"a text of {len(encoding.ids)} pieces, and the encoder reads {MAX_TOKENS}: {text[:60]!r}")
        states: NDArray[np.float32] = self._session.run(None, {"input_ids": np.array([encoding.ids], np.int64)})[0][0]
        offsets = np.array(encoding.offsets) - len(PREFIX)
        own: NDArray[np.float32] = states[offsets[:, 1] > np.maximum(offsets[:, 0], 0)]
        return own


def compute_states(
    texts: Sequence[str], trunk: Trunk, folder: Path, *, workers: int = 2, report: Callable[[str], None] = lambda message: None
) -> None:
    """Keep the states of all texts in `folder` under a hash of the texts and the trunk; nothing is done where they are there already."""
    states_file, starts_file = _files(texts, trunk, folder)
    if starts_file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    starts = [0]
    unfinished = states_file.with_suffix(".unfinished")
    with unfinished.open("wb") as out, ThreadPoolExecutor(workers) as pool:
        for done, states in enumerate(pool.map(trunk.read, texts), start=1):
            out.write(states.astype(np.float16).tobytes())
            starts.append(starts[-1] + len(states))
            if done % 500 == 0:
                report(f"{done} of {len(texts)} texts read")
    os.replace(unfinished, states_file)
    starts_file.write_text(json.dumps(starts), "utf-8")


def kept_states(texts: Sequence[str], trunk: Trunk, folder: Path) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """What `compute_states` has kept: float16[pieces of all, width], mapped from disk, and where each text starts, int64[texts + 1].

    Raises FileNotFoundError when it was not called with these texts.
    """
    states_file, starts_file = _files(texts, trunk, folder)
    starts = json.loads(starts_file.read_text("utf-8"))
    states = np.memmap(states_file, np.float16, "r").reshape(starts[-1], WIDTH) if starts[-1] else np.zeros((0, WIDTH), np.float16)
    return states, np.array(starts, np.int64)


def _files(texts: Sequence[str], trunk: Trunk, folder: Path) -> tuple[Path, Path]:
    key = hashlib.sha256("\0".join([trunk.fingerprint, *texts]).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"{key}.f16", folder / f"{key}.json"


def name_vectors(words: Sequence[str], encoder: Any) -> NDArray[np.float32]:
    """One vector a name, float32[names, width]: what the frozen encoder reads in its words."""
    if not words:
        return np.zeros((0, WIDTH), np.float32)
    return np.stack([encoder.read(one, kind="query").vector for one in words])
