"""Cosines of a query to every stored vector, exact: int8 products are integers that float32 holds without rounding."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from tadarag.models.quantization import dot, quantize
from tadarag.retrieval.ranking import Scores
from tadarag.store.protocol import Snapshot, VectorField

MANY_ROWS = 50_000
"""Vectors in a block from which a second thread earns what it costs to start."""
_THREADS = min(4, os.cpu_count() or 1)


def cosines(snapshot: Snapshot, field: VectorField, query: NDArray[np.float32]) -> Scores:
    """float64[N] cosines of the query vector float32[d] to all vectors of a field, dead ones included.

    The query is rounded to int8 like the stored vectors, so that every sum of products is an exact integer: scores do not depend on
    order, threads, BLAS or CPU.
    """
    vectors, scales = quantize(query[None, :])
    result = np.zeros(len(snapshot.rows.keys) if field == "passage" else len(snapshot.rows.owners))
    for block in snapshot.vector_blocks(field):
        threads = _THREADS if len(block.vectors) >= MANY_ROWS else 1  # exact whatever their number
        products = dot(vectors[0], block.vectors, threads=threads).astype(np.float64)
        result[block.first : block.first + len(products)] = products * (block.scales.astype(np.float64) * float(scales[0]))
    return result


def vectors_of(snapshot: Snapshot, field: VectorField, ids: NDArray[np.int64]) -> tuple[NDArray[np.float32], Scores]:
    """The stored vectors of some ids: their int8 components widened to float32[n, d], and their scales float64[n].

    Products of such components are exact integers (`tadarag.models.quantization`); times both scales they are cosines.
    """
    order = np.argsort(ids, kind="stable")
    vectors, scales = [], []
    for block in snapshot.vector_blocks(field):
        first, last = np.searchsorted(ids[order], (block.first, block.first + len(block.vectors)))
        places = ids[order[first:last]] - block.first
        vectors.append(block.vectors[places].astype(np.float32))
        scales.append(block.scales[places].astype(np.float64))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return np.concatenate(vectors)[back], np.concatenate(scales)[back]
