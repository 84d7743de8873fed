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
