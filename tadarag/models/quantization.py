"""Vectors as int8 with one scale each, and products of them that are exact integers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_LARGEST = 127
_EXACT_LIMIT = 2**24  # float32 holds every integer up to here
MAX_EXACT_DIMENSION = _EXACT_LIMIT // (_LARGEST * _LARGEST)  # 1,040
_BLOCK_BYTES = 1024 * 1024  # of widened rows: a second-level cache. From 2 MB on OpenBLAS adds its own threads: 10 to 60 times slower here


def quantize(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round float32[n, d] to int8[n, d] and float32[n] scales, so that vectors ~ int8 * scale, with scale = max |x| / 127 a row.

    Halves round to even; a row of zeros gets scale 0. The error of a component is at most half a scale. Raises ValueError for
    vectors that are not finite.
    """
    if vectors.ndim != 2:
        raise ValueError(f"expected vectors of shape [n, d], not {list(vectors.shape)}")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector that is not finite cannot be rounded to int8")
    largest = np.abs(vectors).max(axis=1, initial=0)
    scales = (largest / np.float32(_LARGEST)).astype(np.float32)
    # divided by the largest, not by the scale: a subnormal scale would round away from 127
    ratios = np.divide(vectors, largest[:, None], out=np.zeros_like(vectors, np.float32), where=largest[:, None] > 0)
    return np.rint(ratios * _LARGEST).astype(np.int8), scales


def dot(query: NDArray[np.int8], rows: NDArray[np.int8], *, threads: int = 1) -> NDArray[np.float32]:
    """Integer dot products of int8[d] with int8[n, d]: float32[n], every one exact. Multiply by the scales for cosines.

    Why exact, whatever the order of addition, the BLAS, the CPU and `threads`: a product of two components is an integer of at most
    127 * 127 = 16,129, so a sum over 384 of them stays under 6.2 million, and so does every partial sum. float32 holds each integer
    up to 2**24 = 16.8 million, so no addition ever rounds. This holds up to 1,040 dimensions; longer vectors are summed in parts of
    1,040 that are added in float64 (exact again) and rounded once.
    Widening goes block by block through a buffer that stays in the cache. threads: 2 is useful from about 100,000 rows on.
    Raises ValueError when the shapes do not fit or a component is -128, which `quantize` never gives.
    """
    if query.ndim != 1 or rows.ndim != 2 or rows.shape[1] != query.shape[0]:
        raise ValueError(f"a query of shape {list(query.shape)} does not fit rows of shape {list(rows.shape)}")
    if query.size and query.min() < -_LARGEST:
        raise ValueError("a component of the query is -128; vectors are quantized to [-127, 127]")
    if query.size > MAX_EXACT_DIMENSION:
        total = np.zeros(len(rows), np.float64)
        for start in range(0, query.size, MAX_EXACT_DIMENSION):
            part = slice(start, start + MAX_EXACT_DIMENSION)
            total += dot(query[part], rows[:, part], threads=threads)
        return total.astype(np.float32)
    products = np.empty(len(rows), np.float32)
    wide_query = query.astype(np.float32)
    if threads == 1:
        _dot_into(wide_query, rows, products)
        return products
    bounds = np.linspace(0, len(rows), threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        pieces = [pool.submit(_dot_into, wide_query, rows[start:end], products[start:end]) for start, end in pairwise(bounds)]
        for piece in pieces:
            piece.result()
    return products


def _dot_into(query: NDArray[np.float32], rows: NDArray[np.int8], products: NDArray[np.float32]) -> None:
    height = max(1, _BLOCK_BYTES // (4 * max(1, query.size)))
    buffer = np.empty((height, query.size), np.float32)
    for start in range(0, len(rows), height):
        block = rows[start : start + height]
        wide = buffer[: len(block)]
        np.copyto(wide, block)
        np.dot(wide, query, out=products[start : start + len(block)])
