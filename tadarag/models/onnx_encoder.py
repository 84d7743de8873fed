"""The shipped encoder on onnxruntime: one text a run, each run on the thread that asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tadarag.models.encoder import Kind, check_spans, unit_vector
from tadarag.models.model_files import checked_file, open_session, read_manifest
from tadarag.values import Encoded, Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

SHIPPED_FOLDER = Path(__file__).parent / "files" / "encoder"
TRUNK = "hidden_4"
"""The shipped encoder's output that heads are trained on; the layers below it never change."""
_MODEL, _TOKENIZER, _MANIFEST = "model.onnx", "tokenizer.json", "encoder.json"
_SURROGATE = re.compile("[\ud800-\udfff]")
_REQUIRED = frozenset({"fingerprint", "dimension", "max_tokens", "prefixes", "outputs", "files"})


def load_shipped() -> OnnxEncoder:
    """The encoder that comes with tadarag. Cheap: its files are opened at the first text."""
    return OnnxEncoder(SHIPPED_FOLDER, trunk=TRUNK)


def shipped_fingerprint() -> str:
    """The fingerprint of the shipped encoder, from its manifest alone."""
    return str(read_manifest(SHIPPED_FOLDER / _MANIFEST, required=_REQUIRED)["fingerprint"])


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: InferenceSession
    tokenizer: Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What goes into a run, and where its pieces stand in the text.

    ids: int64[1, tokens]. ranges: int64[tokens, 2], below zero in the prefix. of_text: bool[tokens], neither mark nor prefix.
    """

    ids: NDArray[np.int64]
    ranges: NDArray[np.int64]
    of_text: NDArray[np.bool_]

    @property
    def text_ranges(self) -> NDArray[np.int32]:
        """Ranges of the text's own pieces, int32[tokens of the text, 2]."""
        return np.maximum(self.ranges[self.of_text], 0).astype(np.int32)  # the first piece takes in the space after the prefix


class OnnxEncoder:
    """An encoder from a folder with model.onnx, tokenizer.json and encoder.json.

    One session serves every thread. It runs each text on the calling thread alone, so N threads are N single-threaded runs: measured
    as fast as N sessions, bit-equal to them, and the weights are in memory once. Texts are never batched: with activations quantised
    per run, a neighbour in a batch would change the vector.
    trunk: the output that `read` returns as states, such as "hidden_6"; None for no states. Raises ModelFileDamaged for an unusable
    manifest; the other files are checked against their sha256 when the first text comes.
    """

    def __init__(self, folder: Path, *, trunk: str | None = None) -> None:
        self._folder = folder
        self._manifest = read_manifest(folder / _MANIFEST, required=_REQUIRED)
        if trunk is not None and trunk not in self._manifest["outputs"]:
            raise ValueError(f"{folder} has no output {trunk!r}; choose one of: {', '.join(self._manifest['outputs'])}")
        self._outputs = [self._manifest["outputs"][0], *([trunk] if trunk else [])]
        self._trunk = f"{self.fingerprint}/{trunk}" if trunk else ""
        self._opened: _Loaded | None = None
        self._opening = Lock()

    @property
    def fingerprint(self) -> str:
        """sha256 over the model's and the tokenizer's bytes."""
        return str(self._manifest["fingerprint"])

    @property
    def trunk(self) -> str:
        """The fingerprint and the name of the output, "" for no states."""
        return self._trunk

    @property
    def dimension(self) -> int:
        """Floats in a vector."""
        return int(self._manifest["dimension"])

    @property
    def max_tokens(self) -> int:
        """Tokens that one run can hold, prefix and marks included; the rest of a longer text is cut."""
        return int(self._manifest["max_tokens"])

    def read(self, text: str, sentence_spans: Sequence[Span] = (), *, kind: Kind = "passage") -> Encoded:
        """See `Encoder.read`. A sentence's vector is the mean of the states whose tokens' midpoints lie in its span, from the same run."""
        check_spans(text, sentence_spans)
        pieces = self.pieces(text, kind=kind)
        states = self._loaded.session.run(self._outputs, {"input_ids": pieces.ids})
        final: NDArray[np.float32] = states[0][0]  # [tokens, dimension]
        vector = unit_vector(final.mean(axis=0), str(self._folder))
        ranges, of_text = pieces.ranges, pieces.of_text
        middles = ranges.mean(axis=1)
        sentence_vectors = np.empty((len(sentence_spans), self.dimension), np.float32)
        for row, span in enumerate(sentence_spans):
            inside = of_text & (middles >= span.start) & (middles < span.end)
            sentence_vectors[row] = unit_vector(final[inside].mean(axis=0), str(self._folder)) if inside.any() else vector
        if len(states) == 1:
            return Encoded(vector=vector, sentence_vectors=sentence_vectors)
        return Encoded(vector=vector, sentence_vectors=sentence_vectors, states=states[1][0][of_text], offsets=pieces.text_ranges)

    def pieces(self, text: str, *, kind: Kind = "passage") -> Pieces:
        """The word pieces of a text as a run takes them: with prefix and marks, cut to `max_tokens`."""
        prefix: str = self._manifest["prefixes"][kind]
        encoding = self._loaded.tokenizer.encode(prefix + _without_surrogates(text))
        ids, offsets = _cut(encoding.ids, encoding.offsets, self.max_tokens)
        ranges = offsets - len(prefix)
        of_text = ranges[:, 1] > np.maximum(ranges[:, 0], 0)  # neither marks (empty) nor prefix (ends at or before 0)
        return Pieces(ids=np.array([ids], np.int64), ranges=ranges, of_text=of_text)

    def count_tokens(self, text: str) -> int:
        """Word pieces in `text`, uncut, without prefix and marks."""
        return len(self._loaded.tokenizer.encode(_without_surrogates(text), add_special_tokens=False).ids)

    def verify(self) -> None:
        """Read every file and compare it with the manifest. Raises ModelFileDamaged naming file, expected and found hash."""
        for name in self._manifest["files"]:
            self.checked_file(name)

    def checked_file(self, name: str) -> Path:
        """The path of one of the model's files, once its sha256 is found to be the manifest's. Raises ModelFileDamaged."""
        return checked_file(self._folder, self._manifest, name)

    @property
    def _loaded(self) -> _Loaded:
        with self._opening:  # many threads may bring the first text
            if self._opened is None:
                # Side by side: hashing and opening the model let go of the interpreter's lock while the tokenizer is parsed.
                with ThreadPoolExecutor(1) as pool:
                    session = pool.submit(lambda: open_session(self.checked_file(_MODEL)))
                    tokenizer = _open_tokenizer(self.checked_file(_TOKENIZER))
                    self._opened = _Loaded(session.result(), tokenizer)
            return self._opened


def _open_tokenizer(file: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(file))


def _without_surrogates(text: str) -> str:
    """The text with lone surrogates, which the tokenizer cannot take, as U+FFFD; offsets stay."""
    return _SURROGATE.sub("\ufffd", text)


def _cut(ids: list[int], offsets: list[tuple[int, int]], limit: int) -> tuple[list[int], NDArray[np.int64]]:
    """Keep the first tokens and the end mark; offsets come back as int64[tokens, 2]."""
    if len(ids) > limit:
        ids, offsets = [*ids[: limit - 1], ids[-1]], [*offsets[: limit - 1], offsets[-1]]
    return ids, np.array(offsets, np.int64)
